"""Perturb questions in one place so that their passage no longer answers them."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.training.adversarial import NAME, NUMBER, OPPOSITES, perturb

WORDS = (
    "who when mends the clocks of what first oldest king before Gold Anna Oslo Boris Berg Riga New York 1 7 12 1984 "
    "1985 3,000 in? Is? last, queen. after Which"
).split()
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
SEEDS = st.integers(0, 1000)


def edits(question, changed):
    """Yield (old, new) for each name, number or word that may have been swapped."""
    places = [m for form in (NAME, NUMBER, re.compile(r"\b[a-z]+\b")) for m in form.finditer(question)]
    for place in places:
        before, after = question[: place.start()], question[place.end() :]
        new = changed[len(before) : len(changed) - len(after)]
        if changed == before + new + after and new:
            yield place[0], new


def fits(old, new, passage):
    if old in OPPOSITES and new == OPPOSITES[old]:
        return new not in passage.lower()
    if NUMBER.fullmatch(old) and NUMBER.fullmatch(new):
        return new != old and len(new) == len(old)
    return bool(NAME.fullmatch(old)) and new in passage and new.lower() not in old.lower()


@given(SENTENCES, SENTENCES, SEEDS)
def test_exactly_one_name_number_or_word_changes(question, passage, seed):
    changed = perturb(question, passage, random.Random(seed))
    assert changed != question
    assert changed is None or any(fits(old, new, passage) for old, new in edits(question, changed))


@given(st.text(max_size=80), st.text(max_size=80), SEEDS)
def test_any_text_is_accepted(question, passage, seed):
    assert perturb(question, passage, random.Random(seed)) != question


@given(SENTENCES, SENTENCES, SEEDS)
def test_same_seed_gives_same_question(question, passage, seed):
    assert perturb(question, passage, random.Random(seed)) == perturb(question, passage, random.Random(seed))


@given(st.sampled_from(sorted(OPPOSITES)), st.lists(st.sampled_from(sorted(OPPOSITES))).map(" ".join), SEEDS)
def test_opposite_is_never_in_the_passage(word, passage, seed):
    changed = perturb(f"who was the {word} one", passage.title(), random.Random(seed))
    opposite = OPPOSITES[word]
    assert changed == (None if opposite in passage else f"who was the {opposite} one")


@pytest.mark.parametrize(
    ("question", "passage", "wanted"),
    [
        (
            "When did Anna leave Oslo?",
            "It says that Boris left.",
            {"When did Boris leave Oslo?", "When did Anna leave Boris?"},
        ),
        ("Who won in 1984?", "In 1984 and in 1990.", {"Who won in 1990?", "Who lost in 1984?"}),
        ("Who won the war?", "It was lost.", {None}),
        ("What is Gold?", "nothing", {None}),
        ("What mends clocks?", "It says that Anna and Boris do, 7 times.", {None}),
        ("", "Anna and Boris, 7 times", {None}),
    ],
)
def test_examples_by_hand(question, passage, wanted):
    assert {perturb(question, passage, random.Random(seed)) for seed in range(40)} == wanted


def test_lone_number_is_replaced_by_a_near_one():
    found = {perturb("Who has 1 clock?", "none", random.Random(seed)) for seed in range(80)}
    assert found == {f"Who has {n} clock?" for n in (2, 3, 6)}
    found = {perturb("Who came in 1984?", "In 1984, Anna.", random.Random(seed)) for seed in range(80)}
    assert found == {f"Who came in {1984 + shift}?" for shift in (-7, -3, -1, 1, 2, 5, 10)}
