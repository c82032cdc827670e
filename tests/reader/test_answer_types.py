"""Detect the answer type of a question, and spans that are certainly not of that type."""

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
def test_number_questions(question, span, wrong):
    assert has_wrong_type(question, span) is wrong


@pytest.mark.parametrize("question", TIMES)
@pytest.mark.parametrize(
    ("span", "wrong"), [("1742", False), ("last Tuesday", False), ("after the war", False), ("a red house", True)]
)
def test_time_questions(question, span, wrong):
    assert has_wrong_type(question, span) is wrong


@pytest.mark.parametrize("question", PERSONS)
@pytest.mark.parametrize(
    ("span", "wrong"),
    [("Anna Berg", False), ("the brothers Vos", False), ("Анна", False), ("安娜", False), ("watchmaker", True)],
)
def test_person_questions(question, span, wrong):
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
def test_other_questions_rule_nothing_out(question):
    for span in ("clocks", "12", "Anna", "last Tuesday"):
        assert not has_wrong_type(question, span)


def test_only_the_last_sentence_counts():
    assert has_wrong_type("Who would have thought it? How many rooms are there?", "Anna")
    assert not has_wrong_type("How many rooms are there? Nobody knew. Who counted them?", "Anna")
    assert not has_wrong_type("When was it? Tell me what he sold.", "a red house")
