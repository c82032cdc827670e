"""A paragraph out of its runs."""

import pytest

from qa.ingest.office.lines import Line, lower_signs, note_mark, raise_signs, squash


def test_white_space_is_one_blank_line_ends_stay():
    line = Line()
    for text in (" a\n b", "\u00ad", "\t c\u00a0d "):
        line.put(text)
    line.end_line()
    line.put("e")
    assert line.text() == "a b c d\ne"


def test_bold_needs_every_character():
    line = Line(bold=True)
    line.put("a")
    line.bold = False
    line.put(" ")
    assert line.all_bold
    line.put("b")
    assert not line.all_bold


def test_private_characters_are_symbols():
    line = Line()
    line.put("\uf061 \uf0b0")
    assert line.text() == "α °"


def test_blank_lines_are_dropped():
    assert squash("a \n \n b") == "a\nb"


@pytest.mark.parametrize(
    ("text", "up"), [("12", "¹²"), ("1,2", "¹,²"), ("2a", "²a"), ("th", "th"), ("n", "ⁿ"), ("-1", "⁻¹"), ("", "")]
)
def test_raised_digits_and_signs(text, up):
    assert raise_signs(text) == up


def test_lowered_digits():
    assert (lower_signs("2"), lower_signs("2x"), lower_signs("max")) == ("₂", "₂x", "max")


@pytest.mark.parametrize(
    ("mark", "shown"), [("3", "³"), (" 12 ", "¹²"), ("b", "[b]"), ("*", "*"), ("", ""), ("ii", "ⁱⁱ")]
)
def test_note_marks_stay_apart(mark, shown):
    assert note_mark(mark) == shown
