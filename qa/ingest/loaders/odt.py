"""Load OpenDocument texts (.odt, .ott, .fodt): headings, paragraphs, lists, tables and notes in order.

Page headers and footers are kept at the end, outside all passages; comments, deleted and hidden text are left out. The
day on which a file was created is not the day on which it was published, so it is ignored.
"""

from collections.abc import Iterator

from qa.errors import DocumentError
from qa.ingest.blocks import assemble
from qa.ingest.office.elements import descendants
from qa.ingest.office.odf.body import Body
from qa.ingest.office.odf.package import open_odf
from qa.ingest.office.odf.styles import read_styles
from qa.ingest.office.titles import choose
from qa.types import Document, Remark, make_document

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"


def load(data: bytes, name: str) -> Iterator[Document | Remark]:
    """Yield the document in an OpenDocument text, and what was left out.

    Raises:
        DocumentError: the file is no .odt, is damaged or protected by a password, or unpacks to too much.
    """
    opened = open_odf(data, "text")
    body = Body(read_styles(opened.styles, opened.content), opened.objects)
    try:
        parts = list(body.blocks(opened.body))
        parts += body.running_heads(opened.styles) if opened.styles is not None else ()
    except RecursionError as error:
        raise DocumentError("is nested too deeply") from error
    text, blocks = assemble(parts)
    title = choose(opened.title, body.title, parts)
    yield make_document(id=name, title=title, text=text, source=name, media_type=MEDIA_TYPE, blocks=blocks)
    yield from map(Remark, (*body.remarks(), *opened.problems))
    if not text and any(True for _ in descendants(opened.body, "image")):
        yield Remark("holds only pictures, so it may be scanned")
