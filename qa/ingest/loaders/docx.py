"""Load Word documents (.docx, .docm, .dotx, .dotm): headings, paragraphs, lists, tables and notes in order.

Page headers and footers are kept at the end, outside all passages; comments, deleted and hidden text are left out. The
day on which a file was created is not the day on which it was published, so it is ignored.
"""

from collections.abc import Iterator

from qa.errors import DocumentError
from qa.ingest.archives import open_archive
from qa.ingest.blocks import assemble
from qa.ingest.office.package import Package
from qa.ingest.office.titles import choose
from qa.ingest.office.word.body import read_word
from qa.types import Document, Remark, make_document

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def load(data: bytes, name: str) -> Iterator[Document | Remark]:
    """Yield the document in a Word file, and what was left out.

    Raises:
        DocumentError: the file is no Word document, is damaged or protected by a password, or unpacks to too much.
    """
    with open_archive(data) as archive:
        package = Package(archive)
        try:
            found = read_word(package)
        except RecursionError as error:
            raise DocumentError("is nested too deeply") from error
        title = choose(package.title(), found.styled_title, found.parts)
        holds_pictures = any("/media/" in member for member in archive.namelist())
    text, blocks = assemble(found.parts)
    yield make_document(id=name, title=title, text=text, source=name, media_type=MEDIA_TYPE, blocks=blocks)
    yield from map(Remark, found.left_out)
    if not text and holds_pictures:
        yield Remark("holds only pictures, so it may be scanned")
