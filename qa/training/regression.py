"""Fit the constants of the extractive answerer: python -m qa.training.regression DIR, a folder of SQuAD-format files.

Half of the paragraphs become a corpus; their questions have an answer in it, the other half's have none. Sentence
weights maximise the likelihood of the sentence with the answer among all sentences read (softmax regression);
the confidence is a logistic regression on the best sentence's features, for whether any sentence read answers.
Nothing of an evaluation set is used.
"""

import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from qa.answering.answerers.extractive import ExtractiveAnswerer, read_sentences
from qa.answering.wordings import HITS
from qa.assistant import Assistant

PARAGRAPHS = 150
"""Taken from each file, half of them into the corpus."""

QUESTIONS = 2
"""Taken from each paragraph, at most."""

RIDGE, LIGHT_RIDGE = 1e-3, 1e-4
"""Keep the coefficients finite where a feature tells the labels apart entirely; the lighter one is for the ranking, of
whose features some hardly vary and must be free to weigh much."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the features of the sentences read for it."""

    features: Floats
    """(n, f)."""
    right: NDArray[np.bool_]
    """(n,): which sentences hold the answer; all False when the corpus does not."""
    share: float = 1.0
    """How much the question weighs."""
    groups: Sequence[Sequence[Sequence[int]]] | None = None
    """For every different answer, for every document that says it, which of the n do; None where each is by itself."""


def examples(folder: Path, seed: int = 0) -> list[Example]:
    """Questions over a corpus of half of the paragraphs in `folder`'s files."""
    rng = random.Random(seed)
    paragraphs = [p for file in sorted(folder.glob("*.json")) for p in _sample(file, rng)]
    kept = {p["id"] for p in paragraphs if rng.random() < 0.5}
    with tempfile.TemporaryDirectory() as made:
        corpus = Path(made) / "paragraphs.jsonl"
        corpus.write_text("\n".join(json.dumps(p) for p in paragraphs if p["id"] in kept), "utf-8")
        with Assistant.open(corpus) as assistant:
            return list(_examples(assistant, paragraphs, kept))


def _sample(file: Path, rng: random.Random) -> list[dict[str, object]]:
    paragraphs = [
        {"id": f"{file.stem}-{n}", "title": article.get("title") or "", "text": p["context"], "qas": p["qas"]}
        for n, (article, p) in enumerate(
            (article, p) for article in json.loads(file.read_text("utf-8"))["data"] for p in article["paragraphs"]
        )
    ]
    return rng.sample(paragraphs, min(PARAGRAPHS, len(paragraphs)))


def _examples(assistant: Assistant, paragraphs: Sequence[dict[str, Any]], kept: set[object]) -> Iterator[Example]:
    answerer = assistant.answerer
    assert isinstance(answerer, ExtractiveAnswerer)
    for paragraph in paragraphs:
        for item in [qa for qa in paragraph["qas"] if qa["answers"]][:QUESTIONS]:
            sentences = read_sentences(assistant.search(item["question"], HITS))
            start = item["answers"][0]["answer_start"]
            right = [
                paragraph["id"] in kept and s.document_id == paragraph["id"] and s.span[0] <= start < s.span[1]
                for s in sentences
            ]
            yield Example(answerer.features(item["question"], sentences).astype(np.float64), np.array(right))


def fit_ranking(data: Sequence[Example], steps: int = 100, agreement: float = 1.0) -> Floats:
    """(f,) weights that make the right answer likeliest under a softmax over the answers of a question.

    What several documents say counts as log(sum(exp(agreement * score))) / agreement of their best scores. By L-BFGS,
    in at most `steps` iterations, with LIGHT_RIDGE times the square of the weights against their growing without bound.
    """
    usable = [e for e in data if e.right.any() and e.share]
    weights = torch.zeros(usable[0].features.shape[1], dtype=torch.float64)
    total = sum(e.share for e in usable)
    search = torch.optim.LBFGS([weights], max_iter=steps, line_search_fn="strong_wolfe")

    def loss() -> float:
        at = weights.numpy()
        surprise, gradient = LIGHT_RIDGE * float(at @ at), 2 * LIGHT_RIDGE * at
        for example in usable:
            own, slope = _negative_log_likelihood(example, at, agreement)
            surprise += example.share / total * own
            gradient = gradient + example.share / total * slope
        weights.grad = torch.from_numpy(gradient)
        return surprise

    search.step(loss)
    found: Floats = weights.numpy().copy()
    return found


def _negative_log_likelihood(example: Example, weights: Floats, agreement: float) -> tuple[float, Floats]:
    """-log of the chance of the right answers, and its gradient (f,)."""
    own = example.features @ weights
    groups = example.groups if example.groups is not None else [[[place]] for place in range(len(own))]
    scores, features = np.empty(len(groups)), np.empty((len(groups), len(weights)))
    for answer, documents in enumerate(groups):
        best = [max(places, key=own.__getitem__) for places in documents]
        powers = agreement * own[best]
        chances = np.exp(powers - powers.max())
        scores[answer] = (powers.max() + np.log(chances.sum())) / agreement
        features[answer] = chances / chances.sum() @ example.features[best]
    right = np.array([any(example.right[place] for places in documents for place in places) for documents in groups])
    chances = np.exp(scores - scores.max())
    among = chances * right
    gradient: Floats = features.T @ (chances / chances.sum() - among / among.sum())
    return float(np.log(chances.sum()) - np.log(among.sum())), gradient


def fit_confidence(data: Sequence[Example], weights: Floats, steps: int = 50) -> Floats:
    """(f + 1,) coefficients and intercept of the chance that an answer was read, by the best sentence (Newton)."""
    best = [int(np.argmax(e.features @ weights)) for e in data]
    inputs = np.array([[*e.features[i], 1.0] for e, i in zip(data, best, strict=True)])
    labels = np.array([float(e.right.any()) for e in data])
    return logistic_regression(inputs, labels, np.ones(len(labels)), steps)


def logistic_regression(inputs: Floats, labels: Floats, shares: Floats, steps: int = 50) -> Floats:
    """(f,) coefficients for inputs (n, f), labels (n,) of 0 and 1 and the weight (n,) of each, by Newton's method."""
    coefficients = np.zeros(inputs.shape[1])
    for _ in range(steps):
        chances = 1 / (1 + np.exp(-inputs @ coefficients))
        curvature = shares * chances * (1 - chances)
        hessian = (inputs * curvature[:, None]).T @ inputs + RIDGE * np.eye(len(coefficients))
        gradient = inputs.T @ (shares * (labels - chances)) - RIDGE * coefficients
        coefficients += np.linalg.solve(hessian, gradient)
    return coefficients


def main() -> None:
    """Fit and print the constants."""
    data = examples(Path(sys.argv[1]))
    weights = fit_ranking(data)
    confidence = fit_confidence(data, weights)
    right = [bool(e.right[np.argmax(e.features @ weights)]) for e in data if e.right.any()]
    print(f"{len(data)} questions, {len(right)} with the answer among the sentences read, {np.mean(right):.3f} first")
    print("WEIGHTS", weights.round(2).tolist())
    print("CONFIDENCE", confidence[:-1].round(2).tolist(), "INTERCEPT", confidence[-1].round(2))


if __name__ == "__main__":
    main()
