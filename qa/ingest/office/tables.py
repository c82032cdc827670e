"""Make units of a table: one per row with its column headers, whatever cells are merged or hold tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from qa.ingest.blocks import CELL_SEPARATOR, Part, table_parts
from qa.types import BlockKind

MAX_HEADER_CHARS = 60
"""A first row with a longer cell is no header, unless the file says so."""

MAX_CELL_CHARS = 1_000
"""A row with a longer cell is read as paragraphs: such a table lays out a page."""

MAX_SPAN = 64
"""A merged cell is taken to cover no more columns than that."""

SENTENCE_END = re.compile(r"[.!?;,]$")


@dataclass(slots=True)
class Cell:
    """A cell of a table."""

    parts: list[Part] = field(default_factory=list)
    """The units in the cell, in order."""
    nested: list[Part] = field(default_factory=list)
    """The tables in the cell, and the notes, which follow the row."""
    bold: bool = False
    span: int = 1
    """How many columns it covers."""
    continues: bool = False
    """Whether it is the lower part of the cell above it."""

    @property
    def text(self) -> str:
        """The text of the cell, in one line."""
        return " ".join(" ".join(part.text.split()) for part in self.parts)


@dataclass(slots=True)
class Row:
    """A row of a table."""

    cells: list[Cell]
    header: bool = False
    """Whether the file says that it is a header row."""


def table(rows: Sequence[Row], *, caption: str = "", styled: bool = False) -> Iterator[Part]:
    """Yield a table's caption, header row and rows, each row followed by the tables and notes in its cells.

    Args:
        rows: The rows, header rows among them.
        caption: What the table is called.
        styled: Whether the first row is shown as a header.
    """
    if all(len(row.cells) <= 1 for row in rows):  # a box around paragraphs
        if caption:
            yield Part(BlockKind.TEXT, caption)
        yield from (part for row in rows for part in _paragraphs(row))
        return
    count, keeps_first = _header_rows(rows, styled)
    headers = _headers(rows[: count or int(keeps_first)])
    caption = " ".join(caption.split())
    if caption:
        yield Part(BlockKind.HEADER, caption)
    for row in rows[:count]:
        line = CELL_SEPARATOR.join(cell.text for cell in row.cells if cell.text)
        yield Part(BlockKind.HEADER, line, context=caption)
        yield from _nested(row)
    labels: dict[int, str] = {}
    for at, row in enumerate(rows[count:]):
        yield from _row(row, headers if count or at else [], caption, labels)


def _row(row: Row, headers: list[str], caption: str, labels: dict[int, str]) -> Iterator[Part]:
    """Yield a row; the text of cells that go on from above is its context."""
    above = _continued(row, labels)
    if any(len(cell.text) > MAX_CELL_CHARS for cell in row.cells):
        yield from _paragraphs(row)
        return
    texts = [text for cell in row.cells for text in (cell.text, *[""] * (min(cell.span, MAX_SPAN) - 1))]
    padding = min(row.cells[-1].span, MAX_SPAN) - 1 if row.cells else 0
    texts = texts[: len(texts) - padding]
    context = CELL_SEPARATOR.join(filter(None, (caption, *above)))
    for part in table_parts([texts], headers=headers):
        if part.kind is BlockKind.ROW:
            yield replace(part, context=context)
    yield from _nested(row)


def _continued(row: Row, labels: dict[int, str]) -> list[str]:
    """Return the texts of the cells above that reach into this row, and remember those of this row by column."""
    found, column = [], 0
    for cell in row.cells:
        if cell.continues:
            found.append(labels.get(column, ""))
        else:
            labels[column] = cell.text
        column += cell.span
    return found


def _nested(row: Row) -> Iterator[Part]:
    for cell in row.cells:
        yield from cell.nested


def _paragraphs(row: Row) -> Iterator[Part]:
    for cell in row.cells:
        yield from cell.parts
        yield from cell.nested


def _headers(rows: Sequence[Row]) -> list[str]:
    """Return the header of each column: the words above it in all header rows."""
    columns: list[list[str]] = []
    for row in rows:
        column = 0
        for cell in row.cells:
            for _ in range(min(cell.span, MAX_SPAN)):
                columns += [[]] * (column >= len(columns))
                columns[column] = [*columns[column], cell.text]
                column += 1
    return [" ".join(filter(None, column)) for column in columns]


def _header_rows(rows: Sequence[Row], styled: bool) -> tuple[int, bool]:
    """Return how many rows are headers, and whether the first, though perhaps data, names the columns as well."""
    stated = next((count for count, row in enumerate(rows) if not row.header), len(rows))
    if stated:
        return (stated if stated < len(rows) else 0), False
    if len(rows) < 2 or not _may_be_header(rows[0]):
        return 0, False
    is_bold = all(cell.bold for cell in rows[0].cells if cell.text)
    if styled or (is_bold and not all(cell.bold for cell in rows[1].cells if cell.text)):
        return 1, False
    # Without figures that set it apart the first row may be data, and of two columns the first may name each row.
    has_figures = _is_above_figures(rows)
    return (1, False) if has_figures and len(rows[0].cells) > 2 else (0, has_figures or len(rows[0].cells) > 2)


def _may_be_header(row: Row) -> bool:
    """Return whether a row has short words in every column but perhaps the first."""
    texts = [cell.text for cell in row.cells]
    return (
        any(texts)
        and all(texts[1:])
        and all(len(text) <= MAX_HEADER_CHARS and not SENTENCE_END.search(text) for text in texts)
        and not any(cell.nested for cell in row.cells)
    )


def _is_above_figures(rows: Sequence[Row]) -> bool:
    """Return whether the first row has no figures, and a column has some in all other rows."""
    first, rest = rows[0], rows[1:]
    if any(_has_digit(cell.text) for cell in first.cells):
        return False
    columns = (column for column, cell in enumerate(first.cells) if cell.text)
    return any(all(_has_digit(row.cells[at].text) for row in rest if at < len(row.cells)) for at in columns)


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)
