"""Make documents from a text."""

from qa.types import Document, make_document


def document(text: str, id: str = "d.txt", title: str = "") -> Document:
    """Make a document with this text."""
    return make_document(id=id, title=title, text=text, source=id, media_type="text/plain")
