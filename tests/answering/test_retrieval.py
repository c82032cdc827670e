"""Retrieval: from a question to ranked hits without near-duplicates."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.answering.retrieval import DENSE_WEIGHT, MAX_QUERY_WORDS, Retriever, fold_duplicates, fuse, query_words
from qa.ingest.chunking import chunk
from qa.ingest.indexing import index
from qa.types import Hit, Passage
from tests.support.encoders import CountingEncoder

SYNTAX = [
    '"clocks"',
    'Who "mends',
    "clock*",
    "NEAR(anna, clocks)",
    "anna AND NOT clocks OR boris",
    "-clocks",
    "title: anna",
    "(anna (clocks",
    "anna + clocks ^ boris",
    "{title text}: anna",
    "'; DROP TABLE passages; --",
    "anna\\clocks",
    "\0anna",
    "％ anna",
    "NOT",
]


def hit(text, score=1.0, id="a"):
    return Hit(Passage(id, 0, len(text), text, ((0, len(text)),)), score, score, 0.0, 1, None)


def test_answering_passage_comes_first(indexed):
    hits = Retriever(indexed).search("Who mends clocks in Oslo?")
    assert "clocks" in hits[0].passage.text
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_every_hit_has_consistent_ranks_and_scores(indexed):
    question = "Who mends clocks and bakes rye bread?"
    hits = Retriever(indexed).rank(question)
    assert len(hits) == len(indexed)
    assert all(0 <= h.score <= 1 and -1 <= h.cosine <= 1 and h.bm25 >= 0 for h in hits)
    by_cosine = sorted(hits, key=lambda h: h.dense_rank)
    assert [h.dense_rank for h in by_cosine] == list(range(1, len(hits) + 1))
    assert [h.cosine for h in by_cosine] == sorted((h.cosine for h in hits), reverse=True)
    matching = sorted((h for h in hits if h.bm25_rank), key=lambda h: h.bm25_rank)
    assert [h.bm25_rank for h in matching] == list(range(1, len(matching) + 1))
    assert [h.bm25 for h in matching] == sorted((h.bm25 for h in matching), reverse=True)
    assert all(h.bm25 == 0 for h in hits if h.bm25_rank is None)
    assert {h.passage.text for h in matching} == {
        h.passage.text for h in hits if "clocks" in h.passage.text or "bread" in h.passage.text
    }


def test_score_is_the_fusion_of_cosine_and_bm25(indexed):
    hits = Retriever(indexed).rank("Who mends clocks?")
    fused = fuse(np.array([h.cosine for h in hits]), np.array([h.bm25 for h in hits]))
    assert np.allclose(fused, [h.score for h in hits], atol=1e-5)


def test_fusion_matches_values_computed_by_hand():
    # Scaled by hand: cosines to 0, 1/2, 1 and BM25 to 0, 1, 1/2.
    fused = fuse(np.float32([0.2, 0.6, 1.0]), np.float32([0, 4, 2]))
    weight = DENSE_WEIGHT
    assert np.allclose(fused, [0, weight / 2 + (1 - weight), weight + (1 - weight) / 2], atol=1e-6)


@pytest.mark.parametrize("n", [1, 3])
def test_equal_scores_fuse_to_equal_numbers(n):
    fused = fuse(np.full(n, 0.3, np.float32), np.zeros(n, np.float32))
    assert fused.tolist() == pytest.approx([DENSE_WEIGHT] * n)
    assert fuse(np.full(n, 0.3, np.float32), np.full(n, 2e-6, np.float32)).tolist() == pytest.approx([1.0] * n)


@pytest.mark.parametrize("question", SYNTAX)
def test_fts5_syntax_is_treated_as_text(indexed, question):
    assert all(token.isalnum() for token in query_words(question))
    hits = Retriever(indexed).search(question)
    if "anna" in question.lower() and "boris" not in question:
        assert "Anna" in hits[0].passage.text


@given(question=st.text(st.characters()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the corpus is only read
def test_any_text_is_a_valid_question(indexed, question):
    assert len(Retriever(indexed).search(question)) == len(indexed)


def test_long_question_searches_only_its_first_words():
    assert query_words(" ".join(f"w{n}" for n in range(500))) == [f"w{n}" for n in range(MAX_QUERY_WORDS)]


@pytest.mark.parametrize("k", [0, 1, 2, 3, 1_000])
def test_at_most_k_hits_are_returned(indexed, k):
    assert len(Retriever(indexed).search("clocks boats bread", k)) == min(k, len(indexed))
    assert len(Retriever(indexed).rank("clocks boats bread", k)) == min(k, len(indexed))


def test_empty_corpus_has_no_hits(corpus):
    assert Retriever(corpus).search("Who mends clocks?") == ()


def test_hits_are_stored_passages(indexed):
    for hit in Retriever(indexed).search("Who mends clocks?"):
        text = indexed.document(hit.passage.document_id).text
        assert text[hit.passage.start : hit.passage.end] == hit.passage.text
        assert hit.passage in chunk(indexed.document(hit.passage.document_id), CountingEncoder())


LONG = "On Friday the minister said that the written response will be given to the press in about a week."


def test_near_identical_passages_are_folded_into_the_best():
    near = LONG.replace("Friday", "FRIDAY,")
    hits = fold_duplicates([hit(LONG), hit("Anna mends clocks.", 0.9, "b"), hit(near, 0.8, "c"), hit(LONG, 0.7, "d")])
    assert [h.passage.document_id for h in hits] == ["a", "b"]
    assert [p.document_id for p in hits[0].duplicates] == ["c", "d"]
    assert hits[0] == replace(hit(LONG), duplicates=hits[0].duplicates)


@pytest.mark.parametrize(
    "other",
    [
        "Anna mends clocks.",
        LONG + " It was received well by all, and nobody had anything more to say about it at that time.",
        LONG.replace("written response will be given to the press", "oral answer had been refused by the court"),
        "",
    ],
)
def test_different_passages_are_not_folded(other):
    assert len(fold_duplicates([hit(LONG), hit(other)])) == 2


def test_copied_document_is_folded_into_one_hit(indexed, files):
    (files / "copy.txt").write_bytes((files / "anna.txt").read_bytes())
    index(indexed, [files])
    hits = Retriever(indexed).search("Anna lives in Oslo. She mends clocks.")
    first = hits[0]
    ids = [first.passage.document_id, *(p.document_id for p in first.duplicates)]
    assert sorted(ids) == ["anna.txt", "copy.txt"]
    assert len({h.passage.text for h in hits}) == len(hits)


def test_empty_documents_are_never_hits(indexed, files):
    (files / "empty.txt").touch()
    index(indexed, [files])
    assert "empty.txt" not in {h.passage.document_id for h in Retriever(indexed).rank("empty")}


def in_group(id, *sentences, duplicate_group=7):
    """Return a hit in a near-duplicate document whose passage consists of these sentences."""
    text, spans = "", []
    for sentence in sentences:
        spans.append((len(text), len(text) + len(sentence)))
        text += f"{sentence} "
    return Hit(
        Passage(id, 0, len(text) - 1, text[:-1], tuple(spans)), 1.0, 1.0, 0.0, 1, None, duplicate_group=duplicate_group
    )


A, B, C, D = (
    "Anna mends clocks in Oslo.",
    "She was born there.",
    "Her shop is red and small.",
    "It opens at eight on weekdays.",
)


def test_near_duplicates_with_shifted_boundaries_are_folded():
    one, other = in_group("a", A, B, C), in_group("b", B, C, D)
    assert len(fold_duplicates([one, other])) == len(fold_duplicates([other, one])) == 1
    assert len(fold_duplicates([one, in_group("b", B.upper(), C, D)])) == 1
    assert len(fold_duplicates([one, replace(other, duplicate_group=8)])) == 2
    assert len(fold_duplicates([one, replace(other, duplicate_group=None)])) == 2
    assert (
        len(fold_duplicates([in_group("a", A, B, C, duplicate_group=None), replace(other, duplicate_group=None)])) == 2
    )
    assert len(fold_duplicates([one, replace(other, passage=replace(other.passage, document_id="a"))])) == 2
    assert len(fold_duplicates([one, in_group("b", C, D, A)])) == 2


def test_near_duplicates_that_differ_are_not_folded():
    for other in ([A, B, D], [D, B, C], [A, D, C], [A, B, C.replace("red", "blue")]):
        assert len(fold_duplicates([in_group("a", A, B, C), in_group("b", *other)])) == 2


def test_only_near_duplicates_share_a_group(indexed, files):
    (files / "copy.txt").write_bytes((files / "anna.txt").read_bytes())
    index(indexed, [files])
    groups = {h.passage.document_id: h.duplicate_group for h in Retriever(indexed).rank("Anna Boris")}
    assert groups["anna.txt"] == groups["copy.txt"] is not None
    assert {number for id, number in groups.items() if id not in ("anna.txt", "copy.txt")} == {None}
