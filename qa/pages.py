"""Pages, derived from offsets: where a document has pages, a form feed in its text ends each but the last."""

from qa.types import Document

BREAK = "\f"
PAGED = ("application/pdf",)
"""Media types of documents that have pages. In other texts a form feed is a character like any other."""


def join_pages(pages: list[str]) -> str:
    """One text of the pages' texts; a form feed inside a page becomes a line feed, so that the count is right."""
    return BREAK.join(page.replace(BREAK, "\n") for page in pages)


def page_at(document: Document, offset: int) -> int | None:
    """The page, from 1, that the character at `offset` stands on; None where the document has no pages."""
    return document.text.count(BREAK, 0, offset) + 1 if document.media_type in PAGED else None
