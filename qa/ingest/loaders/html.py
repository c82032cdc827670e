"""Load web pages: the main text block by block, with the title, site and publication date that the page states."""

from collections.abc import Iterator

import trafilatura

from qa.ingest.blocks import assemble
from qa.ingest.html.encodings import decode_page
from qa.ingest.html.page import read_page
from qa.ingest.loaders.txt import title_line
from qa.types import Document, Remark, make_document

STATED_DATE = {"original_date": True, "extensive_search": False}
"""Options for trafilatura: take the date from the page's metadata, not from its text."""


def load(data: bytes, name: str) -> Iterator[Document | Remark]:
    """Yield the document in a web page, without its scripts and navigation, and a remark on what was left out.

    Raises:
        DocumentError: the page is binary or in no known encoding.
    """
    page = decode_page(data)
    known = trafilatura.extract_metadata(page, date_config=STATED_DATE)
    read = read_page(page)
    text, blocks = assemble(read.parts)
    yield make_document(
        id=name,
        title=(known.title or "").rstrip("¶ ") or title_line(text),
        text=text,
        source=name,
        media_type="text/html",
        published=known.date,
        publisher=known.sitename,
        blocks=blocks,
    )
    if read.remark:
        yield Remark(read.remark)
