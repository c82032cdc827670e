"""Read a page's text as runs: words in one line with no wide gap between them, each with its box."""

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from qa.text.scripts import lowered, raised

LINE = re.compile(r"[^\r\n\ufffe]+\ufffe?|\ufffe")
"""A line of PDFium's text. U+FFFE is a hyphen at a line end, which it puts in the place of the line break."""

WORD = re.compile(r"\S+")
DIGIT = re.compile(r"\d")

WIDE_GAP = 0.75
"""Widest gap within a run, as a share of the font size; cells of a table are further apart."""

NARROW_LETTER = 0.4
"""Width of a word's letters, as a share of the font size, up to which the gap after it is measured."""

SMALL = 0.85
"""A raised or lowered character is smaller than this share of the characters around it."""

SHIFT = 0.08
"""A raised or lowered character is off the line by more than this share of the font size."""

BOLD = re.compile(rb"bold|black|heavy|semib|medi\b|bx\d", re.I)
"""The name of a bold font, as foundries and TeX write it."""

MAX_FONT_NAME_BYTES = 96

SYMBOLS = str.maketrans({"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "▪", "\uf0fc": "✓", "\0": ""})
"""Bullets as the symbol fonts of word processors number them."""


@dataclass(slots=True)
class Run:
    """Words with their box, in points from the page's top left corner, turned so that the text runs to the right."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    """Font size in points."""
    order: int
    """Place in the order in which the page was drawn."""
    bold: bool = False
    turn: int = 0
    """Quarter turns, counter-clockwise, by which the text is turned on the page."""


@dataclass(slots=True)
class _Word:
    text: str
    left: float
    right: float
    top: float
    bottom: float


def read_runs(textpage: Any) -> list[Run]:  # noqa: ANN401 (a raw handle)
    """Return the runs of a page of text in the order in which they were drawn."""
    text = _text(textpage)
    reader = _Boxes(textpage)
    runs: list[Run] = []
    for line in LINE.finditer(text):
        words = [match.span() for match in WORD.finditer(text, line.start(), line.end())]
        if words:
            runs.extend(_line_runs(text, words, reader, len(runs)))
    return runs


def _text(textpage: Any) -> str:  # noqa: ANN401
    """Return the page's text with one character for each of PDFium's, so that they have the same numbers."""
    count = pdfium.FPDFText_CountChars(textpage)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    got = pdfium.FPDFText_GetText(textpage, 0, count, buffer)
    if got == count + 1:
        text = bytes(buffer)[:-2].decode("utf-16-le", "surrogatepass")
        if len(text) == count:
            return text
    codes = (pdfium.FPDFText_GetUnicode(textpage, number) for number in range(count))
    return "".join(chr(code) if code < 0x110000 else "\ufffd" for code in codes)


class _Boxes:
    """The boxes of characters, turned so that their line runs to the right and down is positive."""

    def __init__(self, textpage: Any) -> None:  # noqa: ANN401
        self._textpage = textpage
        self._rect = pdfium.FS_RECTF()
        self._read = partial(pdfium.FPDFText_GetLooseCharBox, textpage)
        self._reference = ctypes.byref(self._rect)
        self._name = ctypes.create_string_buffer(MAX_FONT_NAME_BYTES)
        self.turn = 0

    def begin_line(self, number: int) -> None:
        """Take the direction of the line from its first character."""
        angle = pdfium.FPDFText_GetCharAngle(self._textpage, number)
        self.turn = round(angle / (math.pi / 2)) % 4 if angle > 0 else 0

    def box(self, number: int) -> tuple[float, float, float, float]:
        """Return left, right, top and bottom of a character."""
        rect = self._rect
        self._read(number, self._reference)
        if self.turn == 0:
            return rect.left, rect.right, -rect.top, -rect.bottom
        if self.turn == 1:
            return rect.bottom, rect.top, rect.left, rect.right
        if self.turn == 2:
            return -rect.right, -rect.left, rect.bottom, rect.top
        return -rect.top, -rect.bottom, -rect.right, -rect.left

    def baseline(self, number: int) -> float:
        """Return how far down the line is that a character stands on."""
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(self._textpage, number, x, y)
        return (-y.value, x.value, y.value, -x.value)[self.turn]

    def font_size(self, number: int) -> float:
        """Return the font size of a character in points, or 0 if it is unknown."""
        matrix = pdfium.FS_MATRIX()
        if not pdfium.FPDFText_GetMatrix(self._textpage, number, matrix):
            return 0.0
        size: float = pdfium.FPDFText_GetFontSize(self._textpage, number)
        return size * math.hypot(matrix.c, matrix.d)

    def is_bold(self, number: int) -> bool:
        """Say whether the name of a character's font calls it bold."""
        flags = ctypes.c_int()
        size = pdfium.FPDFText_GetFontInfo(self._textpage, number, self._name, MAX_FONT_NAME_BYTES, flags)
        return 0 < size <= MAX_FONT_NAME_BYTES and bool(BOLD.search(self._name.value))


def _line_runs(text: str, spans: list[tuple[int, int]], reader: _Boxes, order: int) -> Iterator[Run]:
    """Yield the runs of one of PDFium's lines."""
    reader.begin_line(spans[0][0])
    bold = reader.is_bold(spans[0][0]) and reader.is_bold(spans[-1][0])
    boxes = [reader.box(start) for start, _ in spans]
    heights = sorted(box[3] - box[2] for box in boxes)
    size = heights[len(heights) // 2]
    look = (reader.font_size(spans[_number_of_height(boxes, size)][0]) or size, bold, reader.turn)
    words: list[_Word] = []
    for number, ((start, end), box) in enumerate(zip(spans, boxes, strict=True)):
        following = boxes[number + 1][0] if number + 1 < len(boxes) else math.inf
        word = _word(text, start, end, box, following, reader, size)
        if words and (word.left - words[-1].right > WIDE_GAP * size or word.left < words[-1].left - size):
            yield _run(words, size, order, look)
            order, words = order + 1, []
        words.append(word)
    yield _run(words, size, order, look)


def _word(
    text: str,
    start: int,
    end: int,
    box: tuple[float, float, float, float],
    following: float,
    reader: _Boxes,
    size: float,
) -> _Word:
    """Return a word; its right edge is measured only where the gap after it may be wide."""
    left, right, top, bottom = box
    shown = text[start:end]
    has_digit = DIGIT.search(shown) is not None
    if has_digit or bottom - top < SMALL * size or following - left > ((end - start) * NARROW_LETTER + WIDE_GAP) * size:
        last = reader.box(end - 1)
        right = last[1]
        if has_digit and not (shown.isdigit() and abs(last[3] - bottom) < SHIFT * size and bottom - top > SMALL * size):
            shown, top, bottom = _with_scripts(text, start, end, reader, size, (top, bottom))
    else:
        right = following - size * 0.25
    return _Word(shown, left, right, top, bottom)


def _with_scripts(
    text: str, start: int, end: int, reader: _Boxes, size: float, edges: tuple[float, float]
) -> tuple[str, float, float]:
    """Return a word with its raised and lowered digits as Unicode's own, and the top and bottom of the others."""
    boxes = [reader.box(number) for number in range(start, end)]
    full = [number for number, box in enumerate(boxes) if box[3] - box[2] >= SMALL * size]
    if len(full) in (0, len(boxes)):
        return text[start:end], *edges
    line = reader.baseline(start + full[0])
    pieces = []
    for number, box in enumerate(boxes):
        c = text[start + number]
        if box[3] - box[2] < SMALL * size:
            shift = reader.baseline(start + number) - line
            c = raised(c) if shift < -SHIFT * size else lowered(c) if shift > SHIFT * size else c
        pieces.append(c)
    return "".join(pieces), boxes[full[0]][2], boxes[full[0]][3]


def _number_of_height(boxes: list[tuple[float, float, float, float]], height: float) -> int:
    """Return the number of the first word with this height."""
    return next(number for number, box in enumerate(boxes) if box[3] - box[2] == height)


def _run(words: list[_Word], size: float, order: int, look: tuple[float, bool, int]) -> Run:
    main = [word for word in words if word.bottom - word.top >= SMALL * size] or words
    top, bottom = main[0].top, main[0].bottom
    pieces = [words[0].text]
    for before, word in pairwise(words):
        shown = word.text
        if word.bottom - word.top < SMALL * size and word.bottom < bottom - SHIFT * size:
            shown = raised(shown)
        glued = shown != word.text and word.left - before.right < 0.1 * size
        pieces.append(shown if glued else f" {shown}")
    text = "".join(pieces).translate(SYMBOLS)
    font_size, bold, turn = look
    return Run(text, words[0].left, words[-1].right, top, bottom, font_size, order, bold, turn)
