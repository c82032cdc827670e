"""Load Markdown as written, without rendering it; the first heading is the title."""

import re
from collections.abc import Iterator

from qa.ingest.decoding import decode
from qa.types import Document, make_document

HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


def load(data: bytes, name: str) -> Iterator[Document]:
    """Yield the document in an .md file.

    Raises:
        DocumentError: the file is binary or in no known encoding.
    """
    text = decode(data)
    heading = HEADING.search(text)
    title = heading[1] if heading else ""
    yield make_document(id=name, title=title, text=text, source=name, media_type="text/markdown")
