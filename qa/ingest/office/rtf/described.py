"""What the tables at the beginning of a file in Rich Text Format say about its fonts and styles."""

from dataclasses import dataclass, field

from qa.ingest.office.rtf.tokens import CHARSETS, SYMBOL_CHARSET, code_page


@dataclass(slots=True)
class Described:
    """The fonts and styles of a file, and its title, while and after they are read."""

    title: str = ""
    """The title in the file's properties."""
    encodings: dict[int, str] = field(default_factory=dict)
    """The encodings of fonts that have one of their own."""
    font_names: dict[int, str] = field(default_factory=dict)
    symbol_fonts: set[int] = field(default_factory=set)
    style_names: dict[int, str] = field(default_factory=dict)
    levels: dict[int, int] = field(default_factory=dict)
    """The levels of the styles of headings, from 1."""
    table: str = ""
    """The group that is read: fonttbl, stylesheet or title; empty outside of these."""
    depth: int = 0
    """How many groups are open around it."""
    entry: int = 0
    """The font or the style that is described."""

    def begin(self, table: str, depth: int) -> None:
        """Take what follows as a table of this kind."""
        self.table, self.depth, self.entry = table, depth, 0

    def put(self, text: str) -> None:
        """Take the name of a font or of a style, or the document's title."""
        if self.table == "title":
            self.title += text
        elif self.table == "fonttbl":
            self.font_names[self.entry] = self.font_names.get(self.entry, "") + text
        else:
            name = (self.style_names.get(self.entry, "") + text).rstrip(";")
            self.style_names[self.entry] = name
            kind, _, level = name.strip().lower().rpartition(" ")
            if kind == "heading" and level in tuple("123456789"):
                self.levels.setdefault(self.entry, int(level))

    def word(self, word: str, number: int) -> None:
        """Take what a control word says about a font or a style."""
        if word == ("f" if self.table == "fonttbl" else "s"):
            self.entry = number
        elif word in ("cs", "ds", "ts"):  # a style of something else than paragraphs
            self.entry = -1 - number
        elif word == "fcharset" and number == SYMBOL_CHARSET:
            self.symbol_fonts.add(self.entry)
        elif word == "fcharset" and number in CHARSETS and number:
            self.encodings[self.entry] = CHARSETS[number]
        elif word == "cpg":
            self.encodings[self.entry] = code_page(number)
        elif word == "outlinelevel" and 0 <= number < 9:
            self.levels[self.entry] = number + 1

    def is_title(self, style: int) -> bool:
        """Return whether a style is the one of a document's title."""
        return self.style_names.get(style, "").strip().lower() == "title"
