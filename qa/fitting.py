"""Fits the constants of the extractive answerer: python -m qa.fitting DIR, with DIR holding SQuAD-format files.

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
from numpy.typing import NDArray

from qa.answerers.extractive import ExtractiveAnswerer, read_sentences
from qa.assistant import HITS, Assistant

PARAGRAPHS = 150
"""Taken from each file, half of them into the corpus."""

QUESTIONS = 2
"""Taken from each paragraph, at most."""

RIDGE = 1e-3
"""Keeps the coefficients finite where a feature tells the labels apart entirely."""

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


def examples(folder: Path, seed: int = 0) -> list[Example]:
    """Questions over a corpus of half of the paragraphs in `folder`'s files."""
    chooser = random.Random(seed)
    paragraphs = [p for file in sorted(folder.glob("*.json")) for p in _sample(file, chooser)]
    kept = {p["id"] for p in paragraphs if chooser.random() < 0.5}
    with tempfile.TemporaryDirectory() as made:
        corpus = Path(made) / "paragraphs.jsonl"
        corpus.write_text("\n".join(json.dumps(p) for p in paragraphs if p["id"] in kept), "utf-8")
        with Assistant.open(corpus) as assistant:
            return list(_examples(assistant, paragraphs, kept))


def _sample(file: Path, chooser: random.Random) -> list[dict[str, object]]:
    paragraphs = [
        {"id": f"{file.stem}-{n}", "title": article.get("title") or "", "text": p["context"], "qas": p["qas"]}
        for n, (article, p) in enumerate(
            (article, p) for article in json.loads(file.read_text("utf-8"))["data"] for p in article["paragraphs"]
        )
    ]
    return chooser.sample(paragraphs, min(PARAGRAPHS, len(paragraphs)))


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


def fit_ranking(data: Sequence[Example], steps: int = 2000, rate: float = 0.5) -> Floats:
    """(f,) weights that make the right sentence likeliest under a softmax over the sentences of a question."""
    usable = [e for e in data if e.right.any()]
    weights = np.zeros(usable[0].features.shape[1])
    for _ in range(steps):
        gradient = np.mean([e.share * _softmax_gradient(e, weights) for e in usable], axis=0)
        weights += rate * 10 * gradient
    return weights


def _softmax_gradient(example: Example, weights: Floats) -> Floats:
    scores = example.features @ weights
    chances = np.exp(scores - scores.max())
    right = chances * example.right
    gradient: Floats = example.features.T @ (right / right.sum() - chances / chances.sum())
    return gradient


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
