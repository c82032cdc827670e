"""Find the footnotes of a page."""

import re
from collections.abc import Iterator, Sequence

from qa.ingest.blocks import Part
from qa.ingest.pdf.hyphens import Hyphens
from qa.ingest.pdf.lines import Line
from qa.ingest.pdf.paragraphs import join_lines
from qa.ingest.pdf.units import Unit
from qa.types import BlockKind

NOTE_SIZE = 0.93
"""A footnote's font is smaller than this share of the usual size, or there is a gap above it."""

MIN_GAP = 1.8
"""Gap above the footnotes, in heights of a line, if they are as large as the text."""

MAX_LARGE_LINES = 3
"""Lines at the foot of a page that may be footnotes if they are as large as the text."""

MARKED = re.compile(r"(?:\d{1,3}|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[*†‡§]+|\[\d{1,3}\])[.)]?\s*[^\W\d_]")
"""The beginning of a footnote."""


def split_footnotes(lines: Sequence[Line], body_size: float) -> tuple[list[Line], list[Line]]:
    """Return the text of a page, and its footnotes; both in reading order."""
    notes: set[int] = set()
    begin = 0
    for end in range(1, len(lines) + 1):
        if end == len(lines) or lines[end].region != lines[begin].region:
            notes.update(range(_notes_start(lines, begin, end, body_size), end))
            begin = end
    return (
        [line for number, line in enumerate(lines) if number not in notes],
        [line for number, line in enumerate(lines) if number in notes],
    )


def _notes_start(lines: Sequence[Line], begin: int, end: int, body_size: float) -> int:
    """Return where the footnotes of the region from `begin` to `end` start; `end` if it has none."""
    start = end
    number = end - 1
    while number > begin and lines[number].size < NOTE_SIZE * body_size:
        if _is_marked(lines[number]):
            start = number
        number -= 1
    if start < end:
        return start if lines[start - 1].size > lines[start].size / NOTE_SIZE or _is_apart(lines, start) else end
    for number in range(max(end - MAX_LARGE_LINES, begin + 1), end):
        if _is_marked(lines[number]) and _is_apart(lines, number) and not re.match(r"\d+[.)]", lines[number].text):
            return number
    return end


def _is_marked(line: Line) -> bool:
    return len(line.cells) == 1 and MARKED.match(line.text) is not None


def _is_apart(lines: Sequence[Line], number: int) -> bool:
    line = lines[number]
    return line.top - lines[number - 1].bottom > MIN_GAP * (line.bottom - line.top)


def note_units(lines: Sequence[Line], hyphens: Hyphens) -> Iterator[Unit]:
    """Yield a unit for each footnote in these lines of one page."""
    notes: list[list[Line]] = []
    for line in lines:
        if not notes or _is_marked(line):
            notes.append([])
        notes[-1].append(line)
    for note in notes:
        yield Unit(Part(BlockKind.TEXT, join_lines(note, hyphens)), note[0].page)
