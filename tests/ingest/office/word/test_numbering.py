"""Labels of numbered paragraphs."""

from qa.ingest.markup import parse_xml
from qa.ingest.office.word.numbering import read_numbering


def level(at, style, text, more=""):
    return f'<lvl ilvl="{at}"><start val="1"/><numFmt val="{style}"/><lvlText val="{text}"/>{more}</lvl>'


def numbering(*levels, more=""):
    lists = f'<num numId="1"><abstractNumId val="0"/></num>{more}'
    return read_numbering(
        parse_xml(f'<x><abstractNum abstractNumId="0">{"".join(levels)}</abstractNum>{lists}</x>'.encode())
    )


def test_deeper_levels_begin_anew():
    made = numbering(level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2"))
    assert [made.next("1", at) for at in (0, 1, 1, 0, 1)] == ["I. ", "I.1 ", "I.2 ", "II. ", "II.1 "]


def test_legal_level_shows_figures():
    made = numbering(level(0, "upperRoman", "Article %1"), level(1, "decimal", "%1.%2", "<isLgl/>"))
    assert [made.next("1", at) for at in (0, 1)] == ["Article I ", "1.1 "]


def test_lists_share_or_restart_their_count():
    more = '<num numId="2"><abstractNumId val="0"/></num><num numId="3"><abstractNumId val="0"/>'
    more += '<lvlOverride ilvl="0"><startOverride val="1"/></lvlOverride></num>'
    made = numbering(level(0, "decimal", "%1."), more=more)
    assert [made.next(one, 0) for one in "1122331"] == ["1. ", "2. ", "3. ", "4. ", "1. ", "2. ", "3. "]


def test_bullets_and_unknown_lists_have_no_label():
    made = numbering(
        level(0, "bullet", "o"), level(1, "decimal", ""), level(2, "decimal", "(%3)", '<suff val="nothing"/>')
    )
    assert [made.next("1", 0), made.next("1", 1), made.next("1", 2), made.next("9", 0)] == ["", "", "(1)", ""]
