"""Load OpenDocument spreadsheets: a section for each visible sheet, a block for each row that knows its columns' names.

Cells are read as they are shown, dates as YYYY-MM-DD; no formula is computed, no link followed, no macro run.
"""

from collections.abc import Iterator
from zipfile import ZipFile

from lxml import etree

from qa.errors import DocumentError
from qa.ingest.archives import open_archive, read_member
from qa.ingest.markup import element_name, parse_xml, text_of
from qa.ingest.tables.sheet import MAX_COLUMNS, CellCounter, Sheet, name_of_cell, spreadsheet
from qa.ingest.tables.streaming import children, elements, local_attributes
from qa.types import Document, Remark

MANIFEST = "META-INF/manifest.xml"
MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"

MAX_ROWS = 1_048_576
"""Rows that a spreadsheet program can have."""

MAX_REPEATED_ROWS = 100
"""How often a row that is repeated is read; blank rows are repeated a million times, others hardly ever."""


def load(data: bytes, name: str) -> Iterator[Document | Remark]:
    """Yield the spreadsheet in an .ods file, and a remark for whatever is left out.

    Raises:
        DocumentError: the file is no .ods, is damaged or protected by a password, or exceeds the limits.
    """
    with open_archive(data) as archive:
        if MANIFEST in archive.namelist() and b"encryption-data" in read_member(archive, MANIFEST):
            raise DocumentError("is protected by a password; save it without one")
        reader = _Reader(archive)
        sheets = list(reader.sheets())
        count = sum(isinstance(one, Sheet) for one in sheets)
        yield from spreadsheet(sheets, name, count, MEDIA_TYPE, _title(archive))


def _title(archive: ZipFile) -> str:
    if "meta.xml" not in archive.namelist():
        return ""
    try:
        elements = parse_xml(read_member(archive, "meta.xml")).iter("{*}title")
    except DocumentError:
        return ""
    return next((element.text or "" for element in elements), "").strip()


class _Reader:
    """Reads the sheets one after the other."""

    def __init__(self, archive: ZipFile) -> None:
        self._events = elements(
            archive, "content.xml", "style", "table", "table-column", "table-row", "shapes", starts=True
        )
        self._counter = CellCounter()
        self._hidden_styles: set[str] = set()
        self._sheet = Sheet("")
        self._row = self._column = 0

    def sheets(self) -> Iterator[Sheet | Remark]:
        """Yield the visible sheets, and remarks on the others.

        Raises:
            DocumentError: no sheet can be read, or there are too many cells.
        """
        depth, is_hidden = 0, False  # of tables: one within a cell is no sheet
        try:
            for event, element in self._events:
                kind = element_name(element)
                step = 1 if event == "start" else -1
                depth += step if kind == "table" else 0
                if kind == "table" and event == "start" and depth == 1:
                    is_hidden = self._begin(element)
                elif kind == "table" and event == "end" and depth == 0:
                    name = self._sheet.name
                    yield Remark(f'sheet "{name}" is hidden, so it is left out') if is_hidden else self._sheet
                elif event == "end" and depth < 2:
                    self._read(kind, element)
        except DocumentError as error:
            if depth == 0 or self._counter.is_full:
                raise
            yield Remark(f'sheet "{self._sheet.name}" cannot be read to its end: it {error}')
            yield self._sheet

    def _begin(self, table: etree._Element) -> bool:
        """Begin a sheet, and return whether it is hidden."""
        stated = local_attributes(table)
        self._sheet, self._row, self._column = Sheet(stated.get("name", "")), 0, 0
        return stated.get("style-name") in self._hidden_styles

    def _read(self, kind: str, element: etree._Element) -> None:
        stated = local_attributes(element)
        is_visible = stated.get("visibility", "visible") == "visible"
        if kind == "style" and any(local_attributes(one).get("display") == "false" for one in element):
            self._hidden_styles.add(stated.get("name", ""))
        elif kind == "table-column":
            repeated = _count(stated, "number-columns-repeated", MAX_COLUMNS)
            if not is_visible:
                self._sheet.hidden_columns.update(range(self._column, self._column + repeated))
            self._column += repeated
        elif kind == "shapes":
            self._sheet.notes += [("", text_of(paragraph)) for paragraph in element.iter("{*}p")]
        elif kind == "table-row":
            self._read_row(element, _count(stated, "number-rows-repeated", MAX_ROWS), is_visible)

    def _read_row(self, element: etree._Element, repeated: int, is_visible: bool) -> None:
        cells = list(self._cells(element))
        self._sheet.unread_repeats += max(repeated - MAX_REPEATED_ROWS, 0) if cells else 0
        for row in range(self._row, self._row + (min(repeated, MAX_REPEATED_ROWS) if cells else 0)):
            for column, text in cells:
                self._counter.add()
                self._sheet.put(row, column, text)
            if not is_visible:
                self._sheet.hidden_rows.add(row)
        self._row += repeated

    def _cells(self, row: etree._Element) -> Iterator[tuple[int, str]]:
        """Yield the column and text of each cell that is not blank."""
        column = 0
        for cell in children(row, "table-cell", "covered-table-cell"):
            stated = local_attributes(cell)
            repeated = _count(stated, "number-columns-repeated", MAX_COLUMNS + 1)
            text = self._text(cell, stated, column) if len(cell) or stated.keys() & {"value", "formula"} else ""
            for place in range(column, column + repeated) if text.strip() else ():
                yield place, text
            spanned = [_count(stated, f"number-{what}-spanned", MAX_ROWS) for what in ("rows", "columns")]
            if spanned != [1, 1]:
                last_row, last_column = self._row + spanned[0] - 1, column + spanned[1] - 1
                self._sheet.merged.append((self._row, column, last_row, last_column))
            column += repeated

    def _text(self, cell: etree._Element, stated: dict[str, str], column: int) -> str:
        for note in children(cell, "annotation"):
            text = " ".join(text_of(paragraph) for paragraph in children(note, "p", "list"))
            self._sheet.notes.append((name_of_cell(self._row, column), text))
        shown = " ".join(filter(None, map(text_of, children(cell, "p", "list"))))
        if day := stated.get("date-value"):
            return day.removesuffix("T00:00:00").replace("T", " ").removesuffix(":00")
        if not shown and "formula" in stated and "value" not in stated:
            self._sheet.uncomputed += stated.get("value-type") != "string"
        shown = shown or stated.get("value", "")
        return shown.removesuffix(".0") if stated.get("value-type") == "float" else shown


def _count(stated: dict[str, str], name: str, most: int) -> int:
    """Return how often an element says that it is repeated, within limits."""
    text = stated.get(name, "1")
    return min(max(int(text), 1), most) if text.isdecimal() and len(text) < 10 else 1
