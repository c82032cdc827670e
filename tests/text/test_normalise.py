"""Answers are normalised exactly as the official SQuAD script normalises them."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.normalise import normalise_answer


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The  Cat, a dog; AN ant!", "cat dog ant"),
        ("1.5 hours", "15 hours"),
        ("theatre and anthem", "theatre and anthem"),
        ("U.S.", "us"),
        ("a", ""),
        ("", ""),
        ("“Geneva”", "“geneva”"),
        ("the-end", "theend"),
    ],
)
def test_examples_match_the_official_script(text, wanted):
    assert normalise_answer(text) == wanted == official_normalisation(text)


def official_normalisation(s):
    """SQuAD 2.0's evaluate-v2.0.py, normalize_answer, step by step."""
    s = "".join(ch for ch in s.lower() if ch not in set(string.punctuation))
    return " ".join(re.sub(re.compile(r"\b(a|an|the)\b", re.UNICODE), " ", s).split())


@given(st.text(st.sampled_from("aAnNtThHeE .,-'\u201c\n12")))
def test_any_text_matches_the_official_script(text):
    assert normalise_answer(text) == official_normalisation(text)
