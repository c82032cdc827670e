"""Rich Text Format: its text without its formatting; the first line is the title."""

from collections.abc import Iterator

from striprtf.striprtf import rtf_to_text

from qa.errors import DocumentError
from qa.ingest.loaders.txt import title_line
from qa.types import Document, make_document

SIGNATURE = b"{\\rtf"


def load(data: bytes, name: str) -> Iterator[Document]:
    """The document in an .rtf file.

    Raises:
        DocumentError: it does not begin as such a file does, or names a character that there is none of.
    """
    if not data.lstrip().startswith(SIGNATURE):
        raise DocumentError("does not begin with {\\rtf, so it is no .rtf file")
    try:
        # Every byte outside ASCII is written as an escape, which names its encoding.
        latin = data.decode("latin-1")
        text: str = rtf_to_text(latin, errors="replace")
    except (OverflowError, ValueError) as error:
        raise DocumentError(f"names a character that there is none of ({error})") from error
    # A character outside the first plane is written in two halves.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    yield make_document(id=name, title=title_line(text), text=text, source=name, media_type="application/rtf")
