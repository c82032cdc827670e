"""The body of an OpenDocument file as units."""

from qa.ingest.markup import parse_xml
from qa.ingest.office.odf.body import MAX_REPEATED, Body
from qa.ingest.office.odf.styles import Styles


def blocks(inside):
    return list(Body(Styles()).blocks(parse_xml(f"<text>{inside}</text>".encode())))


def test_units_out_of_what_wraps_them():
    parts = blocks('<section><p>a</p><group><h outline-level="9">b</h></group></section><list><list-item/></list>')
    assert [(part.kind.value, part.level, part.text) for part in parts] == [("text", 0, "a"), ("heading", 6, "b")]


def test_repeated_rows_are_limited():
    cell = "<table-cell><p>{}</p></table-cell>"
    row = f'<table-row number-rows-repeated="999999">{cell.format("a")}{cell.format("b")}</table-row>'
    empty = '<table-row number-rows-repeated="999999"><table-cell/></table-row>'
    assert len(blocks(f"<table>{row}{empty}</table>")) == MAX_REPEATED


def test_caption_without_table_stays():
    parts = blocks('<p style-name="Caption">Figure 1</p><p>Text.</p>')
    assert [part.text for part in parts] == ["Figure 1", "Text."]
