"""Put the runs of a page together to lines, in reading order."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from qa.ingest.pdf.columns import regions
from qa.ingest.pdf.runs import Run
from qa.ingest.pdf.words import SHIFT, SMALL
from qa.text.scripts import raised

MARK = re.compile(r"[-*•‣▪◦–●○■□➢➤✓\uf000-\uf0ff]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]")
"""What stands before a list item, as a run of its own."""

SAME_LINE = 0.5
"""Runs are in one line if they overlap by more than this share of the lower one's height."""

TOUCHING = 0.12
"""Runs closer than this share of the font size are parts of one word."""

LEADERS = re.compile(r"\s*(?:[.·…_]\s?){4,}\s*")
"""The dots between an entry and its page number."""


@dataclass(slots=True)
class Line:
    """A line of a page, with its cells from left to right."""

    cells: list[Run]
    page: int
    """Number of the page, from 0."""
    region: int
    """Number of the region; lines of one region are below one another."""
    text: str = ""
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    size: float = 0.0
    bold: bool = False
    edge: float = field(default=0.0)
    """Right edge of the region: where a full line ends."""
    has_leaders: bool = False

    def __post_init__(self) -> None:
        """Derive the line's box and look from its cells."""
        longest = max(self.cells, key=lambda run: len(run.text))
        self.text = " ".join(run.text for run in self.cells)
        if LEADERS.search(self.text):
            self.text, self.has_leaders = LEADERS.sub(" … ", self.text), True
        self.left, self.right = self.cells[0].left, max(run.right for run in self.cells)
        self.top, self.bottom, self.size = longest.top, longest.bottom, longest.size
        self.bold = all(run.bold for run in self.cells)

    @property
    def first_word_width(self) -> float:
        """Return about how wide the first word is, in points."""
        first = self.cells[0]
        return (first.right - first.left) * len(first.text.split(maxsplit=1)[0]) / max(len(first.text), 1)


def read_lines(runs: list[Run], page: int) -> list[Line]:
    """Return the lines of a page in reading order; text turned otherwise than most of the page comes last."""
    chars: Counter[int] = Counter()
    for run in runs:
        chars[run.turn] += len(run.text)
    lines: list[Line] = []
    number = 0
    for turn, _ in chars.most_common():
        for region in regions([run for run in runs if run.turn == turn]):
            made = [Line(cells, page, number) for cells in _rows(region)]
            _set_edge(made)
            lines += made
            number += 1
    return lines


def _rows(runs: list[Run]) -> Iterator[list[Run]]:
    """Yield the runs of each line of a region."""
    row: list[Run] = []
    for run in sorted(runs, key=lambda run: run.top + run.bottom):
        if row and not _in_line(row, run):
            yield _joined(row)
            row = []
        row.append(run)
    if row:
        yield _joined(row)


def _in_line(row: list[Run], run: Run) -> bool:
    main = max(row, key=lambda other: other.bottom - other.top)
    shared = min(main.bottom, run.bottom) - max(main.top, run.top)
    return shared > SAME_LINE * min(main.bottom - main.top, run.bottom - run.top)


def _joined(row: list[Run]) -> list[Run]:
    """Return the runs of a line from left to right, those that touch as one."""
    row.sort(key=lambda run: run.left)
    main = max(row, key=lambda run: run.bottom - run.top)
    cells = row[:1]
    for run in row[1:]:
        before = cells[-1]
        height = main.bottom - main.top
        gap = run.left - before.right
        if run.bottom - run.top < SMALL * height and run.bottom < main.bottom - SHIFT * height:
            run.text = raised(run.text)
        if gap > 0.75 * height and not MARK.fullmatch(before.text):
            cells.append(run)
            continue
        cells[-1] = _merged(before, run, "" if gap < TOUCHING * height and not before.text.endswith("\ufffe") else " ")
    return cells


def _merged(before: Run, run: Run, between: str) -> Run:
    longest = max(before, run, key=lambda one: len(one.text))
    before_text = before.text.removesuffix("\ufffe") + ("-" if before.text.endswith("\ufffe") else "")
    return Run(
        before_text + between + run.text,
        before.left,
        max(before.right, run.right),
        longest.top,
        longest.bottom,
        longest.size,
        before.order,
        before.bold and run.bold,
        before.turn,
    )


def _set_edge(lines: list[Line]) -> None:
    """Set where full lines end: nine lines in ten end no further right."""
    if lines:
        rights = sorted(line.right for line in lines)
        edge = rights[len(rights) * 9 // 10]
        for line in lines:
            line.edge = edge
