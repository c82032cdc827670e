"""Find tables: lines that follow one another whose cells stand below one another."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from qa.ingest.pdf.lines import MARK, Line
from qa.ingest.pdf.runs import Run

ALIGNED_POINTS = 3
"""Cells whose left edges, right edges or middles are no further apart are in one column."""

MAX_ROW_PITCH = 4.0
"""Distance of two rows, in heights of a line, from which they are of two tables."""

MAX_CELL_CHARS = 120
"""Median length of cells up to which lines are a table's."""

MAX_CONTINUED_GAP = 0.45
"""A line with an empty first cell continues the row above if the gap is below this share of the line's height."""


@dataclass(slots=True)
class Table:
    """Rows of cells, one for each column, with the columns' headers."""

    headers: list[str]
    rows: list[list[str]]
    page: int
    columns: list[tuple[float, float]]
    """Left and right edges, in points."""


def find_tables(lines: Sequence[Line]) -> dict[int, int]:
    """Return where tables are among the lines of a page: for the first line of each, the one after its last."""
    found: dict[int, int] = {}
    start = 0
    while start < len(lines):
        end = _table_end(lines, start)
        if end:
            found[start] = end
        start = end or start + 1
    return found


def _table_end(lines: Sequence[Line], start: int) -> int:
    """Return the end of the table that begins at `start`, or 0."""
    if not _is_row(lines[start]):
        return 0
    columns = list(lines[start].cells)
    end, last_row, rows = start + 1, start, 1
    while end < len(lines) and _follows(lines[end - 1], lines[end]):
        line = lines[end]
        aligned = sum(_is_aligned(cell, columns) for cell in line.cells)
        if _is_row(line) and aligned >= min(2, len(line.cells)):
            rows, last_row = rows + 1, end
            columns += line.cells
        elif not (len(line.cells) == 1 and aligned and _fits(line, columns, lines[end - 1])):
            break
        end += 1
    end = last_row + 1 + _tail(lines, last_row + 1, end, columns)
    return end if rows >= 2 and _is_table(lines[start:end]) else 0


def _is_row(line: Line) -> bool:
    return len(line.cells) >= 2 and not line.has_leaders and not MARK.fullmatch(line.cells[0].text)


def _follows(before: Line, line: Line) -> bool:
    height = before.bottom - before.top
    return line.region == before.region and 0 < line.bottom - before.bottom <= MAX_ROW_PITCH * height


def _is_aligned(cell: Run, columns: Sequence[Run]) -> bool:
    return any(
        abs(cell.left - other.left) <= ALIGNED_POINTS
        or abs(cell.right - other.right) <= ALIGNED_POINTS
        or abs(cell.left + cell.right - other.left - other.right) <= 2 * ALIGNED_POINTS
        for other in columns
    )


def _fits(line: Line, columns: Sequence[Run], before: Line) -> bool:
    """Say whether a line with one cell stays within its column, or is a row of its own in the first one."""
    cell = line.cells[0]
    if cell.size > 1.1 * before.size or (line.bold and not before.bold):
        return False  # a heading
    others = [other for other in columns if other.left > cell.left + ALIGNED_POINTS]
    return not others or cell.right < min(other.left for other in others) + ALIGNED_POINTS


def _tail(lines: Sequence[Line], start: int, end: int, columns: Sequence[Run]) -> int:
    """Return how many lines with one cell after the last full row continue that row."""
    count = 0
    first = min(column.left for column in columns)
    for before, line in zip(lines[start - 1 : end - 1], lines[start:end], strict=True):
        gap = line.top - before.bottom
        if line.cells[0].left <= first + ALIGNED_POINTS or gap > MAX_CONTINUED_GAP * (line.bottom - line.top):
            break
        count += 1
    return count


def _is_table(lines: Sequence[Line]) -> bool:
    return (
        median(len(cell.text) for line in lines for cell in line.cells) <= MAX_CELL_CHARS and len(_columns(lines)) > 1
    )


def _columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """Return the edges of the columns, taken from the rows with as many cells as most, or with most cells."""
    counts = Counter(len(line.cells) for line in lines)
    most = max((count for count in counts if counts[count] * 4 >= len(lines) or counts[count] >= 3), default=0)
    full = [line for line in lines if len(line.cells) == most] or list(lines)
    columns: list[tuple[float, float]] = []
    for left, right in sorted((cell.left, cell.right) for line in full for cell in line.cells):
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def read_table(lines: Sequence[Line], before: Table | None = None) -> Table:
    """Return the table in these lines; `before` is a table that they may continue, whose headers they then have."""
    columns = _columns(lines)
    rows: list[list[str]] = []
    for number, line in enumerate(lines):
        cells = _cells(line, columns)
        if rows and _continues(lines[number - 1], line, cells):
            rows[-1] = [" ".join(filter(None, pair)) for pair in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    page = lines[0].page
    if before and before.headers and before.page + 1 >= page and _same_columns(before.columns, columns):
        return Table(before.headers, rows[1:] if rows[0] == before.headers else rows, page, columns)
    has_header = _has_header(rows, lines)
    return Table(rows[0] if has_header else [], rows[1:] if has_header else rows, page, columns)


def _cells(line: Line, columns: list[tuple[float, float]]) -> list[str]:
    """Return the text of a line in each column."""
    texts = [""] * len(columns)
    for cell in line.cells:
        shared = [min(cell.right, right) - max(cell.left, left) for left, right in columns]
        place = shared.index(max(shared))
        texts[place] = f"{texts[place]} {cell.text}".strip()
    return texts


def _continues(before: Line, line: Line, cells: list[str]) -> bool:
    """Say whether a line holds the rest of the cells of the line above."""
    gap = line.top - before.bottom
    return not cells[0] and gap < MAX_CONTINUED_GAP * (line.bottom - line.top)


def _same_columns(one: list[tuple[float, float]], other: list[tuple[float, float]]) -> bool:
    return len(one) == len(other) and all(
        abs(left - other_left) <= ALIGNED_POINTS or abs(right - other_right) <= ALIGNED_POINTS
        for (left, right), (other_left, other_right) in zip(one, other, strict=True)
    )


def _has_header(rows: list[list[str]], lines: Sequence[Line]) -> bool:
    """Say whether the first row names the columns: it has no numbers and looks otherwise, or numbers are below."""
    first = [cell for cell in rows[0] if cell]
    if len(rows) < 2 or len(first) < 2 or any(_has_digit(cell) for cell in first):
        return len(rows) > 1 and lines[0].bold and not lines[-1].bold and len(first) >= 2
    if any(cell.endswith(":") for cell in first):
        return False
    if lines[0].bold and not lines[-1].bold:
        return True
    below = [cell for row in rows[1:] for cell in row[1:]]
    return any(map(_has_digit, below)) or len(rows[0]) > 2


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)
