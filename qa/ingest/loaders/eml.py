"""Load e-mail messages: the main headers, then the text; each readable attachment is a document of its own."""

from collections.abc import Iterator

from qa.ingest.mail.message import read_message
from qa.types import Document, Remark


def load(data: bytes, name: str) -> Iterator[Document | Remark]:
    """Yield the document in an .eml file, then those in its attachments.

    Raises:
        DocumentError: the file has none of the main headers.
    """
    if data.strip():
        yield from read_message(data, name)
