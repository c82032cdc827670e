"""Load OpenDocument presentations (.odp): each slide is a section, with its tables and speaker notes.

Hidden slides and comments are left out.
"""

from collections.abc import Iterator

from qa.errors import DocumentError
from qa.ingest.blocks import assemble
from qa.ingest.office.odf.body import Body
from qa.ingest.office.odf.package import open_odf
from qa.ingest.office.odf.slides import OdfSlides
from qa.ingest.office.odf.styles import read_styles
from qa.ingest.office.titles import choose
from qa.types import Document, Remark, make_document

MEDIA_TYPE = "application/vnd.oasis.opendocument.presentation"


def load(data: bytes, name: str) -> Iterator[Document | Remark]:
    """Yield the document in an OpenDocument presentation, and what was left out.

    Raises:
        DocumentError: the file is no .odp, is damaged or protected by a password, or unpacks to too much.
    """
    opened = open_odf(data, "presentation")
    body = Body(read_styles(opened.styles, opened.content), opened.objects)
    slides = OdfSlides(body)
    try:
        parts = list(slides.read(opened.body))
    except RecursionError as error:
        raise DocumentError("is nested too deeply") from error
    text, blocks = assemble(parts)
    title = choose(opened.title, "", parts)
    yield make_document(id=name, title=title, text=text, source=name, media_type=MEDIA_TYPE, blocks=blocks)
    yield from map(Remark, (*slides.remarks(), *body.remarks(), *opened.problems))
