"""Put a paragraph together from its runs: white space, raised and lowered characters, marks of notes, symbols."""

import re
from dataclasses import dataclass, field

from qa.ingest.blocks import Part
from qa.ingest.office.symbols import symbol
from qa.text.scripts import lowered, raised

SOFT_HYPHEN = "\u00ad"
SIGNS = re.compile(r"[0-9+\-−=()]+")
PRIVATE = re.compile("[\uf020-\uf0ff]")
"""Characters of a symbol font, which have no meaning without it."""


@dataclass(slots=True)
class Line:
    """The text of a paragraph while it is read."""

    pieces: list[str] = field(default_factory=list)
    after: list[Part] = field(default_factory=list)
    """What is anchored in the paragraph and follows it: notes, text boxes."""
    script: int = 0
    """1 while characters are raised, -1 while they are lowered."""
    font: str = ""
    bold: bool = False
    all_bold: bool = True
    """Whether no character so far is anything but bold."""

    def put(self, text: str) -> None:
        """Add text of the document, in which line ends are blanks."""
        text = text.replace(SOFT_HYPHEN, "").replace("\n", " ").replace("\r", " ")
        if self.script:
            text = raise_signs(text) if self.script > 0 else lower_signs(text)
        self.pieces.append(PRIVATE.sub(lambda found: symbol(ord(found[0]), self.font), text))
        self.all_bold = self.all_bold and (self.bold or not text.strip())

    def end_line(self) -> None:
        """Add a line end."""
        self.pieces.append("\n")

    def text(self) -> str:
        """Return the paragraph, with its line ends, and one blank for all other white space."""
        return squash("".join(self.pieces))


def squash(text: str) -> str:
    """Make all white space of each line one blank; drop blank lines."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def raise_signs(text: str) -> str:
    """Return a superscript: all of it raised if that can be, else its digits and signs."""
    whole = raised(text)
    return whole if whole != text else SIGNS.sub(lambda found: raised(found[0]), text)


def lower_signs(text: str) -> str:
    """Return a subscript: all of it lowered if that can be, else its digits and signs."""
    whole = lowered(text)
    return whole if whole != text else SIGNS.sub(lambda found: lowered(found[0]), text)


def note_mark(mark: str) -> str:
    """Return the mark of a note so that it is never read as part of the word before it: raised, or in brackets."""
    mark = mark.strip()
    return f"[{mark}]" if any(c.isalnum() for c in mark) and raised(mark) == mark else raised(mark)
