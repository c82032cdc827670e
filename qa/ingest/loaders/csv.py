"""Load tables: each row is a document with the cells as its text and the header as its title.

The title is embedded and searched with the text, so that the names of the columns find a row, but only the row's own
words are stored and cited.
"""

import csv
from collections.abc import Iterator
from io import StringIO

from qa.errors import DocumentError
from qa.ingest.decoding import decode
from qa.types import Document, make_document

DELIMITERS = ",;\t|"
CELL_SEPARATOR = " | "
"""What separates two cells of a row."""


def load(data: bytes, name: str) -> Iterator[Document]:
    """Yield a document for each row of a .csv or .tsv file after the header, in order, without empty rows.

    Raises:
        DocumentError: the file is binary or in no known encoding, or the row at the named line cannot be parsed.
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
        raise DocumentError(f"line {rows.line_num} is not a valid table row ({error})") from error


def _document(header: list[str], row: list[str], id: str) -> Document:
    title = ", ".join(" ".join(cell.split()) for cell in header)
    text = CELL_SEPARATOR.join(cell.strip() for cell in row)
    return make_document(id=id, title=title, text=text, source=id, media_type="text/csv")
