"""Load plain text: the whole file is a document, and its first line that is no boilerplate is the title."""

from collections.abc import Iterator

from qa.ingest.boilerplate import is_boilerplate
from qa.ingest.decoding import decoded
from qa.types import Document, Remark, make_document

MAX_TITLE_CHARS = 200
"""A longer first line is a paragraph rather than a title."""

HEAD_CHARS = 5_000
"""Characters at the beginning of a text that are searched for its title."""


def load(data: bytes, name: str) -> Iterator[Document | Remark]:
    """Yield the document in a .txt file, with a remark if some of it is damaged.

    Raises:
        DocumentError: the file is binary or in no known encoding.
    """
    read = decoded(data)
    text = read.text
    yield make_document(id=name, title=title_line(text), text=text, source=name, media_type="text/plain")
    if read.remark:
        yield Remark(read.remark)


def title_line(text: str) -> str:
    """Return the first line that is no boilerplate; an empty string if it is too long for a title, or missing."""
    lines = (line.strip() for line in text[:HEAD_CHARS].splitlines())
    first = next((line for line in lines if line and not is_boilerplate(line, (0, len(line)))), "")
    return first if len(first) <= MAX_TITLE_CHARS else ""
