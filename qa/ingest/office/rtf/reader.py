"""Read Rich Text Format: paragraphs, headings, lists, tables and notes, without what is hidden or deleted."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from qa.ingest.blocks import Part
from qa.ingest.office.lines import Line, note_mark
from qa.ingest.office.rtf.described import Described
from qa.ingest.office.rtf.state import (
    CHARACTER_WORDS,
    CHARACTERS,
    COMMENTS,
    HEADS,
    LABELS,
    MAX_DEPTH,
    MAX_LEVEL,
    PARAGRAPH_ENDS,
    SKIPPED,
    STARRED,
    State,
    Stream,
)
from qa.ingest.office.rtf.tokens import Token, code_page, tokens
from qa.types import BlockKind

FORMULA_PROPERTIES = re.compile(r"m[a-zA-Z]+Pr")
BULLETS = ("• ", "· ", "▪ ", "◦ ", "‣ ")


@dataclass(slots=True)
class Reader:
    """Reads the tokens of a file one by one."""

    encoding: str = "cp1252"
    default_font: int = 0
    described: Described = field(default_factory=Described)
    left_out: Counter[str] = field(default_factory=Counter)
    styled_title: str = ""
    heads: list[Part] = field(default_factory=list)
    """The texts of page headers and footers."""
    state: State = field(default_factory=State)
    stack: list[State] = field(default_factory=list)
    streams: list[Stream] = field(default_factory=lambda: [Stream(0)])
    pending: bytearray = field(default_factory=bytearray)
    """Bytes that are not decoded yet: a character may take two."""
    to_skip: int = 0
    high: int = 0
    """The first half of a character beyond U+FFFF."""
    notes: int = 0

    def read(self, data: bytes) -> list[Part]:
        """Return the units of a document, in order."""
        for token in tokens(data):
            if token.byte is not None or token.text:
                self._bytes(token)
            else:
                self._flush()
                self._token(token)
        self._flush()
        while len(self.streams) > 1:
            self._close_stream()
        self._end_paragraph()
        stream = self.streams[0]
        stream.parts += stream.tables.finish()
        return stream.parts + self.heads

    def _token(self, token: Token) -> None:
        if token.brace == "{":
            self.to_skip = 0
            self.stack.append(self.state)
            if len(self.stack) < MAX_DEPTH:
                self.state = replace(self.state, starred=False)
        elif token.brace == "}":
            self._end_group()
        elif self.to_skip and token.word in CHARACTERS:
            self.to_skip -= 1
        else:
            self._word(token.word, token.number)

    def _end_group(self) -> None:
        self.to_skip = 0
        if len(self.streams) > 1 and len(self.stack) <= self.streams[-1].depth:
            self._close_stream()
        if self.described.table and len(self.stack) <= self.described.depth:
            self.described.table = ""
        if self.stack:
            self.state = self.stack.pop()

    def _bytes(self, token: Token) -> None:
        data = token.text.encode("latin-1") if token.text else bytes([token.byte or 0])
        skipped = min(self.to_skip, len(data))
        self.to_skip -= skipped
        self.pending += data[skipped:]

    def _flush(self) -> None:
        if self.pending:
            encoding = self.described.encodings.get(self.state.font, self.encoding)
            data = bytes(self.pending)
            self.pending.clear()
            if self.state.font in self.described.symbol_fonts and not self.described.table:
                self._put("".join(chr(0xF000 + byte) if byte > 0x20 else " " for byte in data))
            else:
                self._put(data.decode(encoding, "replace"))

    def _put(self, text: str) -> None:
        if self.described.table:
            if self.described.table == "title" or not self.state.skipped:
                self.described.put(text)
            return
        state, stream = self.state, self.streams[-1]
        if state.skipped:
            return
        if state.hidden or state.deleted:
            what = "deleted text (tracked changes)" if state.deleted else "hidden text"
            self.left_out[what] += bool(text.strip())
        elif state.where in LABELS:
            stream.label += text
        else:
            line = stream.line
            line.script, line.bold, line.font = state.script, state.bold, self.described.font_names.get(state.font, "")
            line.put(text)
            line.script = 0

    def _word(self, word: str, number: int | None) -> None:
        if word == "*":
            self.state = replace(self.state, starred=True)
        elif word == "ud":  # the same words as before, in Unicode
            self.state = replace(self.state, skipped=False)
        elif self.state.starred and word not in STARRED and word not in COMMENTS:
            self.state = replace(self.state, skipped=True, starred=False)
        elif word in SKIPPED or word in COMMENTS or FORMULA_PROPERTIES.fullmatch(word):
            self._skip(word)
        elif self.described.table:
            self._table_word(word, number)
        elif not self.state.skipped:
            WORDS.get(word, Reader._other)(self, word, number)
        if word != "*" and self.state.starred:
            self.state = replace(self.state, starred=False)

    def _skip(self, word: str) -> None:
        self.left_out["comments"] += word == "annotation" and not self.state.skipped
        self.state = replace(self.state, skipped=True)

    def _table_word(self, word: str, number: int | None) -> None:
        if self.described.table == "title" and word == "u":
            self._unicode(word, number)
        elif self.described.table != "title" and number is not None:
            self.described.word(word, number)

    def _other(self, word: str, number: int | None) -> None:
        if word in CHARACTERS:
            self._put(CHARACTERS[word])

    def _open_table(self, word: str, number: int | None) -> None:
        self.described.begin(word, len(self.stack))

    def _object(self, word: str, number: int | None) -> None:
        """Count an embedded file; what shows it is read."""
        self.left_out["embedded files"] += 1

    def _encoding(self, word: str, number: int | None) -> None:
        self.encoding = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}.get(word) or code_page(number or 1252)

    def _character(self, word: str, number: int | None) -> None:
        """Take how characters are shown."""
        self.state = CHARACTER_WORDS[word](self.state, number)
        if word == "plain":
            self.state = replace(self.state, font=self.default_font)

    def _default_font(self, word: str, number: int | None) -> None:
        self.default_font = number or 0
        self.state = replace(self.state, font=self.default_font)

    def _fraction(self, word: str, number: int | None) -> None:
        self._put("/")

    def _unicode(self, word: str, number: int | None) -> None:
        code = (number or 0) % 0x10000 if abs(number or 0) <= 0x10000 else -1
        if code < 0:  # there is no such character: what stands in for it is read
            return
        self.to_skip = self.state.unicode_skip
        if 0xD800 <= code < 0xDC00:
            self.high = code
            return
        if 0xDC00 <= code < 0xE000 and self.high:
            code = 0x10000 + ((self.high - 0xD800) << 10) + code - 0xDC00
        elif 0xD800 <= code < 0xE000:
            code = 0xFFFD
        self.high = 0
        self._put(chr(code))

    def _line_end(self, word: str, number: int | None) -> None:
        if not (self.state.hidden or self.state.deleted):
            self.streams[-1].line.end_line()

    def _paragraph(self, word: str, number: int | None) -> None:
        """Take a property of the paragraph."""
        if self.state.where in LABELS:
            return
        stream = self.streams[-1]
        if word == "pard":
            stream.level, stream.style, stream.in_list = 0, 0, False
            stream.tables.depth = 0
        elif word == "s":
            stream.style = number or 0
        elif word == "outlinelevel":
            stream.level = (number or 0) + 1 if 0 <= (number or 0) < 9 else 0
        elif word == "ls":
            stream.in_list = bool(number)
        elif word in ("intbl", "itap"):
            stream.tables.depth = 1 if number is None else number

    def _paragraph_end(self, word: str, number: int | None) -> None:
        # The end of a deleted paragraph joins it with the next one.
        if not self.state.deleted:
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        stream = self.streams[-1]
        parts = [self._part(stream), *stream.line.after]
        is_bold = stream.line.all_bold
        stream.line, stream.label = Line(), ""
        stream.parts += stream.tables.add(parts, is_bold)

    def _part(self, stream: Stream) -> Part:
        text = stream.line.text()
        label = " ".join(stream.label.split())
        mark = label + " " if any(c.isalnum() for c in label) else ""
        level = stream.level or self.described.levels.get(stream.style, 0)
        if text and self.described.is_title(stream.style):
            self.styled_title = self.styled_title or text
            level = 1
        if level:
            return Part(BlockKind.HEADING, mark + " ".join(text.split()) if text else "", min(level, MAX_LEVEL))
        kind = BlockKind.ITEM if label or stream.in_list or text.startswith(BULLETS) else BlockKind.TEXT
        return Part(kind, mark + text if text else "")

    def _row(self, word: str, number: int | None) -> None:
        stream = self.streams[-1]
        if word in ("cell", "nestcell"):
            stream.tables.depth = max(stream.tables.depth, 2 if word == "nestcell" else 1)
            self._end_paragraph()
        stream.parts += stream.tables.word(word)

    def _open_stream(self, word: str, number: int | None) -> None:
        self.state = replace(self.state, where=word, script=0, hidden=self.state.hidden, bold=False, starred=False)
        self.streams.append(Stream(len(self.stack)))

    def _label(self, word: str, number: int | None) -> None:
        self.state = replace(self.state, where=word, script=0)

    def _close_stream(self) -> None:
        self._end_paragraph()
        stream = self.streams.pop()
        parts = [part for part in (*stream.parts, *stream.tables.finish()) if part.text]
        where = self.state.where
        if where in HEADS:
            seen = {part.text for part in self.heads}
            self.heads += [Part(BlockKind.FURNITURE, part.text) for part in parts if part.text not in seen]
        elif where == "footnote":
            self.streams[-1].line.after += [replace(part, kind=BlockKind.TEXT) for part in parts]
        else:
            self.streams[-1].line.after += parts

    def _note_number(self, word: str, number: int | None) -> None:
        """Write the number of a note: in the text, where it is counted, or at the start of the note itself."""
        if not (self.state.hidden or self.state.deleted):
            is_inside = self.state.where == "footnote"
            self.notes += not is_inside
            self.streams[-1].line.pieces.append(note_mark(str(self.notes)) + " " * is_inside)


Handler = Callable[[Reader, str, int | None], None]

WORDS: dict[str, Handler] = {
    **dict.fromkeys(("fonttbl", "stylesheet", "title"), Reader._open_table),
    **dict.fromkeys(("ansicpg", "mac", "pc", "pca"), Reader._encoding),
    **dict.fromkeys(CHARACTER_WORDS, Reader._character),
    **dict.fromkeys(("pard", "s", "outlinelevel", "ls", "intbl", "itap"), Reader._paragraph),
    **dict.fromkeys(PARAGRAPH_ENDS, Reader._paragraph_end),
    **dict.fromkeys(("trowd", "cell", "nestcell", "row", "nestrow", "trhdr", "clvmrg", "clmrg", "cellx"), Reader._row),
    **dict.fromkeys((*HEADS, "footnote", "shptxt", "dptxbxtext"), Reader._open_stream),
    **dict.fromkeys(LABELS, Reader._label),
    "chftn": Reader._note_number,
    "deff": Reader._default_font,
    "mden": Reader._fraction,
    "line": Reader._line_end,
    "lbr": Reader._line_end,
    "object": Reader._object,
    "softline": Reader._line_end,
    "u": Reader._unicode,
}
"""What reads a control word; all others say nothing about the text."""
