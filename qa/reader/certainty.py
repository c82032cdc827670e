"""Say how sure an answer is: that what is quoted first is right, and that the documents hold an answer at all.

Two questions, since a reader may know that an answer is there without being sure which sentence it is: over long
contracts it is right about one sentence in three and seldom wrong that the contract says something.
"""

from collections.abc import Mapping, Sequence

from qa.reader.candidates import Candidate, same_answer, sigmoid
from qa.reader.choice import FEATURES, features_of
from qa.types import Hit

RIGHT = {
    "score": -0.04,
    "lead": 0.45,
    "evidence_probability": 1.17,
    "span_probability": -0.09,
    "cosine": 5.89,
    "words_in_passage": 1.04,
    "undecided": -2.47,
    "rank": -0.14,
    "named": 0.78,
    "best_evidence": 2.4,
    "best_answered": -2.64,
    "mean_cosine": -4.18,
    "intercept": -4.75,
}
"""The log-odds that what is quoted first is right (Platt 1999): what is known of it, and how much that counts.

Printed, with the two sets of weights below and those of qa.reader.choice, by: python -m qa.training.large.choice DIR
"""

ANSWERED = {
    "evidence_probability": 2.43,
    "span": 0.65,
    "cosine": 7.47,
    "words_in_passage": 1.44,
    "undecided": -2.32,
    "rank": -0.22,
    "named": 1.42,
    "mean_cosine": -1.91,
    "intercept": -5.35,
}
"""The log-odds that the documents hold an answer, in the same way."""

MAX_LEAD, LEAD_OF_ONLY = 8.0, 1.0
"""The greatest lead that counts, and that of an answer without a rival: about the mean of those with one."""

Known = Mapping[str, float]
"""What is known of an answer, by the names in RIGHT and ANSWERED."""


def probability(known: Known, weights: Mapping[str, float]) -> float:
    """Return the probability, in (0, 1), of what the weights (RIGHT or ANSWERED) were fitted to."""
    return sigmoid(sum(weight * known[name] for name, weight in weights.items()))


def known_of_best(
    ranked: Sequence[tuple[float, Candidate]],
    rivals: Sequence[tuple[float, Candidate]],
    hits: Sequence[Hit],
    cosine: float,
) -> Known:
    """Return what is known of the best candidate.

    Args:
        ranked: the candidates with their scores, best first; at least one.
        rivals: those of them that are not in what is quoted for the best.
        hits: all hits; their mean cosine tells what a cosine means among these documents, by this encoder.
        cosine: that of the question with what is quoted for the best.
    """
    score, best = ranked[0]
    own = dict(zip(FEATURES, best.features, strict=True))
    most = dict(zip(FEATURES, features_of([one for _, one in ranked]).max(axis=0).tolist(), strict=True))
    rival = next((other for other, candidate in rivals if not same_answer(candidate, best)), score - LEAD_OF_ONLY)
    return {
        **own,
        "score": score,
        "lead": min(score - rival, MAX_LEAD),
        "cosine": max(cosine, own["passage_cosine"]),
        "best_evidence": most["evidence_probability"],
        "best_answered": most["answered"],
        "mean_cosine": sum(hit.cosine for hit in hits) / len(hits),
        "intercept": 1.0,
    }
