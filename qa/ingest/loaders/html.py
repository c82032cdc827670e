"""Load web pages: the main text, with the title, site and publication date that the page states."""

import re
from collections.abc import Iterator

import trafilatura

from qa.ingest.decoding import decode
from qa.ingest.loaders.txt import title_line
from qa.ingest.markup import html_text
from qa.types import Document, make_document

DECLARED_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
DECLARATION_BYTES = 4_096
"""Bytes at the beginning of a page that are searched for its encoding."""

SMALL_PAGE_CHARS = 1_000
"""In a page of at most this length the main text cannot be told from the rest, so all of it is kept."""

STATED_DATE = {"original_date": True, "extensive_search": False}
"""Options for trafilatura: take the date from the page's metadata, not from its text."""


def load(data: bytes, name: str) -> Iterator[Document]:
    """Yield the document in a web page, without its scripts, navigation and comments.

    Raises:
        DocumentError: the page is binary or in no known encoding.
    """
    page = _decode_page(data)
    known = trafilatura.extract_metadata(page, date_config=STATED_DATE)
    text = trafilatura.extract(page, include_comments=False) or ""
    if len(text) <= SMALL_PAGE_CHARS:
        whole = html_text(page)
        text = whole if len(whole) <= SMALL_PAGE_CHARS or not text else text
    yield make_document(
        id=name,
        title=known.title or title_line(text),
        text=text,
        source=name,
        media_type="text/html",
        published=known.date,
        publisher=known.sitename,
    )


def _decode_page(data: bytes) -> str:
    """Decode the page as UTF-8 if it is valid, else as the page declares, else in the likeliest encoding."""
    declared = DECLARED_CHARSET.search(data[:DECLARATION_BYTES])
    if declared and b"\0" not in data and not _is_utf8(data):
        try:
            return data.decode(declared[1].decode("ascii"), "replace")
        except LookupError:  # the declared encoding does not exist
            pass
    return decode(data)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
