"""Plain text: the whole file is one document, its first line the title."""

from collections.abc import Iterator

from qa.decoding import decode
from qa.documents import make_document
from qa.types import Document

TITLE_AT_MOST = 200
"""Characters; a longer first line is a paragraph, not a title."""


def load(data: bytes, name: str) -> Iterator[Document]:
    """The document in a .txt file.

    Raises:
        DocumentError: binary, or in no known encoding.
    """
    text = decode(data)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    title = first if len(first) <= TITLE_AT_MOST else ""
    yield make_document(id=name, title=title, text=text, source=name, media_type="text/plain")
