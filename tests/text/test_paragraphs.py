"""Paragraphs of plain text: which lines belong together."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.paragraphs import paragraphs

WRAPPED = """\
The harbour board met on Tuesday evening in the old customs house and
discussed the state of the mooring places for three hours, and then it
voted on the fee."""

LINES = st.sampled_from(
    [
        "",
        " ",
        "Anna sails.",
        "- pears",
        "> quoted words",
        "x" * 130,
        "word " * 13,
        "and so on",
        "1.1. Term",
        "-----",
        "a\tb",
    ]
)
TEXTS = st.one_of(st.text(st.characters()), st.lists(LINES, max_size=30).map("\n".join))


def cut(text, apart=()):
    return [" ".join(text[start:end].split()) for start, end in paragraphs(text, apart)]


def one(text):
    return " ".join(text.split())


@given(TEXTS)
def test_paragraphs_are_sorted_disjoint_and_complete(text):
    spans = paragraphs(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
    covered = {place for span in spans for place in range(*span)}
    assert not {place for place, c in enumerate(text) if not c.isspace()} - covered


@given(TEXTS)
def test_paragraph_by_itself_is_one(text):
    for start, end in paragraphs(text.replace("\t", " ")):
        assert paragraphs(text.replace("\t", " ")[start:end])[0][0] == 0


@pytest.mark.parametrize(
    "other",
    ["x " * 100, "https://example.org/" + "path/" * 40, "A code line that is " + "very " * 15 + "long", "short"],
    ids=["unwrapped", "address", "wider", "short"],
)
def test_other_lines_do_not_change_wrapping(other):
    assert one(WRAPPED) in cut(f"{WRAPPED}\n\n{other}\n\n{WRAPPED}")


def test_long_address_within_stays_in_paragraph():
    text = WRAPPED.replace("discussed", "read\nhttps://example.org/" + "page/" * 30 + "\nand discussed")
    assert len(cut(text)) <= 2


def test_title_above_wrapped_text_is_apart():
    assert cut(f"{WRAPPED}\n\nThe board votes on the fee for mooring\nThe fee rises.\n\n{WRAPPED}")[1:3] == [
        "The board votes on the fee for mooring",
        "The fee rises.",
    ]


def test_lines_of_unwrapped_text_are_apart():
    long = "The board met on Tuesday and spoke about the fee. " * 4
    assert cut(f"{long}\nThe chairman of the board spoke of the fee\nNobody objected\n{long}") == [
        one(long),
        "The chairman of the board spoke of the fee",
        "Nobody objected",
        one(long),
    ]


def test_hand_wrapped_lines_are_joined():
    text = (
        "The ferry leaves the pier at nine in the morning and comes back\n"
        "in the evening, unless the wind is too strong for the harbour\n"
        "master to let it go. On such days the company Viking\n"
        "Lines pays the passengers for the night in a hotel in the\n"
        "town."
    )
    assert cut(text) == [one(text)]


def test_item_keeps_its_hanging_lines():
    assert cut("- Wear gloves when\n  handling the rope.\n- Never stand\n  on the gate.") == [
        "- Wear gloves when handling the rope.",
        "- Never stand on the gate.",
    ]


@pytest.mark.parametrize("mark", ["a)", "(b)", "(iv)", "2.", "2.1.", "•", "–"])
def test_items_after_a_colon_are_apart(mark):
    assert cut(f"The keeper shall do this:\n\n{mark} light the lamp") == [
        "The keeper shall do this:",
        f"{mark} light the lamp",
    ]


def test_quoted_lines_are_joined_by_depth():
    quoted = WRAPPED.replace("\n", "\n> ")
    assert cut(f"> {quoted}\n>> Older words.\nNew words.") == [one(f"> {quoted}"), ">> Older words.", "New words."]


@pytest.mark.parametrize(
    "text",
    [
        "Summer            from 6:00            to 22:30 daily\nWinter            from 8:00            to 17:00 daily",
        "Introduction to the harbour and its pier ........ 3\nScope of the rules that are given there ........ 5",
        "The lamp of the tower is described in this chapter\n==================================================",
    ],
    ids=["columns", "contents", "rule"],
)
def test_lines_that_are_no_prose_stay_apart(text):
    assert len(cut(text)) == 2


@pytest.mark.parametrize("hyphen", ["-", "\u00ad"])
def test_hyphenated_word_joins_its_lines(hyphen):
    text = f"The light{hyphen}\nhouse is old."
    assert paragraphs(text) == [(0, len(text))]


def test_sentence_goes_on_after_a_form_feed():
    assert len(cut(WRAPPED.replace("and\ndiscussed", "and\fdiscussed"))) == 1


@pytest.mark.parametrize("end", ["\r\n", "\r", "\v", "\x85", "\u2028"])
def test_all_line_ends_are_known(end):
    assert cut(WRAPPED.replace("\n", end)) == [one(WRAPPED)]


def test_lines_set_apart_are_paragraphs():
    assert len(cut(WRAPPED, {WRAPPED.index("discussed")})) == 3
