"""What a question asks for, and which spans surely are no answer to it."""

import pytest

from qa.reader.answer_types import has_wrong_type

NUMBERS = [
    "How many rooms are there?",
    "and how much did it cost",
    "What percentage of them voted?",
    "What was the price?",
]
TIMES = ["When did it open?", "when was it built", "In which year did she leave?", "On what date was it signed?"]
PERSONS = ["Who mends clocks?", "who is putins spokesman", "With whom did he speak?", "And who opened it?"]


@pytest.mark.parametrize("question", NUMBERS)
@pytest.mark.parametrize(
    ("span", "wrong"), [("12", False), ("nine years", False), ("a dozen", False), ("clocks", True)]
)
def test_a_number(question, span, wrong):
    assert has_wrong_type(question, span) is wrong


@pytest.mark.parametrize("question", TIMES)
@pytest.mark.parametrize(
    ("span", "wrong"), [("1742", False), ("last Tuesday", False), ("after the war", False), ("a red house", True)]
)
def test_a_time(question, span, wrong):
    assert has_wrong_type(question, span) is wrong


@pytest.mark.parametrize("question", PERSONS)
@pytest.mark.parametrize(
    ("span", "wrong"),
    [("Anna Berg", False), ("the brothers Vos", False), ("Анна", False), ("安娜", False), ("watchmaker", True)],
)
def test_a_name(question, span, wrong):
    assert has_wrong_type(question, span) is wrong


@pytest.mark.parametrize(
    "question",
    [
        "What did she sell?",
        "Why did it close?",
        "How did they travel?",
        "Which town is it?",
        "What happened to the man who mends clocks?",
        "When the shop opened, what was sold there?",
        "",
        "?",
    ],
)
def test_a_question_for_anything_else_rules_nothing_out(question):
    for span in ("clocks", "12", "Anna", "last Tuesday"):
        assert not has_wrong_type(question, span)


def test_what_is_said_before_the_question_is_not_asked():
    assert has_wrong_type("Who would have thought it? How many rooms are there?", "Anna")
    assert not has_wrong_type("How many rooms are there? Nobody knew. Who counted them?", "Anna")
    assert not has_wrong_type("When was it? Tell me what he sold.", "a red house")
