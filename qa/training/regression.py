"""Fit the constants of the extractive answerer: python -m qa.training.regression DIR, a folder of SQuAD-format files.

Half of the paragraphs become a corpus. Their questions have an answer in it; the questions of the other half have none.
The sentence weights maximise the likelihood of the sentence with the answer among all sentences read (softmax
regression). The confidence is a logistic regression on the best sentence's features that predicts whether any sentence
read holds the answer. No evaluation set is used.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from qa.answering.answerers.extractive import ExtractiveAnswerer, read_sentences
from qa.answering.wordings import HITS
from qa.assistant import Assistant
from qa.errors import EvaluationError, QAError

PARAGRAPHS_PER_FILE = 150
"""At most; half of them go into the corpus."""

QUESTIONS_PER_PARAGRAPH = 2
"""At most."""

RIDGE, LIGHT_RIDGE = 1e-3, 1e-4
"""L2 penalties that keep the coefficients finite where a feature separates the labels completely. The ranking has the
lighter one: some of its features hardly vary, and must be free to get a large weight."""

Floats = NDArray[np.float64]

Likelihood = Callable[[Floats], tuple[float, Floats]]
"""Returns the mean negative log-likelihood of the right answers by the (f,) weights, and its gradient (f,)."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the features of the sentences, or other candidates, that were read for it."""

    features: Floats
    """(n, f)."""
    right: NDArray[np.bool_]
    """(n,): which candidates hold the answer; all False when the corpus does not."""
    weight: float = 1.0
    """How much the question counts in the fit."""
    groups: Sequence[Sequence[Sequence[int]]] | None = None
    """For every distinct answer, for every document that gives it, the indices of its candidates; None where each
    candidate is an answer of its own."""


def load_examples(folder: Path, seed: int = 0) -> list[Example]:
    """Ask the questions of the files in `folder` over a corpus of half of their paragraphs.

    Raises:
        EvaluationError: `folder` holds no question with an answer.
    """
    rng = random.Random(seed)
    paragraphs = [p for file in sorted(folder.glob("*.json")) for p in _sample(file, rng)]
    kept = {p["id"] for p in paragraphs if rng.random() < 0.5}
    if not any(item["answers"] for p in paragraphs if p["id"] in kept for item in p["qas"]):
        raise EvaluationError(
            f"{folder} holds too few questions with an answer; give a folder of SQuAD-format .json files"
        )
    with tempfile.TemporaryDirectory() as made:
        corpus = Path(made) / "paragraphs.jsonl"
        corpus.write_text("\n".join(json.dumps(p) for p in paragraphs if p["id"] in kept), "utf-8")
        # The default answerer is the trained reader, which has no sentence features to fit.
        with Assistant.open(corpus, answerer="extractive") as assistant:
            return list(_examples(assistant, paragraphs, kept))


def _sample(file: Path, rng: random.Random) -> list[dict[str, Any]]:
    paragraphs = [
        {"id": f"{file.stem}-{n}", "title": article.get("title") or "", "text": p["context"], "qas": p["qas"]}
        for n, (article, p) in enumerate(
            (article, p) for article in json.loads(file.read_text("utf-8"))["data"] for p in article["paragraphs"]
        )
    ]
    return rng.sample(paragraphs, min(PARAGRAPHS_PER_FILE, len(paragraphs)))


def _examples(assistant: Assistant, paragraphs: Sequence[dict[str, Any]], kept: set[object]) -> Iterator[Example]:
    answerer = assistant.answerer
    assert isinstance(answerer, ExtractiveAnswerer)
    for paragraph in paragraphs:
        for item in [qa for qa in paragraph["qas"] if qa["answers"]][:QUESTIONS_PER_PARAGRAPH]:
            sentences = read_sentences(assistant.search(item["question"], HITS))
            start = item["answers"][0]["answer_start"]
            right = [
                paragraph["id"] in kept and s.document_id == paragraph["id"] and s.span[0] <= start < s.span[1]
                for s in sentences
            ]
            yield Example(answerer.features(item["question"], sentences).astype(np.float64), np.array(right))


def fit_ranking(data: Sequence[Example], sharpness: float = 1.0) -> Floats:
    """Fit the (f,) weights that make the right answer likeliest under a softmax over the answers of a question.

    An answer that several documents give scores log(sum(exp(sharpness * score))) / sharpness of their best candidates.
    The loss adds LIGHT_RIDGE times the square of the weights. Questions without a right candidate are left out.
    """
    usable = [e for e in data if e.right.any() and e.weight]
    shares = np.array([e.weight for e in usable]) / sum(e.weight for e in usable)
    if all(e.groups is None for e in usable):
        likelihood = _likelihood_of_candidates(usable, shares)
    else:
        likelihood = _likelihood_of_answers(usable, shares, sharpness)

    def loss(weights: Floats) -> tuple[float, Floats]:
        value, gradient = likelihood(weights)
        return value + LIGHT_RIDGE * float(weights @ weights), gradient + 2 * LIGHT_RIDGE * weights

    start = np.zeros(usable[0].features.shape[1])
    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", options={"gtol": 1e-8, "ftol": 1e-14}).x
    return found


def _likelihood_of_candidates(data: Sequence[Example], shares: Floats) -> Likelihood:
    """Return the likelihood where each candidate is an answer of its own, computed for all questions at once."""
    features, right = np.concatenate([e.features for e in data]), np.concatenate([e.right for e in data])
    sizes = [len(e.right) for e in data]
    starts, owner = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(data)), sizes)

    def likelihood(weights: Floats) -> tuple[float, Floats]:
        scores = features @ weights
        everything = np.logaddexp.reduceat(scores, starts)
        wanted = np.logaddexp.reduceat(np.where(right, scores, -np.inf), starts)
        slopes = np.exp(scores - everything[owner]) - right * np.exp(scores - wanted[owner])
        return float(shares @ (everything - wanted)), (slopes * shares[owner]) @ features

    return likelihood


def _likelihood_of_answers(data: Sequence[Example], shares: Floats, sharpness: float) -> Likelihood:
    """Return the likelihood where several candidates may give one answer."""

    def likelihood(weights: Floats) -> tuple[float, Floats]:
        every = [_negative_log_likelihood(example, weights, sharpness) for example in data]
        gradient: Floats = shares @ np.stack([slope for _, slope in every])
        return float(shares @ np.array([own for own, _ in every])), gradient

    return likelihood


def _negative_log_likelihood(example: Example, weights: Floats, sharpness: float) -> tuple[float, Floats]:
    """Return -log of the probability of the right answers, and its gradient (f,)."""
    own = example.features @ weights
    groups = example.groups if example.groups is not None else [[[place]] for place in range(len(own))]
    sizes = [len(documents) for documents in groups]
    starts = np.cumsum([0, *sizes[:-1]])
    best = [max(places, key=own.__getitem__) for documents in groups for places in documents]
    powers = sharpness * own[best]
    totals = np.logaddexp.reduceat(powers, starts)
    within = np.exp(powers - np.repeat(totals, sizes))
    gradients = np.add.reduceat(within[:, None] * example.features[best], starts)
    right = np.array([any(example.right[place] for places in documents for place in places) for documents in groups])
    scores = totals / sharpness
    everything, wanted = np.logaddexp.reduce(scores), np.logaddexp.reduce(scores[right])
    slope: Floats = gradients.T @ (np.exp(scores - everything) - right * np.exp(scores - wanted))
    return float(everything - wanted), slope


def fit_confidence(data: Sequence[Example], weights: Floats) -> Floats:
    """Fit the (f + 1,) coefficients and intercept of the probability that an answer was read, by the best sentence.

    Raises:
        EvaluationError: an answer was read for every question, or for none.
    """
    best = [int(np.argmax(e.features @ weights)) for e in data]
    inputs = np.array([[*e.features[i], 1.0] for e, i in zip(data, best, strict=True)])
    labels = np.array([float(e.right.any()) for e in data])
    return logistic_regression(inputs, labels, np.ones(len(labels)))


def logistic_regression(inputs: Floats, labels: Floats, weights: Floats) -> Floats:
    """Fit (f,) coefficients to inputs (n, f), labels (n,) of 0 and 1 and the weight (n,) of each.

    The intercept is the coefficient of an input that is always 1; it is penalised like the others.

    Raises:
        EvaluationError: all labels are the same.
    """
    if len(set(labels.tolist())) < 2:
        raise EvaluationError(f"all {len(labels)} questions are right or all are wrong; give sets that hold both")
    # The penalty is 1/2 RIDGE times the square of the coefficients, beside the sum, not the mean, of the losses.
    model = LogisticRegression(C=1 / RIDGE, fit_intercept=False, solver="newton-cholesky", tol=1e-9, max_iter=1_000)
    coefficients: Floats = model.fit(inputs, labels, sample_weight=weights).coef_[0]
    return coefficients


def main() -> None:
    """Fit and print the constants."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DIR", help="a folder of SQuAD-format files")
    given = parser.parse_args()
    try:
        data = load_examples(given.data)
        weights = fit_ranking(data)
        confidence = fit_confidence(data, weights)
    except QAError as error:
        parser.exit(1, f"{error}\n")
    right = [bool(e.right[np.argmax(e.features @ weights)]) for e in data if e.right.any()]
    print(f"{len(data)} questions, {len(right)} with the answer among the sentences read, {np.mean(right):.3f} first")
    print("WEIGHTS", weights.round(2).tolist())
    print("CONFIDENCE", confidence[:-1].round(2).tolist(), "INTERCEPT", confidence[-1].round(2))


if __name__ == "__main__":
    main()
