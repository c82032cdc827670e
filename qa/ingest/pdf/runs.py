"""Read a page's text as runs: words in one line with no wide gap between them, each with its box."""

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2.raw as pdfium

from qa.ingest.pdf.boxes import Box, Boxes
from qa.ingest.pdf.words import ACCENT, SHIFT, SMALL, WIDE_GAP, PageWords, Span
from qa.text.scripts import lowered, raised

DIGIT = re.compile(r"\d")
COMBINING = {"´": "\u0301", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "¯": "\u0304", "˘": "\u0306", "˙": "\u0307",
             "˚": "\u030a", "˝": "\u030b", "ˇ": "\u030c", "`": "\u0300", "¸": "\u0327"}  # fmt: skip
"""Accents that TeX draws as characters of their own, over a letter."""

MIN_OVERLAP = 0.5
"""An accent is over a letter if their boxes share more than this, in points."""

NEXT_LINE = 0.7
"""A character whose box ends this share of the font size lower or higher is in another line."""

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


Look = tuple[float, bool, int]
"""Font size, whether the text is bold, and its quarter turns."""


@dataclass(slots=True)
class _Word:
    text: str
    left: float
    right: float
    top: float
    bottom: float


def read_runs(textpage: object) -> list[Run]:
    """Return the runs of a page of text in the order in which they were drawn."""
    text = _text(textpage)
    reader = Boxes(textpage)
    runs: list[Run] = []
    if text.strip():
        for words, boxes, size, font_size, is_odd in PageWords(text, reader):
            look = (font_size, reader.are_bold(words[0][0], words[-1][0]), reader.turn)
            if is_odd:
                runs.extend(_odd_runs(text, words, size, look, reader, len(runs)))
            else:
                runs.append(_even_run(text, words, boxes[0], look, reader, len(runs)))
    return runs


def _text(textpage: object) -> str:
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


def _even_run(text: str, spans: list[Span], first: Box, look: Look, reader: Boxes, order: int) -> Run:
    """Return the only run of a line."""
    shown = " ".join(text[spans[0][0] : spans[-1][1]].split()).translate(SYMBOLS)
    left, _, top, bottom = first
    return Run(shown, left, reader.box(spans[-1][1] - 1)[1], top, bottom, look[0], order, *look[1:])


def _odd_runs(text: str, spans: list[Span], size: float, look: Look, reader: Boxes, order: int) -> Iterator[Run]:
    """Yield the runs of a line that may have wide gaps, raised digits or accents of their own."""
    words: list[_Word] = []
    for start, end in _in_lines(text, spans, reader, size):
        word = _word(text, start, end, reader.box(start), reader, size)
        if words and _is_apart(words[-1], word, size):
            yield _run(words, size, order, look)
            order, words = order + 1, []
        words.append(word)
    yield _run(words, size, order, look)


def _in_lines(text: str, spans: list[Span], reader: Boxes, size: float) -> Iterator[Span]:
    """Yield the spans, parted where a number goes on in another line: PDFium joins single digits below each other."""
    for start, end in spans:
        begin = start
        if DIGIT.search(text, start, end):
            bottoms = [box[3] for box in reader.boxes(range(start, end))]
            for number in range(1, end - start):
                if abs(bottoms[number] - bottoms[number - 1]) > NEXT_LINE * size:
                    yield begin, start + number
                    begin = start + number
        yield begin, end


def _is_apart(before: _Word, word: _Word, size: float) -> bool:
    """Say whether a word begins another run: after a wide gap, further left or in another line."""
    gap = word.left - before.right
    moved = abs(word.bottom - before.bottom) > NEXT_LINE * size
    return gap > WIDE_GAP * size or word.left < before.left - size or (moved and word.left < before.right)


def _word(text: str, start: int, end: int, box: Box, reader: Boxes, size: float) -> _Word:
    left, _, top, bottom = box
    shown = text[start:end]
    if DIGIT.search(shown) or ACCENT.search(shown):
        shown, top, bottom = _with_scripts(text, start, end, reader, size)
    return _Word(shown, left, reader.box(end - 1)[1], top, bottom)


def _with_scripts(text: str, start: int, end: int, reader: Boxes, size: float) -> tuple[str, float, float]:
    """Return a word with its raised and lowered digits as Unicode's own, and the top and bottom of the others."""
    boxes = reader.boxes(range(start, end))
    full = [number for number, box in enumerate(boxes) if box[3] - box[2] >= SMALL * size]
    main = boxes[full[0] if full else 0]
    if len(full) in (0, len(boxes)):
        return _accented(text[start:end], boxes), main[2], main[3]
    line = reader.baseline(start + full[0])
    pieces = []
    for number, box in enumerate(boxes):
        c = text[start + number]
        if box[3] - box[2] < SMALL * size:
            shift = reader.baseline(start + number) - line
            c = raised(c) if shift < -SHIFT * size else lowered(c) if shift > SHIFT * size else c
        pieces.append(c)
    return _accented("".join(pieces), boxes), main[2], main[3]


def _accented(word: str, boxes: list[Box]) -> str:
    """Put accents that are drawn over the letter before or after them onto that letter."""
    if not ACCENT.search(word):
        return word
    pieces = list(word)
    for number, c in enumerate(word):
        mark = COMBINING.get(c)
        for other in (number + 1, number - 1) if mark else ():
            if 0 <= other < len(word) and _overlap(boxes[number], boxes[other]):
                composed = unicodedata.normalize("NFC", pieces[other] + (mark or ""))
                if len(pieces[other]) == len(composed) == 1:
                    pieces[number], pieces[other] = "", composed
                    break
    return "".join(pieces)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[1] - MIN_OVERLAP and other[0] < one[1] - MIN_OVERLAP


def _run(words: list[_Word], size: float, order: int, look: Look) -> Run:
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
