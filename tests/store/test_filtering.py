"""Searching some of the documents equals an exact search of only these."""

import json
import time
from operator import itemgetter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import Assistant
from qa.store import filtering
from qa.store.filtering import nearest_allowed
from tests.support.encoders import CountingEncoder


@given(scores=st.lists(st.integers(0, 50), min_size=1, max_size=60, unique=True), data=st.data(), k=st.integers(1, 8))
def test_nearest_allowed_equals_searching_allowed_only(scores, data, k):
    order = np.argsort(-np.array(scores), kind="stable")
    ids, cosines = order.astype(np.int64), np.array(scores, dtype=np.float32)[order]
    allowed = np.array(sorted(data.draw(st.sets(st.integers(0, len(scores) - 1)))), dtype=np.int64)
    asked = []

    def nearest(count):
        asked.append(count)
        return ids[:count], cosines[:count]

    found, near = nearest_allowed(nearest, allowed, k, len(scores))
    wanted = [id for id in ids.tolist() if id in set(allowed.tolist())][:k]
    assert found.tolist() == wanted
    assert near.tolist() == [float(scores[id]) for id in wanted]
    assert asked == sorted(set(asked)), "asks for more each time, and never twice for the same"


@pytest.fixture(params=[filtering.MAX_COMPARED_PASSAGES, 1], ids=["compared", "nearest_allowed"])
def towns(request, tmp_path, monkeypatch):
    """Thirty files that say nearly the same, searched in both ways."""
    monkeypatch.setattr("qa.store.corpus.MAX_COMPARED_PASSAGES", request.param)
    for n in range(30):
        (tmp_path / f"{n:02}.txt").write_text(f"Town {n}\n\nThe clock of town {n} is old. It was mended in {1900 + n}.")
    with Assistant.open(tmp_path, encoder=CountingEncoder()) as opened:
        yield opened


def test_only_filtered_documents_are_found_and_cited(towns):
    within = {"03.txt", "17.txt"}
    hits = towns.search("Which clock is old?", 10, within=within)
    assert {hit.passage.document_id for hit in hits} == within
    answer = towns.ask("When was the clock of town 5 mended?", min_confidence=0, within=within)
    assert {hit.passage.document_id for hit in answer.passages} <= within
    assert {citation.document_id for citation in answer.citations} <= within


def test_filter_of_all_documents_changes_nothing(towns):
    every = [document.id for document in towns.corpus.documents()]
    question = "When was the clock of town 5 mended?"
    chosen, all_of_them = (towns.search(question, 10, within=within) for within in (every, None))
    assert [hit.passage for hit in chosen] == [hit.passage for hit in all_of_them]


def test_large_filter_costs_about_as_no_filter(tmp_path):
    records = ({"id": str(n), "text": f"The clock of town {n} is old."} for n in range(3_000))
    (tmp_path / "towns.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    with Assistant.open(tmp_path, encoder=CountingEncoder()) as opened:
        ids = [document.id for document in opened.corpus.documents()]

        def taken(within):
            began = time.perf_counter()
            found = opened.corpus.matching(["clock", "town"], 10, within)
            return time.perf_counter() - began, found

        (all_of_them, wanted), (chosen, found) = (
            min((taken(within) for _ in range(3)), key=itemgetter(0)) for within in (None, ids)
        )
        assert found == wanted
        assert chosen < 10 * all_of_them, "each passage is looked for in the lists of both words: a hundred times"


def test_empty_filter_finds_nothing(towns):
    assert towns.search("clock", within=[]) == towns.search("clock", within=["no such id"]) == ()
    assert towns.ask("When was the clock mended?", within=[]).abstained


def test_answer_is_not_reused_for_another_filter(towns):
    question = "When was the clock of town 5 mended?"
    first = towns.ask(question, min_confidence=0, within={"05.txt"})
    second = towns.ask(question, min_confidence=0, within={"06.txt"})
    assert first.citations[0].document_id == "05.txt"
    assert second.citations[0].document_id == "06.txt"
