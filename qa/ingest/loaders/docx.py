"""Load Word documents: paragraphs and tables in order, without headers, footers and comments.

The day on which a file was created is not the day on which it was published, so it is ignored.
"""

from collections.abc import Iterator
from io import BytesIO

import docx
from docx.document import Document as Opened
from docx.table import Table, _Cell

from qa.ingest.archives import open_archive, read_member
from qa.ingest.blocks import CELL_SEPARATOR
from qa.ingest.loaders.txt import title_line
from qa.types import Document, make_document

GENERATED_TITLES = ("Word Document",)
"""Titles that a program made up."""


def load(data: bytes, name: str) -> Iterator[Document]:
    """Yield the document in a .docx file.

    Raises:
        DocumentError: the file is no .docx, is damaged or protected by a password, or unpacks to too much.
    """
    with open_archive(data) as archive:
        read_member(archive, "word/document.xml")
    opened = docx.Document(BytesIO(data))
    text = "\n\n".join(_blocks(opened))
    stated = opened.core_properties.title.strip()
    title = stated if stated not in GENERATED_TITLES else ""
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    yield make_document(id=name, title=title or title_line(text), text=text, source=name, media_type=media_type)


def _blocks(container: Opened | _Cell) -> Iterator[str]:
    """Yield the text of the paragraphs and tables that are not empty."""
    for block in container.iter_inner_content():
        text = "\n".join(_rows(block)) if isinstance(block, Table) else block.text
        if text.strip():
            yield text


def _rows(table: Table) -> Iterator[str]:
    for row in table.rows:
        cells = {id(cell._tc): cell for cell in row.cells}.values()  # a merged cell is listed once per cell it spans
        yield CELL_SEPARATOR.join(" ".join(" ".join(_blocks(cell)).split()) for cell in cells).rstrip()
