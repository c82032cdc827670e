"""A follow-up to a question that stands alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.conversation import leaves_something_out, standalone

GENEVA = ("Where did Lavrov and Blinken meet?", "They met in Geneva [1].")
OSLO = ("Where does Anna live?", "Anna lives in Oslo. [1]")


@pytest.mark.parametrize(
    "question",
    [
        "And when?",
        "How long did they talk?",
        "What did he say?",
        "What about NATO?",
        "Why?",
        "and the U.S.?",
        "Was it satisfactory?",
    ],
)
def test_a_follow_up_takes_in_what_went_before(question):
    assert leaves_something_out(question)
    understood = standalone(question, [GENEVA])
    assert understood.startswith(question)
    assert "Lavrov" in understood
    assert "Geneva" in understood


@pytest.mark.parametrize(
    "question",
    [
        "Where does Anna live?",
        "Who shrugged when asked about the OSCE obligations?",
        "How long did the talks between Lavrov and Blinken in Geneva last?",
        "What was said about NATO enlargement in December?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question):
    assert standalone(question, [GENEVA]) == question


@pytest.mark.parametrize("question", ["And when?", "Who is he?", "?"])
def test_without_history_nothing_is_added(question):
    assert standalone(question) == standalone(question, []) == question


def test_the_latest_turn_is_the_one_that_is_meant():
    understood = standalone("And when?", [GENEVA, OSLO])
    assert "Anna" in understood
    assert "Geneva" not in understood


def test_a_turn_that_says_nothing_is_passed_over():
    assert "Geneva" in standalone("And when?", [GENEVA, ("?", "")])


def test_a_long_history_costs_a_short_text():
    understood = standalone("And when?", [("Where? " + "x" * 50_000, "y " * 50_000)] * 500)
    assert len(understood) < 2_000


@given(st.text(), st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_any_text_is_kept_as_the_beginning(question, history):
    assert standalone(question, history).strip().startswith(question.strip())
