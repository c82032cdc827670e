"""Load OpenDocument texts: paragraphs, lists and tables in order.

The day on which a file was created is not the day on which it was published, so it is ignored.
"""

from collections.abc import Iterator
from zipfile import ZipFile

from qa.errors import DocumentError
from qa.ingest.archives import open_archive, read_member
from qa.ingest.loaders.txt import title_line
from qa.ingest.markup import element_name, parse_xml, text_of
from qa.types import Document, make_document

MANIFEST = "META-INF/manifest.xml"


def load(data: bytes, name: str) -> Iterator[Document]:
    """Yield the document in an .odt file.

    Raises:
        DocumentError: the file is no .odt, is damaged or protected by a password, or unpacks to too much.
    """
    with open_archive(data) as archive:
        if MANIFEST in archive.namelist() and b"encryption-data" in read_member(archive, MANIFEST):
            raise DocumentError("is protected by a password; save it without one")
        root = parse_xml(read_member(archive, "content.xml"))
        stated = _title(archive)
    text = "".join(text_of(element) for element in root if element_name(element) == "body")
    media_type = "application/vnd.oasis.opendocument.text"
    yield make_document(id=name, title=stated or title_line(text), text=text, source=name, media_type=media_type)


def _title(archive: ZipFile) -> str:
    if "meta.xml" not in archive.namelist():
        return ""
    elements = parse_xml(read_member(archive, "meta.xml")).iter()
    return next((element.text or "" for element in elements if element_name(element) == "title"), "").strip()
