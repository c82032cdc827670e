"""Turn the sheets of a workbook into one document: a section for each sheet, a table for each group of rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from qa.errors import DocumentError
from qa.ingest.blocks import Part, assemble
from qa.ingest.tables.grid import Grid, readable_stem
from qa.types import Block, BlockKind, Document, Remark, make_document

MAX_CELLS = 1_000_000
"""Cells of a workbook that are not blank."""

MAX_COLUMNS = 1_000
"""Columns of a sheet that are read."""

GENERIC_NAMES = (
    "sheet",
    "table",
    "tabelle",
    "feuil",
    "feuille",
    "hoja",
    "foglio",
    "planilha",
    "blad",
    "arkusz",
    "лист",
)
"""What programs in several languages call a sheet, with its number, until a person names it."""

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells, from 0."""


@dataclass
class Sheet:
    """What is visible in a sheet."""

    name: str
    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    """Texts that are not blank, by row and by column from 0."""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """Where a note is ("B7"), and its text."""
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    uncomputed: int = 0
    """Formulas whose value is not in the file."""
    unread_repeats: int = 0
    """Rows that only repeat the row above, beyond those that are read."""
    is_cut: bool = False
    """Whether cells beyond the limits were left out."""

    def put(self, row: int, column: int, text: str) -> None:
        """Add a cell, unless it is blank or beyond the last column that is read."""
        if not text.strip():
            return
        if column >= MAX_COLUMNS:
            self.is_cut = True
            return
        self.cells.setdefault(row, {})[column] = text


def name_of_cell(row: int, column: int) -> str:
    """Return the name that people give to a cell: "B7" for row 6 and column 1, both from 0."""
    letters, column = "", column + 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def spreadsheet(
    sheets: Iterable[Sheet | Remark], name: str, count: int, media_type: str, stated_title: str = ""
) -> Iterator[Document | Remark]:
    """Yield the document that the sheets make together, then what was left out of them.

    Args:
        sheets: The visible sheets in order, and remarks on what cannot be read.
        name: The file's name.
        count: How many visible sheets there are.
        media_type: The document's media type.
        stated_title: The title that the file states, if any.
    """
    remarks: list[Remark] = []
    text, blocks = assemble(_all_parts(sheets, count > 1, remarks))
    title = stated_title or _only_caption(text, blocks) or readable_stem(name)
    yield make_document(id=name, title=title, text=text, source=name, media_type=media_type, blocks=blocks)
    yield from remarks


def _only_caption(text: str, blocks: Sequence[Block]) -> str:
    """Return the title above the table of a workbook that begins with one."""
    if len(blocks) < 3 or blocks[0].kind is not BlockKind.HEADER:
        return ""
    caption = text[blocks[0].start : blocks[0].end]
    return caption if blocks[-1].context == caption else ""


def _all_parts(sheets: Iterable[Sheet | Remark], several: bool, remarks: list[Remark]) -> Iterator[Part]:
    for sheet in sheets:
        if isinstance(sheet, Remark):
            remarks.append(sheet)
            continue
        remarks += _remarks(sheet)
        _leave_out_hidden(sheet)
        _fill_merged(sheet)
        if sheet.cells or sheet.notes:
            yield from _parts(sheet, several or not _is_generic(sheet.name))


def _is_generic(name: str) -> bool:
    return name.strip().rstrip("0123456789").strip(" -_").casefold() in GENERIC_NAMES


def _remarks(sheet: Sheet) -> Iterator[Remark]:
    name = f'sheet "{sheet.name}"'
    rows = len(sheet.hidden_rows & sheet.cells.keys())
    columns = len(sheet.hidden_columns & {column for row in sheet.cells.values() for column in row})
    for count, what in ((rows, "row"), (columns, "column")):
        if count:
            yield Remark(f"{name}: {count:,} hidden {what}{'s' if count > 1 else ''} left out")
    if sheet.uncomputed:
        formulas = "1 formula has" if sheet.uncomputed == 1 else f"{sheet.uncomputed:,} formulas have"
        yield Remark(f"{name}: {formulas} no stored result; open the file in its program and save it")
    if sheet.unread_repeats:
        yield Remark(f"{name}: {sheet.unread_repeats:,} rows that only repeat the one above are left out")
    if sheet.is_cut:
        yield Remark(f"{name}: the columns after the first {MAX_COLUMNS:,} are left out")


def _leave_out_hidden(sheet: Sheet) -> None:
    for row in sheet.hidden_rows & sheet.cells.keys():
        del sheet.cells[row]
    for cells in sheet.cells.values() if sheet.hidden_columns else ():
        for column in sheet.hidden_columns & cells.keys():
            del cells[column]


def _fill_merged(sheet: Sheet) -> None:
    """Give every row and column that merged cells reach the text of the first of them.

    Rows that hold nothing else are left as they are: blank below the first, and in the first a title.
    """
    filled = {row: set(cells) for row, cells in sheet.cells.items()}
    for top, left, bottom, right in sheet.merged:
        text = sheet.cells.get(top, {}).get(left)
        if text is None:
            continue
        rows = range(top, bottom + 1) if bottom - top < len(filled) else filled
        for row in (row for row in rows if top <= row <= bottom and filled.get(row, {left}) != {left}):
            for column in range(left, min(right, MAX_COLUMNS - 1) + 1):
                sheet.cells[row].setdefault(column, text)


def _parts(sheet: Sheet, is_named: bool) -> Iterator[Part]:
    if is_named:
        yield Part(BlockKind.HEADING, sheet.name, level=1)
    for rows in _tables(sheet):
        yield from Grid(rows).parts()
    for place, text in sheet.notes:
        yield Part(BlockKind.TEXT, text, context=f"Note on {place}" if place else "")


def _tables(sheet: Sheet) -> Iterator[list[list[str]]]:
    """Yield the tables of a sheet: groups of rows with blank rows between, each cut at its blank columns.

    A group of which every row has a single cell is a title of the table below.
    """
    above: list[list[str]] = []
    for _, group in groupby(enumerate(sorted(sheet.cells)), key=lambda item: item[1] - item[0]):
        rows = [sheet.cells[row] for _, row in group]
        if all(len(row) == 1 for row in rows) and len(rows) <= 3:
            above += [[min(row.items())[1]] for row in rows]
            continue
        for i, table in enumerate(_side_by_side(rows)):
            yield [*(above if i == 0 else ()), *table]
        above = []
    if above:
        yield above


def _side_by_side(rows: list[dict[int, str]]) -> Iterator[list[list[str]]]:
    """Yield the tables that stand beside one another, with a blank column between two."""
    used = sorted({column for row in rows for column in row})
    runs = [[column for _, column in run] for _, run in groupby(enumerate(used), key=lambda item: item[1] - item[0])]
    if min(map(len, runs)) < 2:  # a column of its own is a part of the table
        runs = [list(range(used[0], used[-1] + 1))]
    for run in runs:
        yield [[row.get(column, "") for column in run] for row in rows]


class CellCounter:
    """Counts the cells of a workbook up to the limit."""

    def __init__(self) -> None:
        self._cells = 0

    @property
    def is_full(self) -> bool:
        """Whether the limit is exceeded."""
        return self._cells > MAX_CELLS

    def add(self) -> None:
        """Count a cell.

        Raises:
            DocumentError: there are too many.
        """
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise DocumentError(f"holds more than {MAX_CELLS:,} cells; split it")
