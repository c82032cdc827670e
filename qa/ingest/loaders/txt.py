"""Plain text: the whole file is one document, its first line that is no furniture the title."""

from collections.abc import Iterator

from qa.ingest.boilerplate import is_boilerplate
from qa.ingest.decoding import decode
from qa.types import Document, make_document

MAX_TITLE_CHARS = 200
"""Characters; a longer first line is a paragraph, not a title."""

HEAD_CHARS = 5_000
"""Characters at the beginning of a text in which its title is looked for."""


def load(data: bytes, name: str) -> Iterator[Document]:
    """The document in a .txt file.

    Raises:
        DocumentError: binary, or in no known encoding.
    """
    text = decode(data)
    yield make_document(id=name, title=title_line(text), text=text, source=name, media_type="text/plain")


def title_line(text: str) -> str:
    """The first line that is no furniture, where it is short enough to be a title; else nothing."""
    lines = (line.strip() for line in text[:HEAD_CHARS].splitlines())
    first = next((line for line in lines if line and not is_boilerplate(line, (0, len(line)))), "")
    return first if len(first) <= MAX_TITLE_CHARS else ""
