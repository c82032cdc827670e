"""Read a page's text as runs: words in one line with no wide gap between them, each with its box."""

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from qa.ingest.pdf.boxes import Box, Boxes
from qa.text.scripts import lowered, raised

LINE = re.compile(r"[^\r\n\ufffe]+\ufffe?|\ufffe")
"""A line of PDFium's text. U+FFFE is a hyphen at a line end, which it puts in the place of the line break."""

WORD = re.compile(r"\S+")
DIGIT = re.compile(r"\d")
INNER_DIGIT = re.compile(r"[^\W\d_]\d")

ACCENT = re.compile("[`´¨ˆ˜¯˘˙˚˝ˇ¸]")
COMBINING = {"´": "\u0301", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "¯": "\u0304", "˘": "\u0306", "˙": "\u0307",
             "˚": "\u030a", "˝": "\u030b", "ˇ": "\u030c", "`": "\u0300", "¸": "\u0327"}  # fmt: skip
"""Accents that TeX draws as characters of their own, over a letter."""

WIDE_GAP = 0.75
"""Widest gap within a run, as a share of the font size; cells of a table are further apart."""

LETTER = 0.5
NARROW_LETTER = 0.25
"""Usual widths of letters, as shares of the font size; the gap after a word that may be wide is measured."""

NARROW = str.maketrans("", "", "iljtfrI.,:;'|!()[]-")

SMALL = 0.85
"""A raised or lowered character is smaller than this share of the characters around it."""

SHIFT = 0.08
"""A raised or lowered character is off the line by more than this share of the font size."""

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
    reader = Boxes(textpage)
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


def _line_runs(text: str, spans: list[tuple[int, int]], reader: Boxes, order: int) -> Iterator[Run]:
    """Yield the runs of one of PDFium's lines."""
    reader.begin_line(spans[0][0])
    boxes = reader.boxes([start for start, _ in spans])
    heights = [box[3] - box[2] for box in boxes]
    size = sorted(heights)[len(heights) // 2]
    font_size = reader.font_size(spans[heights.index(size)][0]) or size
    look = (font_size, reader.are_bold(spans[0][0], spans[-1][0]), reader.turn)
    if _is_even(text, spans, boxes, reader, size):
        shown = " ".join(text[spans[0][0] : spans[-1][1]].split()).translate(SYMBOLS)
        left, _, top, bottom = boxes[0]
        yield Run(shown, left, reader.box(spans[-1][1] - 1)[1], top, bottom, font_size, order, *look[1:])
        return
    words: list[_Word] = []
    for start, end in _in_lines(text, spans, reader, size):
        word = _word(text, start, end, reader.box(start), reader, size)
        if words and _is_apart(words[-1], word, size):
            yield _run(words, size, order, look)
            order, words = order + 1, []
        words.append(word)
    yield _run(words, size, order, look)


def _in_lines(text: str, spans: list[tuple[int, int]], reader: Boxes, size: float) -> Iterator[tuple[int, int]]:
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


def _is_even(text: str, spans: list[tuple[int, int]], boxes: list[Box], reader: Boxes, size: float) -> bool:
    """Say whether a line is one run without raised or lowered digits and without accents of their own."""
    if ACCENT.search(text, spans[0][0], spans[-1][1]):
        return False
    for number, (start, end) in enumerate(spans):
        word = text[start:end]
        box = boxes[number]
        has_digit = not word.isalpha() and DIGIT.search(word) is not None
        room = boxes[number + 1][0] - box[0] if number + 1 < len(spans) else 0.0
        if not has_digit and -size < room < (end - start) * NARROW_LETTER * size:
            continue
        wide = len(word.translate(NARROW))
        may_gap = room > (wide * LETTER + (end - start - wide) * NARROW_LETTER + WIDE_GAP) * size or room < -size
        if (may_gap or has_digit) and _is_odd(reader, (start, end), box, room, size, word):
            return False
    return True


def _is_odd(reader: Boxes, span: tuple[int, int], box: Box, room: float, size: float, word: str) -> bool:
    """Say whether a wide gap follows a word, or whether it may have raised or lowered digits."""
    last = reader.box(span[1] - 1)
    if box[3] - box[2] < SMALL * size:
        return True
    if room and not -size < box[0] + room - last[1] < WIDE_GAP * size:
        return True
    inner = reader.boxes(range(*span)) if INNER_DIGIT.search(word) else (last,)
    return any(abs(one[3] - box[3]) > SHIFT * size for one in inner)


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
