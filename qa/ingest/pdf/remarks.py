"""Say what of a PDF was not read."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from qa.ingest.pdf.pages import File
from qa.ingest.recognition.setting import ADVICE, recognition_is_on
from qa.types import Remark

MAX_RANGES = 12
"""Ranges of pages that are named."""


def remarks(file: File, has_text: Sequence[bool]) -> Iterator[Remark]:
    """Yield a remark for the pages that are damaged, for those without text, and for what a form hides.

    Args:
        file: The file as it was read.
        has_text: For each page, whether it has words besides its running heads and page number.
    """
    pages = list(enumerate(zip(file.pages, has_text, strict=True), 1))
    damaged = [number for number, (page, _) in pages if page.is_damaged]
    empty = [number for number, (page, text) in pages if not page.is_damaged and not text and not page.notes]
    recognised = [number for number, (page, text) in pages if page.is_recognised and text]
    if damaged:
        yield Remark(f"{_named(damaged)} {_verb(damaged, 'is', 'are')} damaged and could not be read")
    if empty:
        they = "it" if len(empty) == 1 else "they"
        yield Remark(f"{_named(empty)} {_verb(empty, 'holds', 'hold')} no text, so {they} may be scanned{_advice()}")
    if recognised:
        yield Remark(
            f"{_named(recognised)} {_verb(recognised, 'was', 'were')} read by text recognition, so words may be wrong"
        )
    if file.is_xfa:
        yield Remark("is an XFA form, of which only the plain pages are read; print it to a new PDF to read its fields")


def _advice() -> str:
    return "" if recognition_is_on() else f"; {ADVICE}"


def _verb(numbers: list[int], one: str, many: str) -> str:
    return one if len(numbers) == 1 else many


def _named(numbers: list[int]) -> str:
    """Return "page 3" or "pages 2-5, 8"."""
    ranges = []
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        found = [number for _, number in run]
        ranges.append(str(found[0]) if len(found) == 1 else f"{found[0]}-{found[-1]}")
    more = f" and {len(ranges) - MAX_RANGES} more ranges" if len(ranges) > MAX_RANGES else ""
    return ("page " if len(numbers) == 1 else "pages ") + ", ".join(ranges[:MAX_RANGES]) + more
