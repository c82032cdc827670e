"""Rephrase questions as people type them."""

import random

from hypothesis import given
from hypothesis import strategies as st

from qa.training import augmentation
from qa.training.augmentation import CONTEXT_SHARE, KEYWORD_SHARE, TYPO_SHARE, augment

QUESTION = "How many rooms did the watchmaker rent in Oslo?"
SENTENCE = "Anna mends clocks."
REST = 1 - CONTEXT_SHARE - KEYWORD_SHARE - TYPO_SHARE


def test_rephrasings_occur_in_their_shares():
    said = [augment(QUESTION, SENTENCE, random.Random(seed)) for seed in range(4_000)]
    assert abs(said.count(QUESTION) / 4_000 - REST) < 0.03
    assert abs(said.count(f"{SENTENCE} {QUESTION}") / 4_000 - CONTEXT_SHARE) < 0.03
    assert abs(said.count("how many rooms watchmaker rent oslo") / 4_000 - KEYWORD_SHARE) < 0.02
    assert len(set(said)) > 20  # many different typing errors


def test_question_stays_without_a_short_sentence(monkeypatch):
    monkeypatch.setattr(augmentation, "CONTEXT_SHARE", 1.0)
    for sentence in (None, "", "It rained. " * 40):
        assert augment(QUESTION, sentence, random.Random(1)) == QUESTION


def test_question_with_few_keywords_stays_whole():
    assert augmentation._keywords("What is it?") == "What is it?"
    assert augmentation._keywords("When was the clock mended?") == "when clock mended"


@given(st.text(max_size=60), st.integers(0, 1000))
def test_typo_changes_one_inner_letter(question, seed):
    wrong = augmentation._with_typo(question, random.Random(seed))
    assert abs(len(wrong) - len(question)) <= 1
    if wrong != question:
        assert wrong[:1] == question[:1] and wrong[-1:] == question[-1:]


def test_short_words_get_no_typo():
    assert augmentation._with_typo("Who is he?", random.Random(0)) == "Who is he?"
