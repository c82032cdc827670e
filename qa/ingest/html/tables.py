"""Read the tables of a page: what is a table of data, and its rows with the headers of their columns."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lxml import etree

from qa.ingest.blocks import Part, table_parts
from qa.ingest.html.tree import is_hidden, tag
from qa.ingest.sections import CONTEXT_SEPARATOR
from qa.types import BlockKind

MAX_TABLE_CELLS = 500_000
"""Cells that a table may have once its spans are filled in."""

MAX_SPAN = 1_000
"""A larger span is a mistake: browsers stop there too."""

MAX_HEADER_CELL_CHARS = 60
MAX_CELL_CHARS = 1_000
"""A longer cell in a table without a header is a column of a page's layout."""

NESTED = frozenset({"table", "h1", "h2", "h3", "h4", "h5", "h6", "form", "article", "section", "main", "nav", "iframe"})
"""What a cell of data does not hold."""

CellText = Callable[[etree._Element], str]


@dataclass(slots=True)
class _Row:
    cells: list[str]
    """One for each column."""
    headers: int
    """How many cells of its own are headers."""
    own: int
    """How many cells are its own."""
    in_head: bool
    is_bold: bool


def is_layout(table: etree._Element) -> bool:
    """Return whether a table only places text on the page, so that it is read block by block."""
    if table.get("role") in ("presentation", "none"):
        return True
    rows = _rows(table)
    cells = [[cell for cell in row if tag(cell) in ("td", "th")] for row in rows]
    if max((sum(_span(cell, "colspan") for cell in row) for row in cells), default=0) < 2:
        return True
    if any(tag(node) in NESTED for row in cells for cell in row for node in cell.iter()):
        return True
    has_headers = any(tag(cell) == "th" for row in cells for cell in row) or any(tag(part) == "thead" for part in table)
    if has_headers and len(rows) > 1:
        return False
    return len(rows) < 2 or any(_is_long(cell) for row in cells for cell in row)


def _is_long(cell: etree._Element) -> bool:
    items = sum(tag(node) in ("li", "p", "pre", "dd") for node in cell.iter())
    return items > 3 or sum(len(text) for text in cell.itertext()) > MAX_CELL_CHARS


def _rows(table: etree._Element) -> list[etree._Element]:
    found = []
    for child in table:
        if is_hidden(child):
            continue
        if tag(child) == "tr":
            found.append(child)
        elif tag(child) in ("thead", "tbody", "tfoot"):
            found += [row for row in child if tag(row) == "tr" and not is_hidden(row)]
    return found


def _span(cell: etree._Element, name: str) -> int:
    stated = (cell.get(name) or "").strip()
    return min(max(int(stated), 1), MAX_SPAN) if stated.isascii() and stated.isdecimal() else 1


def table_rows(table: etree._Element, cell_text: CellText, context: str = "") -> Iterator[Part]:
    """Yield the caption, the header row and the rows of a table of data.

    A cell over several rows is in each of them, and a header over several columns heads each of them.
    """
    captions = [cell_text(child) for child in table if tag(child) == "caption" and not is_hidden(child)]
    caption = " ".join(" ".join(captions).split())
    rows = _filled(table, cell_text)
    heads = _head_rows(rows)
    headers = _headers(rows[:heads])
    named = CONTEXT_SEPARATOR.join(filter(None, (context, caption)))
    if caption:
        yield Part(BlockKind.HEADER, caption, context=context)
    group, is_first = "", True
    for row in [_Row([], 0, 0, False, False), *rows[heads:]]:
        if _is_group(row):
            group = next(filter(None, row.cells))
            yield Part(BlockKind.HEADER, group, context=named)
            continue
        for part in table_parts([row.cells] if row.cells else [], headers=headers):
            if part.kind is BlockKind.ROW or is_first:
                is_first = False
                yield replace(part, context=CONTEXT_SEPARATOR.join(filter(None, (named, group))))


def _is_group(row: _Row) -> bool:
    """Return whether a row is one header over all columns, for the rows below it."""
    return row.own == 1 == row.headers and len(row.cells) > 1 and any(row.cells)


def _head_rows(rows: list[_Row]) -> int:
    """Return how many rows at the top hold the headers of the columns."""
    count = 0
    for row in rows[:-1]:
        if not (row.in_head or row.headers == row.own > 1):
            break
        count += 1
    return count or int(_looks_like_header(rows))


def _looks_like_header(rows: list[_Row]) -> bool:
    if len(rows) < 3 and not (rows and rows[0].is_bold):
        return False
    first = rows[0].cells
    if not all(first) or len(set(first)) < len(first) or any(len(cell) > MAX_HEADER_CELL_CHARS for cell in first):
        return False
    if any(cell.isdigit() for cell in first) or rows[0].headers:
        return False
    columns = zip(first, *(row.cells for row in rows[1:]), strict=False)
    differs = any(not _is_number(head) and below and all(map(_is_number, below)) for head, *below in columns)
    return (rows[0].is_bold and not all(row.is_bold for row in rows)) or differs


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[^\w]*\d[\d.,:/\s−-]*\W*\w{0,3}\W*", cell))


def _headers(rows: list[_Row]) -> list[str]:
    """Join the header rows column by column, each text once."""
    columns = max((len(row.cells) for row in rows), default=0)
    found = [[row.cells[n] for row in rows if n < len(row.cells)] for n in range(columns)]
    return [" ".join(dict.fromkeys(filter(None, texts))) for texts in found]


def _filled(table: etree._Element, cell_text: CellText) -> list[_Row]:
    """Return the rows, each with a text for every column; what spans rows is repeated in each."""
    rows: list[_Row] = []
    below: dict[int, tuple[int, str]] = {}  # of each column: for how many more rows, what
    total = 0
    for element in _rows(table):
        cells: list[str] = []
        own = [cell for cell in element if tag(cell) in ("td", "th") and not is_hidden(cell)]
        for cell in own:
            _fill(cells, below)
            _place(cell, cell_text(cell), cells, below)
        _fill(cells, below)
        total += len(cells)
        if total > MAX_TABLE_CELLS:
            break
        headers = sum(tag(cell) == "th" for cell in own)
        parent = element.getparent()
        in_head = parent is not None and tag(parent) == "thead"
        rows.append(_Row(cells, headers, len(own), in_head, bool(own) and all(map(_is_bold, own))))
    width = max((len(row.cells) for row in rows), default=0)
    for row in rows:
        if width * len(rows) <= MAX_TABLE_CELLS and not _is_group(row):
            row.cells += [""] * (width - len(row.cells))
    return rows


def _fill(cells: list[str], below: dict[int, tuple[int, str]]) -> None:
    """Add what spans down into the next columns of a row."""
    while len(cells) in below:
        left, text = below.pop(len(cells))
        if left > 1:
            below[len(cells)] = (left - 1, text)
        cells.append(text)


def _place(cell: etree._Element, text: str, cells: list[str], below: dict[int, tuple[int, str]]) -> None:
    rows = _span(cell, "rowspan")
    for n in range(_span(cell, "colspan")):
        shown = text if n == 0 or tag(cell) == "th" else ""
        if rows > 1:
            below[len(cells)] = (rows - 1, shown)
        cells.append(shown)


def _is_bold(cell: etree._Element) -> bool:
    whole = "".join("".join(cell.itertext()).split())
    bold = "".join("".join("".join(node.itertext()).split()) for node in cell if tag(node) in ("b", "strong"))
    return tag(cell) == "th" or (bool(whole) and bold == whole)
