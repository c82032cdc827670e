"""Questions as they were typed."""

import pytest

from qa.answering.question import MAX_QUESTION_CHARS, clean_question
from qa.errors import QuestionError


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("  Who?\n", "Who?"),
        ("Who\0is\x1bit?", "Who is it?"),
        ("Who \x1b[1;31mmends\x1b[0m it?", "Who  mends  it?"),
        ("\u202eWho?", "Who?"),
        ("Кто 🤷?", "Кто 🤷?"),
        ("e\u0301?", "e\u0301?"),
        ("👩\u200d🔧?", "👩\u200d🔧?"),
    ],
)
def test_cleaning_removes_only_control_characters(question, expected):
    assert clean_question(question) == expected


def test_longest_question_is_taken():
    assert clean_question("x" * MAX_QUESTION_CHARS) == "x" * MAX_QUESTION_CHARS
    with pytest.raises(QuestionError, match="shorten it"):
        clean_question("x" * (MAX_QUESTION_CHARS + 1))
