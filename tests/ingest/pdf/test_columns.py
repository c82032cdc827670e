"""Check the reading order of runs."""

from qa.ingest.pdf.columns import regions
from tests.support.pdf_lines import run

LONG = "The harbour of the town was built by"


def column(left, text=LONG, count=5, y=100, order=0):
    return [run(f"{text} {n}", left, y + 14 * n, order=order + n) for n in range(count)]


def test_one_column_is_one_region():
    assert len(list(regions(column(60)))) == 1


def test_columns_are_regions_below_a_heading():
    left, right, heading = (
        column(60),
        column(320),
        run("A heading that goes over both of the columns of this page", 60, 60),
    )
    assert list(regions([heading, *left, *right])) == [[heading], left, right]


def test_three_columns_are_read_one_by_one():
    parts = [column(left) for left in (20, 260, 500)]
    assert list(regions([one for row in zip(*parts, strict=True) for one in row])) == parts


def test_short_cells_are_no_columns():
    rows = [one for n in range(5) for one in (run("Lisbon", 60, 100 + 14 * n), run("9 euros", 160, 100 + 14 * n))]
    assert len(list(regions(rows))) == 1


def test_index_drawn_by_columns_is_read_by_columns():
    left = column(60, "abc", 9)
    right = column(160, "def", 9, order=20)
    for one in right:
        one.text = "word"
    assert list(regions([*left, *right])) == [left, right]
