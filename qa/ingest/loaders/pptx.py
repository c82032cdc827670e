"""Load presentations (.pptx, .pptm, .ppsx): each slide is a section, with its tables, charts and speaker notes.

Hidden slides and comments are left out; macros are never run, and links never followed.
"""

from collections.abc import Iterator

from qa.errors import DocumentError
from qa.ingest.archives import open_archive
from qa.ingest.blocks import assemble
from qa.ingest.office.package import Package
from qa.ingest.office.slides import Slides
from qa.ingest.office.titles import choose
from qa.types import Document, Remark, make_document

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def load(data: bytes, name: str) -> Iterator[Document | Remark]:
    """Yield the document in a presentation, and what was left out.

    Raises:
        DocumentError: the file is no presentation, is damaged or protected by a password, or unpacks to too much.
    """
    with open_archive(data) as archive:
        package = Package(archive)
        slides = Slides(package)
        try:
            parts = list(slides.read())
        except RecursionError as error:
            raise DocumentError("is nested too deeply") from error
        title = choose(package.title(), "", parts)
    text, blocks = assemble(parts)
    yield make_document(id=name, title=title, text=text, source=name, media_type=MEDIA_TYPE, blocks=blocks)
    yield from map(Remark, (*slides.remarks(), *package.problems))
