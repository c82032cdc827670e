"""Documents made of a text."""

from qa.types import Document, make_document


def document(text: str, id: str = "d.txt", title: str = "") -> Document:
    """A document of that text."""
    return make_document(id=id, title=title, text=text, source=id, media_type="text/plain")
