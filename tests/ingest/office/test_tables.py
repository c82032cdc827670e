"""Units of tables: which row is the header, and what merged, long and nested cells become."""

import pytest

from qa.ingest.blocks import Part
from qa.ingest.office.tables import MAX_CELL_CHARS, Cell, Row, table
from qa.types import BlockKind


def cell(text, **more):
    return Cell([Part(BlockKind.TEXT, text)] if text else [], **more)


def rows(*texts, bold=False, header=False):
    return [Row([cell(text, bold=bold and not at) for text in row], header and not at) for at, row in enumerate(texts)]


def kinds(parts):
    return [part.kind.value for part in parts]


def headers(parts):
    return [[header for _, header in part.cells] for part in parts if part.kind is BlockKind.ROW]


PLAIN = [["City", "Tea"], ["Oslo", "black"]]


@pytest.mark.parametrize(
    ("made", "options", "found"),
    [
        (rows(*PLAIN, header=True), {}, ["header", "row"]),
        (rows(*PLAIN, bold=True), {}, ["header", "row"]),
        (rows(*PLAIN), {"styled": True}, ["header", "row"]),
        (rows(*PLAIN), {}, ["row", "row"]),
        (rows(["City", "Land", "People"], ["Oslo", "Norway", "700"]), {}, ["header", "row"]),
        (rows(["City", "Land", "1048"], ["Oslo", "Norway", "700"]), {}, ["row", "row"]),
        (rows(["It rained all day.", "Tea", "a"], ["b", "c", "1"]), {}, ["row", "row"]),
        (rows(["", "Tea", "Cups"], ["Oslo", "black", "1"]), {}, ["header", "row"]),
        (rows(*PLAIN, header=True)[:1], {}, ["row"]),
    ],
)
def test_header_row_is_stated_bold_or_above_figures(made, options, found):
    assert kinds(table(made, **options)) == found


def test_uncertain_header_stays_a_row_and_names_columns():
    parts = list(table(rows(["City", "Since"], ["Oslo", "1048"], ["Riga", "1201"])))
    assert kinds(parts) == ["row", "row", "row"]
    assert headers(parts) == [["", ""], ["City", "Since"], ["City", "Since"]]


def test_two_header_rows_name_columns_together():
    top = Row([cell("Town"), cell("People", span=2)], header=True)
    low = Row([cell(""), cell("1900"), cell("2000")], header=True)
    parts = list(table([top, low, Row([cell("Oslo"), cell("1"), cell("2")])]))
    assert [part.text for part in parts[:2]] == ["Town | People", "1900 | 2000"]
    assert headers(parts) == [["Town", "People 1900", "People 2000"]]


def test_cell_from_above_is_the_context():
    made = [Row([cell("North"), cell("Oslo")]), Row([cell("", continues=True), cell("Riga")])]
    parts = list(table(made, caption="Towns"))
    assert [(part.text, part.context) for part in parts[1:]] == [
        ("North | Oslo", "Towns"),
        ("Riga", "Towns | North"),
    ]


def test_endless_span_is_limited():
    parts = list(table([Row([cell("a", span=10**9), cell("b")]), Row([cell("c"), cell("d")])]))
    assert len(parts[0].text) < 1_000


def test_long_cells_are_paragraphs():
    parts = list(table([Row([cell("x" * (MAX_CELL_CHARS + 1)), cell("side")])]))
    assert kinds(parts) == ["text", "text"]


def test_single_column_is_paragraphs_under_caption():
    made = [Row([cell("One.")]), Row([cell("Two.")])]
    assert [part.text for part in table(made, caption="Box")] == ["Box", "One.", "Two."]


def test_nested_units_follow_their_row():
    inner = Part(BlockKind.ROW, "c | d")
    parts = list(table([Row([cell("a"), cell("b", nested=[inner])]), Row([cell("e"), cell("f")])]))
    assert [part.text for part in parts] == ["a | b", "c | d", "e | f"]


def test_empty_table_has_no_units():
    assert list(table([])) == []
