"""Find a table's header: whether its first row names the columns, or is a row like all others."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

Row = Sequence[str]

SAMPLE_ROWS = 50
"""Rows below the first that are compared with it."""

MAX_NAME_CHARS = 100
"""A longer cell is hardly the name of a column."""

MAX_FIGURE_CHARS = 40

MOST = 0.7
"""Share of a column's cells that must be alike for the column to be of one kind."""

FIGURE = re.compile(r"[\W_]*(?:[A-Z]{2,3}[ $]?)?[\W_]*\d[\d\W_]*[^\W\d]{0,4}[\W_]*(?:[^\W\d]{1,3})?")
"""A number, date, time or score, perhaps with a unit or a currency: "9,50 €", "2022-01-14", "1:39:26", "12 kg"."""

DATE = re.compile(r"(?:[^\W\d]+,? )?(?:\d{1,2}(?:\.|[a-z]{2})? [^\W\d]+\.?|[^\W\d]+\.? \d{1,2})(?:,? \d{4})?")
"""A date with the month's name: "14 January 2022", "June 6, 1996", "May 17"."""

YEAR = re.compile(r"(?:1[5-9]|20)\d\d")

CODED = re.compile(r"\d|@|://")
"""What makes a cell's shape telling: two names may look alike by chance, two codes do not."""


def looks_like_header(rows: Sequence[Row]) -> bool:
    """Say whether the first row names the columns of the rows below it.

    A name differs from what it names: words above figures, a word above codes of one shape. A row whose cells are
    figures like those below, or values that come again below, is a row like the others. Where nothing tells, the first
    row of several columns is taken for the header, and that of a single column is not.
    """
    if not rows or not any(cell.strip() for cell in rows[0]):
        return False
    first = [cell.strip() for cell in rows[0]]
    below = [[cell.strip() for cell in row] for row in rows[1 : SAMPLE_ROWS + 1]]
    below = [row for row in below if any(row) and row != first]  # a header may be printed again further down
    if _counts_years(first, below):
        return True
    votes = _votes(first, below)
    return sum(votes) > 0 or (sum(votes) == 0 and len(votes) > 1)


def header_height(rows: Sequence[Row]) -> int:
    """Return how many rows the header has: 0, 1 or 2.

    The first of two names groups of columns, or the second holds the units of the figures below.
    """
    if len(rows) > 2 and _is_second_row(rows):
        return 2
    return int(looks_like_header(rows))


def _is_second_row(rows: Sequence[Row]) -> bool:
    above, row = ([cell.strip() for cell in cells] for cells in rows[:2])
    below = [[cell.strip() for cell in cells] for cells in rows[2 : SAMPLE_ROWS + 2]]
    if not any(row) or any(map(is_figure, row)) or any(is_figure(cell) and not YEAR.fullmatch(cell) for cell in above):
        return False
    votes = _votes(row, below)
    if not row[0]:  # units, or the parts of groups
        return all(vote == 2 for vote in votes)
    groups = len(list(filter(None, above))) < len(list(filter(None, row))) or any(
        a == b != "" for a, b in pairwise(above)
    )
    return groups and 2 in votes and sum(votes) > 0 and all(vote >= 0 for vote in votes)


def _votes(first: Row, below: Sequence[Row]) -> list[int]:
    return [_vote(cell, [row[i] for row in below if i < len(row) and row[i]]) for i, cell in enumerate(first) if cell]


def _vote(name: str, cells: Sequence[str]) -> int:
    """Return how much a column speaks for (positive) or against its first cell being its name."""
    if is_figure(name):
        return -2
    if len(name) > MAX_NAME_CHARS or (len(name) > MAX_NAME_CHARS // 3 and name.endswith((".", "!", "?"))):
        return -2
    if not cells:
        return 0
    if _share(map(is_figure, cells)) >= MOST:
        return 2
    if name in cells:
        return -2
    shape, count = Counter(map(_shape, cells)).most_common(1)[0]
    if len(cells) < 2 or count < MOST * len(cells) or not CODED.search(name + " ".join(cells[:1])):
        return _vote_by_length(name, cells)
    return -2 if _shape(name) == shape else 1


def _vote_by_length(name: str, cells: Sequence[str]) -> int:
    """Return 1 for a name that is far shorter than anything that it would name."""
    return int(3 * len(name) < min(map(len, cells)))


def _share(found: Iterable[bool]) -> float:
    values = list(found)
    return sum(values) / len(values)


def is_figure(cell: str) -> bool:
    """Say whether a cell holds a number, a date or the like rather than words."""
    if len(cell) > MAX_FIGURE_CHARS or not any(c.isdigit() for c in cell):
        return False
    return bool(FIGURE.fullmatch(cell) or DATE.fullmatch(cell))


def _shape(cell: str) -> str:
    """Return the cell's kinds of characters in order: "EC-6874-Z" and "EA-1-X" are both "A-9-A"."""
    cell = re.sub(r"\d+", "9", cell[:60])
    cell = re.sub(r"[^\W\d_]+", lambda run: "A" if run.group().isupper() else "a", cell)
    return re.sub(r"a(?:[ ,]+a)+", "a", cell)


def _counts_years(first: Row, below: Sequence[Row]) -> bool:
    """Say whether a first row such as "Country, 2019, 2020" names its columns by years."""
    years = [int(cell) for cell in first if YEAR.fullmatch(cell)]
    others = [cell for cell in first if cell and is_figure(cell)]
    steps = {after - before for before, after in pairwise(years)}
    if len(years) < 2 or len(others) > len(years) or len(steps) != 1 or steps == {0}:
        return False
    following = [cell for row in below for cell in row]
    return sum(bool(YEAR.fullmatch(cell)) for cell in following) < len(following) / 3
