"""Tables: each row is a document, its cells its text, the table's header its title.

The title is embedded and searched with the text, so a row is found by its columns' names, but what is stored and cited
are the row's own words.
"""

import csv
from collections.abc import Iterator
from io import StringIO

from qa.errors import DocumentError
from qa.ingest.decoding import decode
from qa.types import Document, make_document

DELIMITERS = ",;\t|"
CELL_SEPARATOR = " | "
"""Between two cells of a row."""


def load(data: bytes, name: str) -> Iterator[Document]:
    """The rows of a .csv or .tsv file after its header, in order, without those that are empty.

    Raises:
        DocumentError: binary, in no known encoding, or a cell that is longer than `csv` reads; names the line.
    """
    text = decode(data)
    first = text.lstrip().partition("\n")[0]
    rows = csv.reader(StringIO(text, newline=""), delimiter=max(DELIMITERS, key=first.count))
    header: list[str] | None = None
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if header is None:
                header = row
                continue
            yield _document(header, row, f"{name}:{rows.line_num}")
    except csv.Error as error:
        raise DocumentError(f"line {rows.line_num} is no row of a table ({error})") from error


def _document(header: list[str], row: list[str], id: str) -> Document:
    title = ", ".join(" ".join(cell.split()) for cell in header)
    text = CELL_SEPARATOR.join(cell.strip() for cell in row)
    return make_document(id=id, title=title, text=text, source=id, media_type="text/csv")
