"""Turn the lines of all pages into units: headings, paragraphs, list items and rows of tables, each with its page."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qa.ingest.blocks import Part, table_parts
from qa.ingest.pdf.hyphens import Hyphens, plain
from qa.ingest.pdf.lines import Line
from qa.ingest.pdf.paragraphs import CAPTION, ITEM, continues, join_lines
from qa.ingest.pdf.tables import Table, find_tables, read_table
from qa.types import PAGE_BREAK, BlockKind

HEADING_SIZE = 1.12
"""A heading's font is larger than the usual size by this factor, or it is bold."""

MAX_HEADING_CHARS = 200
MAX_BOLD_HEADING_CHARS = 100
MAX_LEVEL = 6

MIN_SENTENCE_WORDS = 6
"""A heading with a full stop has fewer words."""

CONTENTS = re.compile(
    r"(?:table of )?contents|list of (?:figures|tables)|index|inhalt(?:sverzeichnis)?|table des matières|sommaire"
    r"|índice|indice|sumário",
    re.I,
)
"""The heading of a list of page numbers."""

ENTRY = re.compile(r".*\D(?:\d{1,4}|[ivxlc]+)", re.I)
"""A line that ends with a page number."""

MIN_ENTRIES = 3
"""Lines with dots and a number that follow one another from which they are a table of contents."""


@dataclass(slots=True)
class Unit:
    """A part of the text with the page, from 0, that it begins on."""

    part: Part
    page: int
    size: float = 0.0
    """Font size, of headings only."""

    @property
    def last_page(self) -> int:
        """Return the page that the unit ends on."""
        return self.page + self.part.text.count(PAGE_BREAK)


def read_units(pages: Sequence[Sequence[Line]], body_size: float, hyphens: Hyphens) -> list[Unit]:
    """Return the units of the text in order.

    Args:
        pages: The lines of each page in reading order, without running heads and the like.
        body_size: The usual font size.
        hyphens: What decides about hyphens at line ends.
    """
    builder = _Builder(body_size, hyphens, _is_mostly_bold(pages))
    for lines in pages:
        builder.add_page(lines)
    builder.flush()
    return _with_levels(builder.units)


def _is_mostly_bold(pages: Iterable[Sequence[Line]]) -> bool:
    chars: Counter[bool] = Counter()
    for lines in pages:
        for line in lines:
            chars[line.bold] += len(line.text)
    return chars[True] > chars[False]


class _Builder:
    def __init__(self, body_size: float, hyphens: Hyphens, mostly_bold: bool) -> None:
        self.units: list[Unit] = []
        self._open: list[Line] = []
        self._body_size, self._hyphens, self._mostly_bold = body_size, hyphens, mostly_bold
        self._table: Table | None = None

    def add_page(self, lines: Sequence[Line]) -> None:
        pitches = _pitches(lines)
        tables, contents = find_tables(lines), _contents(lines)
        number = 0
        while number < len(lines):
            line = lines[number]
            if number in contents:
                self._add_contents(lines[number : contents[number]])
                number = contents[number]
            elif number in tables:
                self._add_table(lines[number : tables[number]])
                number = tables[number]
            else:
                self._add_line(line, pitches.get(line.region, 0.0))
                number += 1

    def _add_line(self, line: Line, pitch: float) -> None:
        if line.has_leaders:
            self.flush()
            cells = [cell for cell in line.text.split(" … ") if cell]
            self.units += [Unit(part, line.page) for part in table_parts([cells])]
            return
        if self._open and not continues(self._open, line, pitch, self._body_size):
            self.flush()
        self._open.append(line)

    def _add_contents(self, lines: Sequence[Line]) -> None:
        self.flush()
        text = "\n".join(plain(line.text) for line in lines)
        self.units.append(Unit(Part(BlockKind.FURNITURE, text), lines[0].page))

    def _add_table(self, lines: Sequence[Line]) -> None:
        caption = ""
        if self._open and CAPTION.match(self._open[0].text) and self._open[0].page == lines[0].page:
            caption = join_lines(self._open, self._hyphens)
            self._open = []
        self.flush()
        under = self.units[-1].part if self.units else None
        if under and under.kind is BlockKind.HEADING and CONTENTS.fullmatch(under.text) and _all_entries(lines):
            self._add_contents(lines)
            return
        self._table = table = read_table(lines, self._table)
        parts = table_parts(_plain(table.rows), headers=_plain([table.headers])[0], caption=caption)
        self.units += [Unit(part, lines[0].page) for part in parts]

    def flush(self) -> None:
        """End the open paragraph."""
        if not self._open:
            return
        lines, self._open = self._open, []
        text = join_lines(lines, self._hyphens).rstrip()
        kind = BlockKind.HEADING if self._is_heading(lines, text) else BlockKind.TEXT
        if kind is BlockKind.TEXT and ITEM.match(lines[0].text):
            kind = BlockKind.ITEM
        self.units.append(Unit(Part(kind, text), lines[0].page, lines[0].size))

    def _is_heading(self, lines: Sequence[Line], text: str) -> bool:
        if len(text) > MAX_HEADING_CHARS or PAGE_BREAK in text or not any(c.isalpha() for c in text):
            return False
        if text.endswith(".") and len(text.split()) >= MIN_SENTENCE_WORDS:
            return False
        if lines[0].size > HEADING_SIZE * self._body_size:
            return not ITEM.match(text) or text[0].isdigit()
        is_bold = all(line.bold for line in lines) and not self._mostly_bold
        return is_bold and len(text) <= MAX_BOLD_HEADING_CHARS and not text.endswith((".", ",", ";", ":"))


def _plain(rows: list[list[str]]) -> list[list[str]]:
    return [[plain(cell) for cell in row] for row in rows]


def _pitches(lines: Sequence[Line]) -> dict[int, float]:
    """Return the usual distance of two baselines in each region."""
    distances: dict[int, list[float]] = {}
    for before, line in pairwise(lines):
        if line.region == before.region and line.bottom > before.bottom:
            distances.setdefault(line.region, []).append(line.bottom - before.bottom)
    return {region: max(sorted(found)[len(found) // 4], 4.0) for region, found in distances.items()}


def _contents(lines: Sequence[Line]) -> dict[int, int]:
    """Return where tables of contents are: for the first line of each, the one after its last."""
    found: dict[int, int] = {}
    start = 0
    while start < len(lines):
        under_heading = start > 0 and CONTENTS.fullmatch(lines[start - 1].text) is not None
        end = start
        while end < len(lines) and _is_entry(lines, end, under_heading):
            end += 1
        if end - start >= MIN_ENTRIES and _is_rising(lines[start:end]):
            found[start] = end
        start = max(end, start + 1)
    return found


def _is_entry(lines: Sequence[Line], number: int, under_heading: bool) -> bool:
    """Say whether a line is of a table of contents; below its heading, entries need no dots, and may go on."""
    line = lines[number]
    if ENTRY.fullmatch(line.text) and (line.has_leaders or under_heading):
        return True
    following = lines[number + 1] if number + 1 < len(lines) else None
    return under_heading and following is not None and ENTRY.fullmatch(following.text) is not None


def _is_rising(lines: Sequence[Line]) -> bool:
    """Say whether the numbers at the line ends never fall, as those of pages."""
    matches = [re.search(r"(?<![\d.,])\d+$", line.text) for line in lines]
    numbers = [int(match[0]) for match in matches if match]
    return len(numbers) * 2 >= len(lines) and len(numbers) > 1 and all(a <= b for a, b in pairwise(numbers))


def _all_entries(lines: Sequence[Line]) -> bool:
    return all(ENTRY.fullmatch(line.text) for line in lines)


def _with_levels(units: list[Unit]) -> list[Unit]:
    """Set the headings' levels by their sizes."""
    sizes = sorted({_rounded(unit) for unit in units if unit.part.kind is BlockKind.HEADING}, reverse=True)
    levels = {size: min(number, MAX_LEVEL) for number, size in enumerate(sizes, 1)}
    for unit in units:
        if unit.part.kind is BlockKind.HEADING:
            unit.part = replace(unit.part, level=levels[_rounded(unit)])
    return units


def _rounded(unit: Unit) -> float:
    return round(unit.size * 2) / 2
