"""Make parts of a document from a grid of cells: the titles above a table, its header of one or two rows, its rows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import PurePath

from qa.ingest.blocks import Part, header_part, one_line, row_part
from qa.ingest.tables.header import Row, header_height, is_figure
from qa.types import BlockKind

HEAD_ROWS = 80
"""Rows in which a table's titles and header are looked for."""

MIN_PARAGRAPH_CHARS = 40


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the rows of a table."""

    titles: tuple[Row, ...]
    """Lines above the header that are no rows of the table."""
    header: tuple[Row, ...]
    """The header row or rows."""

    @property
    def caption(self) -> str:
        """The first title."""
        return _title(self.titles[0]) if self.titles else ""

    @property
    def names(self) -> list[str]:
        """The name of each column; of a header of two rows, both names."""
        return column_names(self.header)


def find_head(rows: Sequence[Row]) -> Head:
    """Find the titles and the header in a table's first rows, none of which is blank."""
    width = _commonest(map(_width, rows))
    length = _commonest(map(len, rows))
    titles = 0
    while titles < len(rows) and _is_title(rows[titles], width, len(rows[titles]) < length):
        titles += 1
    if titles == len(rows):
        titles = 0  # lines, not a table
    below = rows[titles:]
    return Head(tuple(rows[:titles]), tuple(below[: header_height(below)]))


def _width(row: Row) -> int:
    """Return the number of columns up to the last cell that is not blank."""
    return max((i for i, cell in enumerate(row, 1) if cell.strip()), default=0)


def _commonest(numbers: Iterable[int]) -> int:
    return max(Counter(numbers).items(), key=lambda item: item[1], default=(0, 0))[0]


def _is_title(row: Row, width: int, is_short: bool) -> bool:
    """Say whether a row above a table is one of its titles: far fewer cells than the table has columns.

    Args:
        row: The row.
        width: The number of columns that most rows fill.
        is_short: Whether the line itself is shorter than others, rather than that its last cells are blank.
    """
    cells = [cell.strip() for cell in row if cell.strip()]
    if width < 2 or not cells:
        return False
    if len(cells) == 1:
        return not is_figure(cells[0]) and (bool(row[0].strip()) or _width(row) > 2)
    is_sentence = all(cell.startswith(" ") for cell in row[1:])  # cut at its commas
    most = width - 1 if is_short and is_sentence else width // 2 if is_short else width // 3
    return bool(row[0].strip()) and len(cells) == _width(row) <= most


def _title(row: Row) -> str:
    """Return the text of a title's cells, without the mark of a comment."""
    texts = [cell.strip() for cell in row if cell.strip()]
    return one_line(", ".join(texts).replace(":, ", ": ")).lstrip("# ")


def column_names(header: Sequence[Row]) -> list[str]:
    """Return the name of each column below one or two header rows; a group's name is part of each of its columns'."""
    rows = [[one_line(cell) for cell in row] for row in header]
    if len(rows) < 2:
        return rows[0] if rows else []
    above, below = rows
    names, group = [], ""
    for i in range(max(len(above), len(below))):
        upper = above[i] if i < len(above) else ""
        lower = below[i] if i < len(below) else ""
        group = upper or (group if lower else "")
        names.append(" ".join(dict.fromkeys(filter(None, (group, lower)))))
    return names


class Grid:
    """A table given row by row; rows without any text are left out."""

    def __init__(self, rows: Iterable[Row]) -> None:
        full = (row for row in rows if any(map(str.strip, row)))
        first = list(islice(full, HEAD_ROWS))
        self.head = find_head(first)
        self._rows = chain(first[len(self.head.titles) + len(self.head.header) :], full)

    def parts(self, context: str = "") -> Iterator[Part]:
        """Yield the parts of the table: its caption, further titles as text, its header, its rows.

        Args:
            context: What the table stands under if it has no caption of its own.
        """
        under = self.head.caption or context
        if self.head.caption:
            yield Part(BlockKind.HEADER, self.head.caption)
        # A line between the caption and the header is a note on the table, to be found and quoted like any text.
        yield from (Part(BlockKind.TEXT, title, context=under) for title in map(_title, self.head.titles[1:]))
        yield from (header_part(row, under) for row in self.head.header)
        names = self.head.names
        for row in self._rows:
            if part := row_part(row, names, under):
                yield part if names or not _is_paragraph(part) else replace(part, kind=BlockKind.TEXT, cells=())


def _is_paragraph(part: Part) -> bool:
    """Say whether the only cell of a row without column names holds sentences."""
    return len(part.cells) == 1 and len(part.text) >= MIN_PARAGRAPH_CHARS and part.text.endswith((".", "!", "?", ":"))


def readable_stem(name: str) -> str:
    """Return a file's name as a title: without folders, suffix and underscores."""
    return " ".join(PurePath(name).stem.replace("_", " ").split())
