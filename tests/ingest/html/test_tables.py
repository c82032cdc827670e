"""Tables of pages: rows that know their headers, and tables that only place text."""

import pytest

from qa.ingest.html.tables import is_layout
from qa.ingest.html.tree import parse_page
from qa.ingest.html.walk import units_of
from qa.types import BlockKind


def parts(page):
    return [unit.part for unit in units_of(parse_page(page))]


def rows(page):
    return [[header for _, header in part.cells] for part in parts(page) if part.kind is BlockKind.ROW]


def lines(page):
    return [(part.kind.value, part.text) for part in parts(page)]


def test_rows_know_their_headers_and_caption():
    page = "<table><caption>Fees<thead><tr><th>Berth<th>Euros<tbody><tr><td>East<td>9<tr><td>West<td>11</table>"
    assert lines(page) == [("header", "Fees"), ("header", "Berth | Euros"), ("row", "East | 9"), ("row", "West | 11")]
    assert rows(page) == [["Berth", "Euros"]] * 2
    assert {part.context for part in parts(page)[1:]} == {"Fees"}


@pytest.mark.parametrize(
    ("first", "has_header"),
    [
        ("<td><b>Berth</b><td><b>Euros</b>", True),
        ("<td>Berth<td>Euros", True),
        ("<td>North<td>7", False),
        ("<td>Berth<td>", False),
    ],
)
def test_first_row_is_header_if_it_looks_like_one(first, has_header):
    page = f"<table><tr>{first}<tr><td>East<td>9<tr><td>West<td>11</table>"
    assert rows(page)[-1] == (["Berth", "Euros"] if has_header else ["", ""])


def test_spans_are_filled_in():
    page = (
        "<table><tr><th rowspan=2>Berth<th colspan=2>Euros<tr><th>Day<th>Week"
        "<tr><td rowspan=2>East<td>9<td>50<tr><td>10<td>55</table>"
    )
    assert lines(page) == [
        ("header", "Berth | Euros Day | Euros Week"), ("row", "East | 9 | 50"), ("row", "East | 10 | 55")
    ]  # fmt: skip
    assert rows(page)[0] == ["Berth", "Euros Day", "Euros Week"]


def test_header_over_all_columns_heads_the_rows_below():
    page = "<table><tr><th>a<th>b<tr><th colspan=2>East<tr><td>1<td>2<tr><th colspan=2>West<tr><td>3<td>4</table>"
    assert [part.context for part in parts(page) if part.kind is BlockKind.ROW] == ["East", "West"]


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>One.</table>",
        "<table role=presentation><tr><th>a<th>b<tr><td>c<td>d</table>",
        "<table><tr><td><h1>Tea</h1><td>x<tr><td>y<td>z</table>",
        "<table><tr><td><ul><li>Tea<li>a<li>b<li>c</ul><td>x<tr><td>y<td>z</table>",
        "<table><tr><td><table><tr><td>Tea</table><td>x<tr><td>y<td>z</table>",
        f"<table><tr><td>{'Long text. ' * 200}<td>x<tr><td>y<td>z</table>",
    ],
)
def test_layout_is_read_block_by_block(table):
    assert is_layout(next(parse_page(table).iter("table")))
    assert not rows(table)


def test_huge_spans_end():
    page = f"<table><tr><th>a<th>b<tr>{'<td colspan=9999999 rowspan=9999999>x' * 5}<tr><td>c<td>d</table>"
    assert len("".join(part.text for part in parts(page))) < 1_000_000


def test_hidden_rows_and_cells_stay_out():
    page = "<table><tr><th>a<th>b<tr hidden><td>no<td>no<tr><td>c<td>d<td hidden>no</table>"
    assert lines(page) == [("header", "a | b"), ("row", "c | d")]
