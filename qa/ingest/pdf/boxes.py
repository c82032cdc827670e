"""Read the boxes of the characters of a page."""

import ctypes
import math
import re
from collections.abc import Sequence

import numpy as np
import pypdfium2.raw as pdfium

BOLD = re.compile(rb"bold|black|heavy|semib|medi\b|bx\d", re.I)
"""The name of a bold font, as foundries and TeX write it."""

MAX_FONT_NAME_BYTES = 96

POOL_SIZE = 512
_pool = (pdfium.FS_RECTF * POOL_SIZE)()
_references = [ctypes.byref(rect) for rect in _pool]
_floats = np.frombuffer(_pool, np.float32).reshape(-1, 4)
"""Memory for the boxes that are read at once."""

Floats = np.ndarray[tuple[int, int], np.dtype[np.float32]]

Box = tuple[float, float, float, float]
"""Left, right, top and bottom."""


class Boxes:
    """The boxes of characters, turned so that their line runs to the right and down is positive."""

    def __init__(self, textpage: object) -> None:
        self._textpage = textpage
        self._rect = pdfium.FS_RECTF()
        self._reference = ctypes.byref(self._rect)
        self._name = ctypes.create_string_buffer(MAX_FONT_NAME_BYTES)
        self.turn = 0

    def begin_line(self, number: int) -> None:
        """Take the direction of the line from its first character."""
        angle = pdfium.FPDFText_GetCharAngle(self._textpage, number)
        self.turn = -round(angle / (math.pi / 2)) % 4 if angle > 0 else 0  # the angle is clockwise

    def raw_boxes(self, numbers: Sequence[int]) -> Floats:
        """Return left, top, right and bottom of several characters, as the page has them: up is positive."""
        read, textpage = pdfium.FPDFText_GetLooseCharBox, self._textpage
        found = np.empty((len(numbers), 4), np.float32)
        for begin in range(0, len(numbers), POOL_SIZE):
            part = numbers[begin : begin + POOL_SIZE]
            for number, reference in zip(part, _references, strict=False):
                read(textpage, number, reference)
            found[begin : begin + len(part)] = _floats[: len(part)]
        return found

    def boxes(self, numbers: Sequence[int]) -> list[Box]:
        """Return the boxes of several characters."""
        return [self.box(number) for number in numbers]

    def box(self, number: int) -> Box:
        """Return left, right, top and bottom of a character."""
        rect = self._rect
        pdfium.FPDFText_GetLooseCharBox(self._textpage, number, self._reference)
        if self.turn == 0:
            return rect.left, rect.right, -rect.top, -rect.bottom
        if self.turn == 1:
            return rect.bottom, rect.top, rect.left, rect.right
        if self.turn == 2:
            return -rect.right, -rect.left, rect.bottom, rect.top
        return -rect.top, -rect.bottom, -rect.right, -rect.left

    def are_bold(self, first: int, last: int) -> bool:
        """Say whether both characters are bold."""
        return self._is_bold(first) and self._is_bold(last)

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

    def _is_bold(self, number: int) -> bool:
        flags = ctypes.c_int()
        size = pdfium.FPDFText_GetFontInfo(self._textpage, number, self._name, MAX_FONT_NAME_BYTES, flags)
        return 0 < size <= MAX_FONT_NAME_BYTES and bool(BOLD.search(self._name.value))
