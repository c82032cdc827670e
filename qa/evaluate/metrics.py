"""Compute the scorecard's metrics, each as its source defines it."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from qa.text.normalise import normalise_answer


def exact_match(gold: str, predicted: str) -> float:
    """Return 1 when both texts are equal after normalisation, else 0 (SQuAD)."""
    return float(normalise_answer(gold) == normalise_answer(predicted))


def f1(gold: str, predicted: str) -> float:
    """Return the harmonic mean of precision and recall over normalised words; 1 when both are empty (SQuAD 2.0)."""
    wanted, got = normalise_answer(gold).split(), normalise_answer(predicted).split()
    if not wanted or not got:
        return float(wanted == got)
    shared = sum((Counter(wanted) & Counter(got)).values())
    if not shared:
        return 0.0
    precision, recall = shared / len(got), shared / len(wanted)
    return 2 * precision * recall / (precision + recall)


def best_over_golds(golds: Sequence[str], predicted: str, metric: Callable[[str, str], float]) -> float:
    """Return the best score over the gold answers; no gold answer counts as an empty one."""
    return max(metric(gold, predicted) for gold in golds or [""])


def ndcg(ranked: Sequence[str], relevance: Mapping[str, int], k: int = 10) -> float:
    """Return the normalised discounted cumulative gain at k, with gain = relevance (trec_eval's ndcg_cut)."""

    def gain(grades: Sequence[int]) -> float:
        return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades[:k], 1))

    ideal = gain(sorted((grade for grade in relevance.values() if grade > 0), reverse=True))
    return gain([relevance.get(id, 0) for id in ranked]) / ideal if ideal else 0.0


def recall(ranked: Sequence[str], relevance: Mapping[str, int], k: int) -> float:
    """Return the share of the relevant ids that are among the first k; 0 when nothing is relevant."""
    relevant = {id for id, grade in relevance.items() if grade > 0}
    return len(relevant.intersection(ranked[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], relevance: Mapping[str, int], k: int = 10) -> float:
    """Return 1 / the rank of the first relevant id among the first k; 0 when there is none."""
    return next((1 / rank for rank, id in enumerate(ranked[:k], 1) if relevance.get(id, 0) > 0), 0.0)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the probability that a positive scores above a negative; a tie counts half (Mann and Whitney).

    NaN unless there are both positives and negatives.
    """
    if not positive or not negative:
        return math.nan
    high, low = np.asarray(positive)[:, None], np.asarray(negative)[None, :]
    return float((high > low).mean() + 0.5 * (high == low).mean())


def bootstrap_interval(
    values: Sequence[object], statistic: Callable[[Sequence[object]], float], resamples: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval (Efron) of a statistic, without the resamples where it is NaN."""
    rng = np.random.default_rng(seed)
    drawn = [statistic([values[i] for i in rng.integers(0, len(values), len(values))]) for _ in range(resamples)]
    kept = [value for value in drawn if not math.isnan(value)]
    low, high = np.percentile(kept, [2.5, 97.5]) if kept else (math.nan, math.nan)
    return float(low), float(high)
