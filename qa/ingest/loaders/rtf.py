"""Load Rich Text Format: headings, paragraphs, lists, tables and notes in order.

Page headers and footers are kept at the end, outside all passages; comments, deleted and hidden text are left out.
"""

from collections.abc import Iterator

from qa.errors import DocumentError
from qa.ingest.blocks import assemble
from qa.ingest.office.rtf.reader import Reader
from qa.ingest.office.titles import choose
from qa.types import Document, Remark, make_document

SIGNATURE = b"{\\rtf"


def load(data: bytes, name: str) -> Iterator[Document | Remark]:
    """Yield the document in an .rtf file, and what was left out.

    Raises:
        DocumentError: the file does not begin with the SIGNATURE.
    """
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(SIGNATURE):
        raise DocumentError("does not begin with {\\rtf, so it is not an .rtf file")
    reader = Reader()
    parts = reader.read(data)
    text, blocks = assemble(parts)
    title = choose(reader.described.title, reader.styled_title, parts)
    yield make_document(id=name, title=title, text=text, source=name, media_type="application/rtf", blocks=blocks)
    yield from (Remark(f"holds {what}, left out") for what, times in sorted(reader.left_out.items()) if times)
