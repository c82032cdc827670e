"""Metrics, by hand and against independent implementations."""

import math

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, R, nDCG
from sklearn.metrics import ndcg_score, roc_auc_score

from qa.evaluate.metrics import (
    auroc,
    best_over_golds,
    bootstrap_interval,
    exact_match,
    f1,
    ndcg,
    recall,
    reciprocal_rank,
)

RANKED = ["a", "b", "c", "d"]
RELEVANCE = {"b": 1, "d": 2, "z": 1, "a": 0}


@pytest.mark.parametrize(
    ("gold", "predicted", "match", "score"),
    [
        ("Geneva", "geneva.", 1, 1),
        ("in Geneva", "Geneva", 0, 2 / 3),
        ("the cat sat", "a cat sat down", 0, 0.8),
        ("x x y", "x x x", 0, 2 / 3),
        ("Geneva", "Vienna", 0, 0),
        ("", "", 1, 1),
        ("", "the", 1, 1),
        ("", "Geneva", 0, 0),
        ("Geneva", "", 0, 0),
    ],
)
def test_exact_match_and_f1_by_hand(gold, predicted, match, score):
    assert exact_match(gold, predicted) == match
    assert f1(gold, predicted) == pytest.approx(score)


def test_best_gold_answer_counts():
    assert best_over_golds(["Vienna", "Geneva"], "Geneva", f1) == 1
    assert best_over_golds([], "", exact_match) == 1
    assert best_over_golds([], "Geneva", f1) == 0


def test_ndcg_by_hand():
    # b has rank 2, d rank 4; the ideal order is d, b, z.
    found = 1 / math.log2(3) + 2 / math.log2(5)
    ideal = 2 + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg(RANKED, RELEVANCE) == pytest.approx(found / ideal)
    assert ndcg(RANKED, RELEVANCE, 2) == pytest.approx(1 / math.log2(3) / (2 + 1 / math.log2(3)))


@given(st.lists(st.integers(0, 3), min_size=2, max_size=30), st.integers(1, 12))
def test_ndcg_matches_scikit_learn(grades, k):
    names = [str(n) for n in range(len(grades))]
    wanted = ndcg_score([grades], [list(range(len(grades), 0, -1))], k=k)
    assert ndcg(names, dict(zip(names, grades, strict=True)), k) == pytest.approx(wanted)


IDS = [f"d{n}" for n in range(15)]


@given(
    scores=st.dictionaries(st.sampled_from(IDS), st.integers(0, 3), min_size=1),
    relevance=st.dictionaries(st.sampled_from(IDS), st.integers(0, 3), min_size=1),
)
def test_rankings_score_as_in_trec_eval(scores, relevance):
    """Some ranked ids are not judged, some judged ids are not ranked, and equal scores are ranked by id."""
    qrels = [ir_measures.Qrel("q", id, grade) for id, grade in relevance.items()]
    run = [ir_measures.ScoredDoc("q", id, score) for id, score in scores.items()]
    wanted = ir_measures.calc_aggregate([nDCG @ 10, R @ 1, R @ 5, R @ 10, RR], qrels, run)
    ranked = sorted(scores, key=lambda id: (scores[id], id), reverse=True)
    assert ndcg(ranked, relevance) == pytest.approx(wanted[nDCG @ 10])
    # ir_measures breaks ties otherwise for RR@10 than for RR, so the cutoff is applied here.
    assert reciprocal_rank(ranked, relevance) == pytest.approx(wanted[RR] if wanted[RR] > 1 / 11 else 0)
    for k in (1, 5, 10):
        assert recall(ranked, relevance, k) == pytest.approx(wanted[R @ k])


@pytest.mark.parametrize(("k", "wanted"), [(1, 0), (2, 1 / 3), (4, 2 / 3), (100, 2 / 3)])
def test_recall_by_hand(k, wanted):
    assert recall(RANKED, RELEVANCE, k) == pytest.approx(wanted)


@pytest.mark.parametrize(("k", "wanted"), [(1, 0), (2, 0.5), (10, 0.5)])
def test_reciprocal_rank_by_hand(k, wanted):
    assert reciprocal_rank(RANKED, RELEVANCE, k) == wanted


@pytest.mark.parametrize("metric", [ndcg, recall, reciprocal_rank])
@pytest.mark.parametrize(("ranked", "relevance"), [([], {"a": 1}), (["a"], {}), (["a"], {"a": 0}), (["a"], {"a": -1})])
def test_empty_ranking_or_no_relevant_id_is_zero(metric, ranked, relevance):
    assert metric(ranked, relevance, 10) == 0


def test_auroc_by_hand():
    # Of six pairs, four are won and one is tied.
    assert auroc([0.9, 0.5, 0.2], [0.1, 0.5]) == pytest.approx(4.5 / 6)
    assert math.isnan(auroc([], [0.1]))
    assert math.isnan(auroc([0.1], []))


CHANCES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), min_size=1, max_size=20)


@given(CHANCES, CHANCES)
def test_auroc_matches_scikit_learn(positive, negative):
    labels = [1] * len(positive) + [0] * len(negative)
    assert auroc(positive, negative) == pytest.approx(roc_auc_score(labels, positive + negative))


def test_interval_of_a_mean_is_nearly_normal():
    values = list(np.random.default_rng(5).normal(10, 2, 400))
    low, high = bootstrap_interval(values, np.mean)
    half = 1.96 * np.std(values) / 20
    assert low == pytest.approx(np.mean(values) - half, abs=0.05)
    assert high == pytest.approx(np.mean(values) + half, abs=0.05)
    assert bootstrap_interval(values, np.mean) == (low, high)


def test_interval_ignores_resamples_without_a_value():
    assert bootstrap_interval([1.0, 1.0], lambda drawn: drawn[0]) == (1, 1)
    assert bootstrap_interval([1.0, math.nan], lambda drawn: drawn[0]) == (1, 1)
    assert all(math.isnan(bound) for bound in bootstrap_interval([math.nan], lambda drawn: drawn[0]))
