"""What styles say of paragraphs and characters."""

import pytest

from qa.ingest.markup import parse_xml
from qa.ingest.office.word.styles import Format, read_styles

STYLES = read_styles(
    parse_xml(
        b'<x><style type="paragraph" default="1" styleId="N"><name val="Normal"/></style>'
        b'<style styleId="A"><name val="heading 2"/><basedOn val="B"/><rPr><b/></rPr></style>'
        b'<style styleId="B"><name val="b"/><basedOn val="A"/><pPr><numPr><numId val="4"/></numPr></pPr></style>'
        b'<style styleId="U"><name val="up"/><rPr><vertAlign val="superscript"/><vanish/></rPr></style></x>'
    )
)


def properties(inside):
    return parse_xml(f"<pPr>{inside}</pPr>".encode())


@pytest.mark.parametrize(
    ("inside", "level"),
    [
        ("", 0), ('<pStyle val="A"/>', 2), ('<pStyle val="B"/>', 2), ('<pStyle val="A"/><outlineLvl val="9"/>', 0),
        ('<outlineLvl val="8"/>', 6), ('<pStyle val="none"/>', 0),
    ],
)  # fmt: skip
def test_level_of_headings(inside, level):
    assert STYLES.level(properties(inside)) == level


def test_circle_of_styles_ends():
    assert len(STYLES.chain("A")) == 20


def test_numbering_comes_from_style_or_paragraph():
    assert STYLES.numbering(properties('<pStyle val="B"/>')) == ("4", 0)
    own = '<pStyle val="B"/><numPr><ilvl val="2"/><numId val="0"/></numPr>'
    assert STYLES.numbering(properties(own)) == ("", 2)
    assert STYLES.numbering(None) == ("", 0)


def test_format_of_a_run():
    run = parse_xml(b'<r><rPr><rStyle val="U"/><vanish val="0"/><rFonts ascii="Symbol"/></rPr></r>')
    assert STYLES.format(Format(bold=True), run) == Format(hidden=False, bold=True, script=1, font="Symbol")
    assert STYLES.paragraph_format(properties('<pStyle val="A"/>')).bold


def test_document_without_styles():
    assert read_styles(None).level(properties('<pStyle val="A"/>')) == 0
