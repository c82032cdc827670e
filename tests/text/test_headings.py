"""Headings of plain text."""

import pytest

from qa.text.headings import headings
from qa.text.paragraphs import paragraphs

PROSE = "The harbour board met on Tuesday evening in the old customs house, and it voted on the fee for the night."


def found(*parts):
    text = "\n\n".join(parts)
    spans = paragraphs(text)
    return {text[slice(*spans[i])]: level for i, level in sorted(headings(text, spans).items())}


def test_numbered_headings_have_levels():
    parts = ["1. Introduction", PROSE, "2. Methods", "2.1 Data", PROSE, "2.1.1 Sources of Data", PROSE]
    assert found("A text", PROSE, *parts) == {
        "1. Introduction": 3,
        "2. Methods": 3,
        "2.1 Data": 4,
        "2.1.1 Sources of Data": 5,
    }


@pytest.mark.parametrize(
    "line", ["ARTICLE IV", "Section 2.1 Term", "Chapter 3: The Lamp", "Appendix B", "PART II – DUTIES", "Schedule 1"]
)
def test_divisions_are_headings(line):
    assert line in found("A text", PROSE, line, PROSE)


@pytest.mark.parametrize(
    "line",
    [
        "Part of the team",
        "Section 2.1 of the Agreement shall apply",
        "Book a Room in Time.",
        "Chapter 3 is about the Lamp",
        "700 Bay Road",
        "The fee is nine euros",
        "Is Tea Served?",
        "By Anna Smith",
        "Price: Nine Euros",
        "January 14, 2022",
    ],
)
def test_other_lines_are_no_headings(line):
    assert line not in found("A text", PROSE, line, PROSE, line, PROSE, line, PROSE)


def test_capitals_between_prose_are_headings():
    assert list(found("A text", PROSE, "DUTIES", PROSE, "FEES AND FINES", PROSE, "TERM", PROSE)) == [
        "DUTIES",
        "FEES AND FINES",
        "TERM",
    ]


def test_two_lines_in_title_case_are_text():
    assert found("A text", PROSE, "Anna Smith", PROSE, "Boris Jones", PROSE) == {}


def test_three_lines_in_title_case_are_headings():
    assert list(found("A text", PROSE, "The Pier", PROSE, "The Lamp", PROSE, "Fees and Fines", PROSE)) == [
        "The Pier",
        "The Lamp",
        "Fees and Fines",
    ]


def test_spaced_lists_are_text():
    names = ["Anna Smith", "Boris Jones", "Clara Berg", "Doris Lund", "Emil Holm"]
    assert found("A text", *names, PROSE) == {}
    assert found("A text", *(f"{n}. {name}" for n, name in enumerate(names, 1)), PROSE) == {}
    assert found("A text", "1. Wear gloves", "2. Ring the bell", "3. Turn the wheel", PROSE) == {}


@pytest.mark.parametrize(("rule", "level"), [("=", 2), ("-", 3)])
def test_underlined_line_is_a_heading(rule, level):
    assert found("A text", PROSE, f"The lamp\n{rule * 8}\n{PROSE}") == {"The lamp": level}


def test_rule_below_a_sentence_underlines_nothing():
    assert found(PROSE, "The lamp is old.\n----------------", PROSE, "Short\n" + "-" * 60, PROSE) == {}


def test_title_precedes_the_first_heading():
    assert found("The rules of the harbour", "1. Duties", PROSE, "2. Fees", PROSE)["The rules of the harbour"] == 1


def test_term_with_its_definition_below_is_text():
    text = '1.1. "Lamp"\n    means the light.'
    assert found("A text", PROSE, text, text.replace("1.1", "1.2")) == {}
