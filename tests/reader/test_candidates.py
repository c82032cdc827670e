"""Build candidates with their features, and rank them with the documents that agree."""

import math
from dataclasses import replace

import numpy as np
import pytest

from qa.ingest.chunking import chunk
from qa.reader.candidates import (
    AGREEMENT_SHARPNESS,
    RANKING_WEIGHTS,
    Candidate,
    extract_candidates,
    group_by_answer,
    rank_candidates,
)
from qa.reader.model import ScoredSpan
from qa.types import Hit
from tests.support.documents import document
from tests.support.encoders import CountingEncoder

SCORE, WRONG_TYPE, HEADING = 0, 7, 8
"""Indices of features."""


def read(question, text, span, score=3.0):
    """Return the only candidate of a document with this text."""
    (passage,) = chunk(document(text, id="a.txt"), CountingEncoder())
    start = text.index(span)
    (found,) = extract_candidates(
        question, [Hit(passage, 1.0, 0.5, 1.0, 1, 1)], [[ScoredSpan(start, start + len(span), score)]]
    )
    assert found.text == span and text[slice(*found.span)] == span
    assert len(found.features) == len(RANKING_WEIGHTS)
    return found


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("Anna mends clocks.", 0),
        ("Who mends clocks? Anna!", 0),
        ("“Anna mends clocks.”", 0),
        ("He said: “Anna mends clocks”", 0),
        ("Anna mends clocks (in Oslo.)", 0),
        ("Anna mends clocks", 1),
        ("Anna, watchmaker, 1889–1973", 1),
    ],
)
def test_span_in_heading_is_flagged(text, heading):
    assert read("Who mends clocks?", text, "Anna").features[HEADING] == heading


@pytest.mark.parametrize(("question", "has_wrong_type"), [("Who mends clocks?", 0), ("How many clocks are there?", 1)])
def test_span_of_wrong_type_is_flagged(question, has_wrong_type):
    assert read(question, "Anna mends clocks.", "Anna").features[WRONG_TYPE] == has_wrong_type


def test_both_flags_have_negative_weights():
    assert RANKING_WEIGHTS[WRONG_TYPE] < 0 and RANKING_WEIGHTS[HEADING] < 0 < RANKING_WEIGHTS[SCORE]


def said(document_id, text, score):
    return Candidate(document_id, (0, 1), (0, 9), text, (score,))


def test_candidates_are_grouped_by_answer_and_document():
    given = [said("a", "Oslo", 1), said("b", "Riga", 1), said("b", "oslo!", 2), said("a", "the Oslo", 3)]
    assert group_by_answer(given) == [[[0, 3], [2]], [[1]]]
    assert group_by_answer([]) == []


def test_agreeing_documents_share_a_score():
    given = [said("a", "Oslo", 2.0), said("b", "Oslo", 2.0), said("c", "Riga", 2.5), said("c", "Riga", 2.5)]
    order = rank_candidates(given, np.array([1.0]))
    assert [candidate.text for _, candidate in order] == ["Oslo", "Oslo", "Riga", "Riga"]
    assert order[0][0] == pytest.approx(2.0 + math.log(2) / AGREEMENT_SHARPNESS)
    assert order[-1][0] == pytest.approx(2.5)


def test_near_duplicates_are_one_source():
    one, other = replace(said("a", "Anna", 0.3), duplicate_group=4), replace(said("b", "Anna", 0.2), duplicate_group=4)
    assert group_by_answer([one, other, said("c", "Anna", 0.1)]) == [[[0, 1], [2]]]
    weights = np.array([1.0])
    best = [rank_candidates(given, weights)[0][0] for given in ([one], [one, other], [one, said("c", "Anna", 0.1)])]
    assert best[0] == best[1] < best[2]
