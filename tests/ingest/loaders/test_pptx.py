"""Presentations: each slide is a section, with all its words in order."""

import pytest

from embeddings.encoders.hashing import HashingEncoder
from qa.errors import DocumentError
from qa.ingest.chunking import chunk
from qa.ingest.loaders.pptx import load
from tests.ingest.loaders.test_docx import split
from tests.support.word_files import OFFICE, docx, p, pptx, shape


def read(*slides, **options):
    return split(load(pptx(*slides, **options), "file.pptx"))


def lines(*slides, **options):
    document, _ = read(*slides, **options)
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def test_titles_are_headings_bullets_items():
    slide = shape("One", "Two", kind="") + shape("Tides", kind="title") + shape("Free.") + shape("7", kind="sldNum")
    assert lines(slide) == [
        ("heading", "Tides"), ("item", "One"), ("item", "Two"), ("text", "Free."), ("furniture", "7"),
    ]  # fmt: skip


def test_no_passage_crosses_slides():
    slides = [
        shape(title, kind="title") + shape(text) for title, text in (("Same", "It rains."), ("Same", "It snows."))
    ]
    document, _ = read(*slides, shape("No title here."))
    passages = chunk(document, HashingEncoder())
    assert [passage.text for passage in passages] == ["It rains.", "It snows.", "No title here."]
    assert passages[2].context.endswith("Slide 3")


def test_notes_say_what_they_are():
    notes = {1: shape("Say hello.", kind="body") + shape("1", kind="sldNum")}
    document, _ = read(shape("Tides", kind="ctrTitle"), notes=notes)
    note = document.blocks[1]
    assert (note.context, document.text[note.start : note.end]) == ("Notes", "Say hello.")


def test_hidden_slides_are_named_not_read():
    document, remarks = read(shape("Kept"), shape("Secret"), hidden=(2,))
    assert "Secret" not in document.text
    assert remarks == ["holds hidden slide 2, left out"]


def test_groups_tables_and_line_ends():
    cell = "<a:tc {}><a:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></a:txBody></a:tc>"
    rows = [
        [("", "City"), ("", "Tea")], [("", "Oslo"), ("", "black")], [('gridSpan="2"', "Both"), ('hMerge="1"', "")],
    ]  # fmt: skip
    made = "".join(f"<a:tr>{''.join(cell.format(*one) for one in row)}</a:tr>" for row in rows)
    table = (
        '<p:graphicFrame><p:nvGraphicFramePr/><a:graphic><a:graphicData><a:tbl><a:tblPr firstRow="1"/>'
        f"{made}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )
    power = "<a:r><a:t>10</a:t></a:r><a:r><a:rPr baseline='30000'/><a:t>3</a:t></a:r>"
    line = f"<a:p>{power}<a:br/><a:fld><a:t>May</a:t></a:fld></a:p>"
    slide = shape("T", kind="title") + f"<p:grpSp><p:nvGrpSpPr/><p:grpSp>{shape(line)}</p:grpSp></p:grpSp>" + table
    assert lines(slide) == [
        ("heading", "T"), ("text", "10³\nMay"), ("header", "City | Tea"), ("row", "Oslo | black"), ("row", "Both"),
    ]  # fmt: skip


def test_charts_are_tables_under_their_title():
    text = "<c:tx><c:rich><a:p><a:r><a:t>Ships a year</a:t></a:r></a:p></c:rich></c:tx>"
    point = '<c:pt idx="{}"><c:v>{}</c:v></c:pt>'
    series = (
        f"<c:ser><c:tx><c:strRef><c:strCache>{point.format(0, 'Ships')}</c:strCache></c:strRef></c:tx>"
        f"<c:cat>{point.format(0, '2019')}{point.format(1, '2020')}</c:cat>"
        f"<c:val>{point.format(0, '3')}{point.format(1, '4')}</c:val></c:ser>"
    )
    space = 'xmlns:c="urn:c" xmlns:a="urn:a"'
    inside = f"<c:title>{text}</c:title><c:plotArea>{series}</c:plotArea>"
    chart = f"<c:chartSpace {space}><c:chart>{inside}</c:chart></c:chartSpace>"
    frame = "<p:graphicFrame><a:graphic><a:graphicData><c:chart r:id='c'/></a:graphicData></a:graphic></p:graphicFrame>"
    links = {1: f'<R Id="c" Type="{OFFICE}/chart" Target="../charts/c.xml"/>'}
    found = lines(shape("T", kind="title") + frame, more={"ppt/charts/c.xml": chart}, links=links)
    assert found[1:] == [
        ("header", "Ships a year"), ("header", "Ships"), ("row", "2019 | 3"), ("row", "2020 | 4"),
    ]  # fmt: skip


def test_damaged_slide_is_named_rest_is_read():
    document, remarks = read(shape("One"), shape("Two"), more={"ppt/slides/slide1.xml": "<broken"})
    assert "Two" in document.text
    assert remarks[0].startswith("slide 1 cannot be read")


def test_comments_are_counted():
    links = {1: f'<R Id="c" Type="{OFFICE}/comments" Target="../c.xml"/>'}
    _, remarks = read(shape("One"), more={"ppt/c.xml": "<l><cm/><cm/></l>"}, links=links)
    assert remarks == ["holds 2 comments, left out"]


@pytest.mark.parametrize(("stated", "title"), [("On tea", "On tea"), ("PowerPoint Presentation", "Tides")])
def test_generated_title_is_ignored(stated, title):
    assert read(shape("x"), shape("Tides", kind="title"), title=stated)[0].title == title


def test_word_document_is_refused():
    with pytest.raises(DocumentError, match=r"is a Word document \(\.docx\), not a presentation"):
        list(load(docx(p("x")), "file.pptx"))
