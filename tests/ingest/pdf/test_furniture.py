"""Check what is told from the text as a running head or a page number."""

from qa.ingest.pdf.furniture import split_furniture
from tests.support.pdf_lines import line, lines


def split(pages, **more):
    found = split_furniture(pages, 11, **more)
    return [[[one.text for one in part] for part in page] for page in found]


def page(number, *body, head="Annual report", foot=None):
    found = [line(head, y=40, page=number)] if head else []
    found += [line(text, y=100 + 14 * n, page=number) for n, text in enumerate(body)]
    return [*found, line(foot, y=800, page=number)] if foot else found


def test_repeated_head_and_counted_foot():
    pages = [page(n, f"text {'abc'[n]}", f"{'abc'[n]} more", foot=f"Page {n + 1} of 3") for n in range(3)]
    assert split(pages)[1] == [["Annual report"], ["text b", "b more"], ["Page 2 of 3"]]


def test_left_and_right_pages_have_different_heads():
    pages = [page(n, "a" * (n + 1), "b", head=("Harbours", "Anna Berg")[n % 2]) for n in range(6)]
    assert all(found[0] for found in split(pages))


def test_lone_page_number_is_furniture():
    assert split([page(0, "text", head=None, foot="1")])[0][2] == ["1"]
    assert split([page(0, "text", head=None, foot="iv")], labels=["iv"])[0][2] == ["iv"]
    assert split([page(0, "text", head=None, foot="1868")])[0][2] == []


def test_repeated_large_line_is_a_heading():
    pages = [
        [line("Risks", y=40, size=28, page=n), *lines(f"point {n}", "x" * n + "y", y=200, page=n)] for n in range(2)
    ]
    assert split(pages)[0][0] == []


def test_header_row_above_its_rows_is_no_head():
    pages = [[line("No|Member|Fee", y=40, page=n), line(f"{'a' * n}1|Anna|9", y=54, page=n)] for n in range(3)]
    assert [found[0] for found in split(pages)] == [[], [], []]


def test_file_of_equal_pages_has_text():
    assert [found[1] for found in split([[line("Anna", y=60, page=n)] for n in range(3)])] == [["Anna"]] * 3
    assert [found[1] for found in split([[line(f"{n + 1}", y=800, page=n)] for n in range(3)])] == [[]] * 3


def test_page_of_sentences_with_numbers_stays():
    pages = [[line(f"Page {n} says that keeper {n} earns much.", y=60, page=n)] for n in range(3)]
    assert [found[1] for found in split(pages)] == [[one.text for one in page] for page in pages]
