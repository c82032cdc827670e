"""OpenDocument presentations: each slide is a section, with all its words in order."""

import pytest

from qa.errors import DocumentError
from qa.ingest.loaders.odp import load
from tests.ingest.loaders.test_docx import split
from tests.support.word_files import frame, odf, page

HIDDEN = (
    '<style:style style:name="dp" style:family="drawing-page">'
    '<style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
)


def read(*pages, **options):
    return split(load(odf("".join(pages), "presentation", **options), "file.odp"))


def lines(*pages, **options):
    document, _ = read(*pages, **options)
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def test_titles_lists_and_notes():
    bullets = "<text:list><text:list-item><text:p>High</text:p></text:list-item></text:list>"
    slide = page(frame(bullets, kind="outline"), frame("Tides", kind="title"), notes="Say hello.")
    document, _ = read(slide, page(f"<draw:g>{frame('Free.')}</draw:g>"))
    shown = [(block.kind.value, document.text[block.start : block.end], block.context) for block in document.blocks]
    assert shown == [
        ("heading", "Tides", ""), ("item", "High", ""), ("text", "Say hello.", "Notes"), ("heading", "Slide 2", ""),
        ("text", "Free.", ""),
    ]  # fmt: skip


def test_shapes_tables_and_charts_are_read():
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    made = ("".join(map(cell.format, row)) for row in ("ab", "cd"))
    rows = "".join(f"<table:table-row>{row}</table:table-row>" for row in made)
    table = f'<draw:frame><table:table table:use-first-row-styles="true">{rows}</table:table></draw:frame>'
    shape = "<draw:custom-shape><text:p>In a shape</text:p></draw:custom-shape>"
    chart = '<draw:frame><draw:object xlink:href="./Object 1"><p/></draw:object><draw:image/></draw:frame>'
    space = 'xmlns:chart="urn:oasis:names:tc:opendocument:xmlns:chart:1.0" xmlns:text="t" xmlns:table="u"'
    title = "<chart:title><text:p>Ships</text:p></chart:title>"
    content = f"<x {space}><chart:chart>{title}<table:table>{rows}</table:table></chart:chart></x>"
    found = lines(page(frame("T", kind="title"), shape, table, chart), more={"Object 1/content.xml": content})
    assert found == [
        ("heading", "T"), ("text", "In a shape"), ("header", "a | b"), ("row", "c | d"), ("item", "Ships"),
        ("row", "a | b"), ("row", "c | d"),
    ]  # fmt: skip


def test_hidden_slides_are_named_not_read():
    document, remarks = read(page(frame("Kept")), page(frame("Secret"), style="dp"), automatic=HIDDEN)
    assert "Secret" not in document.text
    assert remarks == ["holds hidden slide 2, left out"]


def test_slide_without_text_is_named():
    document, remarks = read(page(frame("")), page(frame("Kept")))
    assert (document.text, remarks) == ("Slide 2\n\nKept", ["slide 1 holds no text, perhaps a picture"])


def test_text_document_is_refused():
    with pytest.raises(DocumentError, match=r"is a text document \(\.odt\), not a presentation"):
        list(load(odf("<text:p>x</text:p>"), "file.odp"))
