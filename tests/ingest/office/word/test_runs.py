"""Notes, and paragraphs whose end was deleted."""

from qa.ingest.markup import parse_xml
from qa.ingest.office.word.runs import is_joined_with_next, read_notes


def test_separators_are_no_notes():
    root = parse_xml(
        b'<x><footnote type="separator" id="-1"/><footnote type="normal" id="1"/><footnote id="2"/><other id="3"/></x>'
    )
    assert set(read_notes(root, "footnote", "decimal").bodies) == {"1", "2"}
    assert read_notes(None, "footnote", "decimal").bodies == {}


def test_deleted_mark_joins_paragraphs():
    assert is_joined_with_next(parse_xml(b"<pPr><rPr><del/></rPr></pPr>"))
    assert not is_joined_with_next(parse_xml(b"<pPr><rPr><ins/></rPr></pPr>"))
    assert not is_joined_with_next(None)
