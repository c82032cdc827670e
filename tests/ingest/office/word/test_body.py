"""The body of a Word document as units."""

from io import BytesIO
from zipfile import ZipFile

from qa.ingest.office.package import Package
from qa.ingest.office.word.body import read_word
from tests.support.word_files import docx, p, run, tbl


def read(body, **parts):
    return read_word(Package(ZipFile(BytesIO(docx(body, **parts)))))


def test_parts_title_and_what_was_left_out():
    styles = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'
    found = read(p("The Book", style="T") + p("Kept.", run("x", "<w:vanish/>")), styles=styles)
    assert [part.text for part in found.parts] == ["The Book", "Kept."]
    assert (found.styled_title, found.left_out) == ("The Book", ["holds hidden text, left out"])


def test_caption_without_table_stays():
    styles = '<w:style w:type="paragraph" w:styleId="C"><w:name w:val="caption"/></w:style>'
    body = p("Figure 1", style="C") + p("Text.") + p("Figure 2", style="C")
    assert [part.text for part in read(body, styles=styles).parts] == ["Figure 1", "Text.", "Figure 2"]


def test_header_by_style_of_the_table():
    styles = '<w:style w:type="table" w:styleId="G"><w:name w:val="G"/><w:tblStylePr w:type="firstRow"/></w:style>'
    look = '<w:tblPr><w:tblStyle w:val="G"/><w:tblLook w:val="04A0"/></w:tblPr>'
    table = tbl(["City", "Tea"], ["Oslo", "black"])
    kinds = [part.kind.value for part in read(table.replace("<w:tblPr/>", look), styles=styles).parts]
    assert kinds == ["header", "row"]
    assert [part.kind.value for part in read(table, styles=styles).parts] == ["row", "row"]
