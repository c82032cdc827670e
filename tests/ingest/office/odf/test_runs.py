"""What is inside a paragraph of an OpenDocument file."""

from qa.ingest.markup import parse_xml
from qa.ingest.office.lines import Line
from qa.ingest.office.odf.runs import MAX_SPACES, Runs
from qa.ingest.office.odf.styles import Styles


def read(inside, **options):
    runs, line = Runs(Styles(), lambda element: iter(()), **options), Line()
    runs.read(parse_xml(f"<p>{inside}</p>".encode()), line)
    return line, runs


def test_fields_show_their_content():
    assert read("On <date>3 May</date>, page <page-number>7</page-number>.")[0].text() == "On 3 May, page 7."


def test_endless_spaces_are_limited():
    line, _ = read('a<s c="999999999"/>b')
    assert line.text() == "a b"
    assert len("".join(line.pieces)) <= MAX_SPACES + 2


def test_unknown_object_is_counted():
    assert read('<object href="./Object 9"/>')[1].left_out == {"embedded files": 1}


def test_bookmarks_are_no_text():
    assert read('a<bookmark-start name="x"/>b<bookmark-end name="x"/><soft-page-break/>c')[0].text() == "abc"
