"""Inline text: white space, raised digits, line breaks."""

import pytest

from qa.ingest.html.inline import LINE_BREAK, collapse, defined, is_label, is_prose, paragraphs, script, verbatim

LONG = "The minister said on Monday that the talks"


def test_white_space_is_collapsed_and_soft_hyphens_dropped():
    assert collapse("a\n  b\tc\u00a0d gov\u00adern\u200bment") == "a b c d government"
    assert verbatim("a\r\n  b\u00ad") == "a\n  b"


@pytest.mark.parametrize(
    ("text", "name", "written"),
    [
        ("3", "sup", "³"), ("2", "sub", "₂"), ("n-1", "sup", "ⁿ⁻¹"), ("th", "sup", "th"), ("3, 4", "sup", "³, ⁴"),
        ("[3]", "sup", "[3]"), ("1st", "sup", "1st"), ("a", "sub", "a"),
    ],
)  # fmt: skip
def test_raised_and_lowered_text(text, name, written):
    assert script(text, name) == written


@pytest.mark.parametrize(
    ("pieces", "wanted"),
    [
        (["First line", "second line"], ["First line\nsecond line"]),
        (["One.", "", "Two."], ["One.", "Two."]),
        (["", "One.", ""], ["One."]),
        ([LONG + " in", "Geneva had ended."], [LONG + " in\nGeneva had ended."]),
        ([LONG + " had", "gone on for hours."], [LONG + " had gone on for hours."]),
    ],
)  # fmt: skip
def test_line_breaks(pieces, wanted):
    assert paragraphs(LINE_BREAK.join(pieces)) == wanted


def test_label_lacks_a_full_stop():
    assert is_label("By Anna Berg")
    assert not is_label("Tea was served.")
    assert not is_label("word " * 30)


def test_prose_is_told_from_code():
    assert is_prose("It rained all day.\n\nTea was served at four.")
    assert not is_prose("x = 1\n\ny = 2")


def test_term_is_joined_to_its_definition():
    assert defined("tea", "A drink.") == "tea: A drink."
    assert defined("tea:", "A drink.") == "tea: A drink."
