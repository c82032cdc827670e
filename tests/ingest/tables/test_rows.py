import pytest

from qa.ingest.tables.rows import Dialect, read_lines, with_line_feeds


@pytest.mark.parametrize(("text", "wanted"), [("a\r\nb\rc", "a\nb\nc\n"), ("", "\n"), ("a\n", "a\n")])
def test_every_line_ends_in_a_line_feed(text, wanted):
    assert with_line_feeds(text) == wanted


def test_rows_know_their_first_line():
    lines = list(read_lines('a,b\n1,"x\ny"\n\n2,z\n', Dialect(",")))
    assert [(line.number, line.cells) for line in lines] == [
        (1, ["a", "b"]), (2, ["1", "x\ny"]), (4, [""]), (5, ["2", "z"])
    ]  # fmt: skip


def test_reading_may_start_below_the_first_line():
    (line,) = read_lines("sep=;\na;b\n", Dialect(";"), start=6, number=2)
    assert (line.number, line.cells) == (2, ["a", "b"])


def test_close_reading_gives_the_same_cells():
    text = 'a,"b, c",d "e"\n"f ""g""",h,"i\nj"\n'
    quick = [line.cells for line in read_lines(text, Dialect(","))]
    assert [line.cells for line in read_lines(text, Dialect(","), closely=True)] == quick


def test_half_pairs_of_quotes_are_counted():
    assert [line.loose for line in read_lines('"a;b",c\n', Dialect(";"), closely=True)] == [2]
    assert [line.loose for line in read_lines('"a;b",c\n', Dialect(","), closely=True)] == [0]
