"""Web pages: the main text as one document, with the title, site and day of publication that the page states."""

import re
from collections.abc import Iterator

import trafilatura

from qa.ingest.decoding import decode
from qa.ingest.loaders.txt import title_line
from qa.ingest.markup import html_text
from qa.types import Document, make_document

DECLARED_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
DECLARATION_BYTES = 4_096
"""Bytes at the beginning of a page in which it may say its encoding."""

SMALL_PAGE_CHARS = 1_000
"""Characters; in a page with no more, nothing but its text stands out, and all of it is kept."""

STATED_DATE = {"original_date": True, "extensive_search": False}
"""The day that the page's own particulars give, not one found in its text."""


def load(data: bytes, name: str) -> Iterator[Document]:
    """The document in a web page; scripts, navigation and comments are no part of it.

    Raises:
        DocumentError: binary, or in no known encoding.
    """
    page = _decoded(data)
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


def _decoded(data: bytes) -> str:
    """The page's characters: UTF-8 where it is that, else as the page declares, else the likeliest."""
    declared = DECLARED_CHARSET.search(data[:DECLARATION_BYTES])
    if declared and b"\0" not in data and not _is_utf8(data):
        try:
            return data.decode(declared[1].decode("ascii"), "replace")
        except LookupError:  # no encoding of that name
            pass
    return decode(data)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
