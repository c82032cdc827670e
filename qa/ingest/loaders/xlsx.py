"""Load Excel workbooks: a section for each visible sheet, a block for each row that knows the names of its columns.

Values are read as they are stored: no formula is computed, no link followed, no macro run.
"""

import re
from collections.abc import Iterator
from zipfile import ZipFile

from lxml import etree

from qa.errors import DocumentError
from qa.ingest.archives import COMPOUND_SIGNATURE, open_archive, read_member
from qa.ingest.markup import element_name, parse_xml
from qa.ingest.tables.formats import shown_number
from qa.ingest.tables.sheet import MAX_COLUMNS, CellCounter, Sheet, spreadsheet
from qa.ingest.tables.streaming import children, elements
from qa.ingest.tables.workbook import ON, SheetEntry, Workbook, notes, read_workbook, rich_text
from qa.types import Document, Remark

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""What the container of a workbook with a password holds."""


def load(data: bytes, name: str) -> Iterator[Document | Remark]:
    """Yield the workbook in an .xlsx, .xlsm or .xltx file, and a remark for whatever is left out.

    Raises:
        DocumentError: the file is no workbook, is damaged or protected by a password, or exceeds the limits.
    """
    if data.startswith(COMPOUND_SIGNATURE):
        if ENCRYPTED in data:
            raise DocumentError("is protected by a password; save it without one")
        raise DocumentError("is in an older Office format or protected by a password; save it as .xlsx without one")
    with open_archive(data) as archive:
        workbook = read_workbook(archive)
        visible = [entry for entry in workbook.sheets if not entry.is_hidden]
        hidden = [entry.name for entry in workbook.sheets if entry.is_hidden]
        sheets = _sheets(archive, workbook, visible)
        yield from spreadsheet(sheets, name, len(visible), MEDIA_TYPE, _title(archive))
    yield from (Remark(f'sheet "{sheet}" is hidden, so it is left out') for sheet in hidden)


def _title(archive: ZipFile) -> str:
    member = "docProps/core.xml"
    if member not in archive.namelist():
        return ""
    try:
        titles = parse_xml(read_member(archive, member)).iter("{*}title")
    except DocumentError:
        return ""
    return next((element.text or "" for element in titles), "").strip()


def _sheets(archive: ZipFile, workbook: Workbook, entries: list[SheetEntry]) -> Iterator[Sheet | Remark]:
    counter = CellCounter()
    for entry in entries:
        sheet = Sheet(entry.name)
        try:
            _read_sheet(archive, workbook, entry.member, sheet, counter)
            sheet.notes += notes(archive, entry.member)
        except DocumentError as error:
            if counter.is_full:
                raise
            yield Remark(f'sheet "{entry.name}" cannot be read to its end: it {error}')
        yield sheet


def _read_sheet(archive: ZipFile, workbook: Workbook, member: str, sheet: Sheet, counter: CellCounter) -> None:
    row = -1
    for _, element in elements(archive, member, "row", "col", "mergeCell"):
        kind = element_name(element)
        if kind == "row":
            row = _number(element.get("r"), row + 2) - 1
            if element.get("hidden") in ON:
                sheet.hidden_rows.add(row)
            _read_row(element, row, workbook, sheet, counter)
        elif kind == "col" and element.get("hidden") in ON:
            first, last = _number(element.get("min"), 1), _number(element.get("max"), 1)
            sheet.hidden_columns.update(range(first - 1, min(last, MAX_COLUMNS)))
        elif kind == "mergecell":
            places = [_place(place) for place in element.get("ref", "").split(":")]
            if len(places) == 2 and places[0] and places[1]:
                sheet.merged.append((*places[0], *places[1]))


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else otherwise


def _place(reference: str) -> tuple[int, int] | None:
    """Return the row and column, from 0, of a reference such as "B7"."""
    found = REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found.group(2)) - 1, column - 1


def _read_row(element: etree._Element, row: int, workbook: Workbook, sheet: Sheet, counter: CellCounter) -> None:
    column = -1
    for cell in element:
        place = _place(cell.get("r", ""))
        column = place[1] if place else column + 1
        if len(cell) == 0:  # formatted, and empty
            continue
        text = _text(cell, workbook, sheet)
        if text.strip():
            counter.add()
            sheet.put(row, column, text)


def _text(cell: etree._Element, workbook: Workbook, sheet: Sheet) -> str:
    """Return what a cell shows."""
    kind = cell.get("t", "n")
    value = next((child.text or "" for child in children(cell, "v")), "")
    if kind == "inlineStr":
        return "".join(map(rich_text, children(cell, "is")))
    if not value and kind != "str" and next(children(cell, "f"), None) is not None:
        sheet.uncomputed += 1
    if kind == "s":
        number = _number(value, -1)
        return workbook.strings[number] if 0 <= number < len(workbook.strings) else ""
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(value, value)
    return value if kind in ("str", "e", "d") else _shown(value, cell.get("s"), workbook)


def _shown(value: str, style: str | None, workbook: Workbook) -> str:
    number = _number(style, 0)
    code = workbook.formats[number] if number < len(workbook.formats) else ""
    try:
        return shown_number(float(value), code, workbook.from_1904)
    except (ValueError, OverflowError):
        return value
