"""Choose which hits are read, and in which stages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.chunking import chunk
from qa.reader.cascade import (
    FIRST_HITS,
    MAX_HITS,
    MAX_RIVALS,
    MIN_HITS,
    RIVAL_SCORE_RATIO,
    hits_to_read,
    read_in_stages,
)
from qa.reader.model import ScoredSpan
from qa.types import Hit
from tests.support.documents import document
from tests.support.encoders import CountingEncoder

SURE, DOUBTED, WRONG = 9.0, -4.0, -15.0
"""Scores of the reader."""


def found(*scores, says=()):
    """Make a hit for each score; those in `says` hold the answer."""
    texts = [f"Anna lives in {'Oslo' if n in says else f'B{n:03}'} now." for n in range(len(scores))]
    passages = [chunk(document(text, id=f"{n}.txt"), CountingEncoder())[0] for n, text in enumerate(texts)]
    return [Hit(p, score, 0.0, 1.0, 1, 1) for p, score in zip(passages, scores, strict=True)]


class Read:
    """Reads the town in each hit with a given score, and records which hits were read."""

    def __init__(self, sure):
        self.sure, self.turns = sure, []

    def __call__(self, question, hits):
        self.turns.append([int(hit.passage.document_id.removesuffix(".txt")) for hit in hits])
        return [[ScoredSpan(14, 18, self.sure)] for _ in hits]


def turns(hits, sure):
    read = Read(sure)
    return read_in_stages("Where does Anna live?", hits, read), read.turns


def test_confident_first_hits_are_enough():
    best, read = turns(found(1.0, *[0.2] * 5, says={0}), SURE)
    assert read == [[0, 1]]
    assert (best[0][1].text, best[0][1].document_id) == ("Oslo", "0.txt")


def test_hits_with_same_words_are_read_next():
    best, read = turns(found(1.0, *[0.2] * 5, says={0, 3, 5}), SURE)
    assert read == [[0, 1], [3, 5]]
    assert {one.document_id for _, one in best if one.text == "Oslo"} == {"0.txt", "3.txt", "5.txt"}


def test_doubtful_first_hits_lead_to_reading_all():
    assert turns(found(1.0, *[0.2] * 5), DOUBTED)[1] == [[0, 1], [2, 3, 4, 5]]
    assert turns(found(*[1.0] * 8), DOUBTED)[1] == [[0, 1], [2, 3, 4, 5], [6, 7]]


def test_reading_stops_when_hopeless():
    assert turns(found(*[1.0] * 8), WRONG)[1] == [[0, 1], [2, 3, 4, 5]]


@pytest.mark.parametrize("sure", [SURE, DOUBTED])
def test_many_rivals_skip_the_first_stage(sure):
    assert turns(found(*[1.0] * MAX_RIVALS, RIVAL_SCORE_RATIO), sure)[1] == [
        [*range(MIN_HITS)],
        [*range(MIN_HITS, MAX_RIVALS + 1)],
    ]


def test_empty_readings_do_not_stop_reading():
    asked = []
    best = read_in_stages(
        "Who?", found(*[1.0] * 9), lambda question, hits: asked.append(len(hits)) or [[] for _ in hits]
    )
    assert (best, asked) == ([], [MIN_HITS, 3])


@pytest.mark.parametrize(
    ("scores", "count"),
    [
        ([1.0, *[0.2] * 12], MIN_HITS),
        ([1.0] * 3, 3),
        ([1.0, *[RIVAL_SCORE_RATIO + 0.01] * 8, RIVAL_SCORE_RATIO], 10),
        ([1.0, *[RIVAL_SCORE_RATIO + 0.01] * 8, RIVAL_SCORE_RATIO - 0.01], 9),
        ([1.0] * (MAX_HITS + 9), MAX_HITS),
        ([], 0),
    ],
)
def test_hits_to_read_are_first_ones_and_rivals(scores, count):
    hits = found(*scores)
    assert hits_to_read(hits) == hits[:count]


@given(st.lists(st.floats(0, 1), max_size=30), st.sampled_from([SURE, DOUBTED, WRONG]), st.sets(st.integers(0, 30)))
def test_each_hit_is_read_once_at_most(scores, sure, says):
    hits = hits_to_read(found(*sorted(scores, reverse=True), says=says))
    best, read = turns(hits, sure)
    places = [place for turn in read for place in turn]
    assert len(places) == len(set(places)) <= MAX_HITS
    assert set(range(min(FIRST_HITS, len(hits)))) <= set(places) <= set(range(len(hits)))
    assert len(best) == len(places)
