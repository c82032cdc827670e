"""Load Rich Text Format: the text without its formatting; the first line is the title."""

from collections.abc import Iterator

from striprtf.striprtf import rtf_to_text

from qa.errors import DocumentError
from qa.ingest.loaders.txt import title_line
from qa.types import Document, make_document

SIGNATURE = b"{\\rtf"


def load(data: bytes, name: str) -> Iterator[Document]:
    """Yield the document in an .rtf file.

    Raises:
        DocumentError: the file does not begin with the SIGNATURE, or contains an escape for no existing character.
    """
    if not data.lstrip().startswith(SIGNATURE):
        raise DocumentError("does not begin with {\\rtf, so it is not an .rtf file")
    try:
        # Every byte outside ASCII is written as an escape, which names its encoding.
        latin = data.decode("latin-1")
        text: str = rtf_to_text(latin, errors="replace")
    except (OverflowError, ValueError) as error:
        raise DocumentError(f"contains an escape for a character that does not exist ({error})") from error
    # A character beyond U+FFFF is written as two surrogates.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    yield make_document(id=name, title=title_line(text), text=text, source=name, media_type="application/rtf")
