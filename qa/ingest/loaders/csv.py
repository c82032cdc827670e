"""Load tables of delimited text: a file is a document, and each row a block that knows the names of its columns.

What is stored and cited are the file's own words: the cells without their quotes, a line for each row.
"""

from collections.abc import Iterator

from qa.ingest.blocks import assemble
from qa.ingest.decoding import decode
from qa.ingest.tables.dialect import find_dialect
from qa.ingest.tables.grid import Grid, readable_stem
from qa.ingest.tables.rows import Line, read_lines, with_line_feeds
from qa.types import BlockKind, Document, Remark, make_document

MAX_CELLS = 5_000_000
"""Cells of one file that are read; each takes about a hundred bytes of memory while the file is indexed."""

MAX_ROWS = 1_000_000

MAX_LINES_NAMED = 5
"""Lines that a remark names one by one."""


def load(data: bytes, name: str) -> Iterator[Document | Remark]:
    """Yield the table in a .csv, .tsv or .tab file, then a remark for what was left out or could not be parsed.

    Raises:
        DocumentError: the file is binary or in no known encoding.
    """
    text = with_line_feeds(decode(data))
    dialect, start = find_dialect(text, name)
    rows = _Rows(read_lines(text, dialect, start, number=text.count("\n", 0, start) + 1))
    grid = Grid(rows)
    joined, blocks = assemble(grid.parts())
    title = grid.head.caption or readable_stem(name)
    yield make_document(id=name, title=title, text=joined, source=name, media_type="text/csv", blocks=blocks)
    if grid.head.header and blocks[-1].kind is not BlockKind.ROW:
        yield Remark("holds the header of a table without any rows")
    yield from rows.remarks()


class _Rows:
    """The rows of a file up to the limits, and what is wrong with them."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._unclosed: list[int] = []
        self._cut = 0

    def __iter__(self) -> Iterator[list[str]]:
        cells = 0
        for count, line in enumerate(self._lines):
            cells += len(line.cells)
            if count >= MAX_ROWS or cells > MAX_CELLS:
                self._cut = line.number
                return
            if line.unclosed:
                self._unclosed.append(line.number)
            yield line.cells

    def remarks(self) -> Iterator[Remark]:
        """Yield what is wrong with the rows read so far."""
        if self._unclosed:
            named = ", ".join(map(str, self._unclosed[:MAX_LINES_NAMED]))
            more = f" and {len(self._unclosed) - MAX_LINES_NAMED:,} more" if self._unclosed[MAX_LINES_NAMED:] else ""
            lines, read = ("line", "it was read") if len(self._unclosed) == 1 else ("lines", "they were read")
            yield Remark(f"{lines} {named}{more} cannot be parsed (a quote is never closed), so {read} without quotes")
        if self._cut:
            yield Remark(
                f"line {self._cut:,} and all below are left out (more than {MAX_ROWS:,} rows or {MAX_CELLS:,} cells);"
                " split the file"
            )
