"""Markdown, kept as written: nothing is rendered, the first heading is the title."""

import re
from collections.abc import Iterator

from qa.decoding import decode
from qa.documents import make_document
from qa.types import Document

HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


def load(data: bytes, name: str) -> Iterator[Document]:
    """The document in a .md file.

    Raises:
        DocumentError: binary, or in no known encoding.
    """
    text = decode(data)
    heading = HEADING.search(text)
    title = heading[1] if heading else ""
    yield make_document(id=name, title=title, text=text, source=name, media_type="text/markdown")
