"""What styles say of characters, titles and lists."""

import pytest

from qa.ingest.markup import parse_xml
from qa.ingest.office.odf.styles import Counter, Looks, read_styles

STYLES = read_styles(
    None,
    parse_xml(
        b'<x><style name="A" family="text" parent-style-name="B"><text-properties font-weight="bold"/></style>'
        b'<style name="B" family="text" parent-style-name="A"><text-properties text-position="33% 58%"/></style>'
        b'<style name="H" family="paragraph" parent-style-name="Heading_20_3"/>'
        b'<style name="P" family="paragraph" parent-style-name="Title"/>'
        b'<list-style name="L"><list-level-style-number level="1" num-format="i" num-prefix="(" num-suffix=")"/>'
        b'<list-level-style-bullet level="2"/><list-level-style-number level="3" num-format="1" display-levels="3"/>'
        b"</list-style></x>"
    ),
)


def test_looks_come_from_style_and_parents():
    assert STYLES.looks("text", "A", Looks()) == Looks(bold=True, script=1)
    assert STYLES.looks("text", "none", Looks(hidden=True)) == Looks(hidden=True)


@pytest.mark.parametrize(("name", "is_title"), [("Title", True), ("P", True), ("A", False), ("", False)])
def test_title_style(name, is_title):
    assert STYLES.is_title(name) is is_title


def test_counter_writes_labels():
    levels, counter = STYLES.lists["L"], Counter()
    assert [counter.next(levels, at) for at in (1, 2, 3, 3, 1)] == ["(i) ", "", "i.1 ", "i.2 ", "(ii) "]
    assert counter.next(levels, 1, 7) == "(vii) "
    assert counter.next({}, 1) == ""


@pytest.mark.parametrize(("name", "level"), [("Heading_20_2", 2), ("H", 3), ("P", 0)])
def test_level_of_paragraphs_styled_as_headings(name, level):
    assert STYLES.level(name) == level
