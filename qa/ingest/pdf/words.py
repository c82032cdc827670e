"""Find the lines of a page whose words need a closer look, with a few operations for the whole page."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from qa.ingest.pdf.boxes import Box, Boxes

LINE = re.compile(r"[^\r\n\ufffe]+\ufffe?|\ufffe")
"""A line of PDFium's text. U+FFFE is a hyphen at a line end, which it puts in the place of the line break."""

WORD = re.compile(r"\S+")
INNER_DIGIT = re.compile(r"[^\W\d_]\d")
ACCENT = re.compile("[`´¨ˆ˜¯˘˙˚˝ˇ¸]")

WIDE_GAP = 0.75
"""Widest gap within a run, as a share of the font size; cells of a table are further apart."""

SMALL = 0.85
"""A raised or lowered character is smaller than this share of the characters around it."""

SHIFT = 0.08
"""A raised or lowered character is off the line by more than this share of the font size."""

LETTER, NARROW_LETTER = 0.5, 0.25
"""Usual widths of letters, as shares of the font size; the gap after a word that may be wide is measured."""

MAX_CODES = 1 << 16
_WIDTHS = np.full(MAX_CODES, LETTER, np.float32)
_WIDTHS[[ord(c) for c in "iljtfrI.,:;'|!()[]-"]] = NARROW_LETTER
_DIGITS = np.zeros(MAX_CODES, np.int32)
_DIGITS[ord("0") : ord("9") + 1] = 1

Span = tuple[int, int]


class PageWords:
    """The words of a page, by the lines that PDFium found."""

    def __init__(self, text: str, reader: Boxes) -> None:
        self.text, self._reader = text, reader
        self.lines: list[list[Span]] = []
        for line in LINE.finditer(text):
            words = [match.span() for match in WORD.finditer(text, line.start(), line.end())]
            if words:
                self.lines.append(words)
        starts = [start for words in self.lines for start, _ in words]
        self._boxes = reader.raw_boxes(starts)
        self._has_accents = ACCENT.search(text) is not None

    def __iter__(self) -> Iterator[tuple[list[Span], list[Box], float, float, bool]]:
        """Yield each line's words, boxes of their first letters, height, font size, and whether the line is odd.

        An odd line may have wide gaps, raised or lowered digits, or accents of their own.
        """
        heights = (self._boxes[:, 1] - self._boxes[:, 3]).tolist()
        sizes, first = [], 0
        for words in self.lines:
            last = first + len(words)
            sizes.append(sorted(heights[first:last])[len(words) // 2])
            first = last
        font_sizes, first = [], 0
        for words, size in zip(self.lines, sizes, strict=True):
            usual = heights.index(size, first) - first
            font_sizes.append(self._reader.font_size(words[usual][0]) or size)
            first += len(words)
        suspects = self._suspects(font_sizes)
        boxes: list[Box] = [(left, right, -top, -bottom) for left, top, right, bottom in self._boxes.tolist()]
        first = 0
        for words, size, font_size in zip(self.lines, sizes, font_sizes, strict=True):
            last = first + len(words)
            self._reader.begin_line(words[0][0])
            if self._reader.turn:
                own = self._reader.boxes([start for start, _ in words])
                yield words, own, sorted(box[3] - box[2] for box in own)[len(own) // 2], font_size, True
            else:
                own = boxes[first:last]
                found = [n - first for n in range(first, last) if suspects[n]]
                yield words, own, size, font_size, self._is_odd(words, own, size, found)
            first = last

    def _suspects(self, sizes: Sequence[float]) -> list[bool]:
        """Return for each word whether it has a digit, or whether a wide gap may follow it."""
        counts = [len(words) for words in self.lines]
        spans = np.array([span for words in self.lines for span in words], np.int64).reshape(-1, 2)
        codes = np.minimum(np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), np.uint32), MAX_CODES - 1)
        widths = np.concatenate([[0], np.cumsum(_WIDTHS[codes])])
        digits = np.concatenate([[0], np.cumsum(_DIGITS[codes])])
        size = np.repeat(np.array(sizes, np.float64), counts)
        left = self._boxes[:, 0]
        room = np.diff(left, append=left[-1:])
        room[np.cumsum(counts) - 1] = 0  # nothing follows the last word of a line
        most = (widths[spans[:, 1]] - widths[spans[:, 0]] + WIDE_GAP) * size
        found = (digits[spans[:, 1]] > digits[spans[:, 0]]) | (room > most) | (room < -size)
        suspects: list[bool] = found.tolist()
        return suspects

    def _is_odd(self, words: list[Span], boxes: list[Box], size: float, suspects: list[int]) -> bool:
        if self._has_accents and ACCENT.search(self.text, words[0][0], words[-1][1]):
            return True
        return any(self._is_odd_word(words, boxes, size, number) for number in suspects)

    def _is_odd_word(self, words: list[Span], boxes: list[Box], size: float, number: int) -> bool:
        """Say whether a wide gap follows a word, or whether it has raised or lowered digits."""
        (start, end), box = words[number], boxes[number]
        if box[3] - box[2] < SMALL * size:
            return True
        last = self._reader.box(end - 1)
        if number + 1 < len(words) and not -size < boxes[number + 1][0] - last[1] < WIDE_GAP * size:
            return True
        inner = self._reader.boxes(range(start, end)) if INNER_DIGIT.search(self.text, start, end) else (last,)
        return any(abs(one[3] - box[3]) > SHIFT * size for one in inner)
