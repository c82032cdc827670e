"""Check how runs become lines."""

from qa.ingest.pdf.lines import read_lines
from tests.support.pdf_lines import run


def texts(*runs):
    return [line.text for line in read_lines(list(runs), 0)]


def test_lines_go_from_top_to_bottom():
    assert texts(run("two", y=120), run("one", y=100), run("three", y=140)) == ["one", "two", "three"]


def test_runs_of_a_line_go_from_left_to_right():
    (line,) = read_lines([run("right", 200), run("left", 60)], 0)
    assert [cell.text for cell in line.cells] == ["left", "right"]


def test_touching_runs_are_one_word():
    assert texts(run("Lis", 60), run("bon", 75)) == ["Lisbon"]


def test_raised_run_joins_its_word():
    assert texts(run("1998", 60), run("12", 80, y=97, size=7)) == ["1998¹²"]


def test_bullet_is_no_cell():
    (line,) = read_lines([run("•", 60), run("Storms", 90)], 0)
    assert len(line.cells) == 1


def test_dots_between_entry_and_number_are_shortened():
    assert texts(run("The pier . . . . . . . . 12")) == ["The pier … 12"]


def test_text_turned_otherwise_comes_last():
    assert texts(run("stamp", 10, 10, turn=1), run("The text of the page", 60, 100)) == [
        "The text of the page",
        "stamp",
    ]


def test_edge_is_where_full_lines_end():
    found = read_lines([run("word " * 8, y=100 + 14 * n) for n in range(20)] + [run("x" * 80, y=500)], 0)
    assert found[0].edge == found[0].right
