"""Of the possible meanings of a follow-up, the one that the documents answer best is chosen."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.follow_up import RANK_PENALTY, UNCHANGED_BONUS, standalone
from qa.answering.rewriting import MAX_REWRITINGS, leaves_out, rewritings
from qa.text.words import stems

GENEVA = ("Where did Lavrov and Blinken meet?", "Lavrov met Blinken in Geneva [1].")
BANK = ("Who leads the Bank of England?", "Andrew Bailey. [1]")
NEWS = "Andrew Bailey is 65 years old. The Bank of England was founded in 1694. Blinken talked for 90 minutes."


class Judge:
    """Return as confidence the largest share of the question's words in one sentence; record the questions."""

    def __init__(self, text=NEWS):
        self.sentences = [set(stems(sentence)) for sentence in text.split(". ")]
        self.asked = []

    def __call__(self, question):
        self.asked.append(question)
        words = stems(question)
        return max(len(sentence & set(words)) for sentence in self.sentences) / len(words), ""


def scored(scores, default=0.0):
    """Return a judge that looks its confidences up in `scores`."""
    return lambda question: (scores.get(question, default), "")


@pytest.mark.parametrize(
    ("question", "turn", "expected"),
    [
        ("How old is he?", BANK, "How old is Andrew Bailey?"),
        ("When was it founded?", BANK, "When was Bank of England founded?"),
        ("How many minutes did he talk?", GENEVA, "How many minutes did Blinken talk?"),
        ("What about Blinken?", BANK, "What about Blinken?"),
    ],
)
def test_documents_decide_what_is_meant(question, turn, expected):
    assert standalone(question, [turn], Judge()) == expected


def test_better_answered_rewriting_beats_a_likelier_one():
    first, second, *_ = rewritings("How old is it?", [BANK])
    assert standalone("How old is it?", [BANK], scored({})) == first
    assert standalone("How old is it?", [BANK], scored({second: 0.5})) == second
    assert standalone("How old is it?", [BANK], scored({first: 0.5, second: 0.5 + RANK_PENALTY / 2})) == first


@pytest.mark.parametrize("question", ["How old is he?", "Who attended the meeting?"])
def test_original_question_wins_when_answered_best(question):
    certainty = leaves_out(question)
    first = rewritings(question, [BANK])[0]
    better = {first: 0.5, question: 0.5 - UNCHANGED_BONUS[certainty] + 0.01}
    worse = {first: 0.5, question: 0.5 - UNCHANGED_BONUS[certainty] - 0.01}
    assert standalone(question, [BANK], scored(better)) == question
    assert standalone(question, [BANK], scored(worse)) == first


def test_surely_incomplete_questions_are_rewritten_more_readily():
    assert UNCHANGED_BONUS["surely"] < 0 < UNCHANGED_BONUS["perhaps"]


@pytest.mark.parametrize(
    "question",
    [
        "How long did the talks between Lavrov and Blinken in Geneva last?",
        "Is it true that NATO agreed to the treaty with Russia?",
        "What did Lavrov say about his talks with Blinken?",
    ],
)
def test_complete_question_is_not_tried_on_the_documents(question):
    judge = Judge()
    assert standalone(question, [GENEVA, BANK], judge) == question
    assert judge.asked == []


@pytest.mark.parametrize("question", ["And when?", "Who is he?", "?", ""])
@pytest.mark.parametrize("history", [[], [("", "")], [("?", "Anna."), ("…", "")]])
def test_history_without_content_changes_nothing(question, history):
    judge = Judge()
    assert standalone(question, history, judge) == question
    assert judge.asked == []


def test_every_candidate_question_is_scored_once():
    judge = Judge()
    standalone("How old is he?", [GENEVA, BANK], judge)
    assert sorted(judge.asked) == sorted([*rewritings("How old is he?", [GENEVA, BANK]), "How old is he?", BANK[0]])


def test_rewriting_with_the_previous_answer_is_penalised():
    first, second, *_ = rewritings("How old is it?", [BANK])
    answers = {BANK[0]: (0.9, "Andrew Bailey"), first: (0.9, "the Andrew Bailey"), second: (0.5, "330 years")}
    assert standalone("How old is it?", [BANK], lambda text: answers.get(text, (0.0, ""))) == second
    answers[first] = (0.9, "65")
    assert standalone("How old is it?", [BANK], lambda text: answers.get(text, (0.0, ""))) == first


def test_long_history_is_quick_and_gives_short_text():
    history = [("Where? " + "x" * 50_000, "y " * 50_000)] * 500
    start = time.process_time()
    rewritten = standalone("And when?", history, scored({}))
    assert time.process_time() - start < 1
    assert "And when?" != rewritten
    assert len(rewritten) < 2_000


LINE = st.lists(st.sampled_from("And what he his it the in 2021 Oslo NATO why ? [1]".split()), max_size=9).map(" ".join)


@given(LINE | st.text(), st.lists(st.tuples(LINE, LINE) | st.tuples(st.text(), st.text()), max_size=5), st.floats(0, 1))
def test_any_chat_gives_the_question_or_a_rewriting(question, history, confidence):
    asked = []
    chosen = standalone(question, history, lambda text: asked.append(text) or (confidence, text))
    assert chosen in {question, *rewritings(question, history)}
    assert len(asked) <= MAX_REWRITINGS + 2
