"""Fit the choice among sentences and the confidence: python -m qa.training.large.choice DIR.

DIR holds evaluation sets as `qa eval` reads them; those of the task answer are used, each with the same weight. The
choice is a softmax regression over the sentences read for a question, the confidence a logistic regression on what is
known of the best one (Platt 1999). The constants go into qa/reader/choice.py. Beside each set are its scores by
constants that were fitted on all other sets: none of its own questions helped.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings import load_encoder
from embeddings.types import Vectors
from qa.answering.answerers.reader import ReaderAnswerer, is_inside, shown_quote
from qa.answering.protocol import Quote
from qa.answering.wordings import HITS
from qa.assistant import Assistant
from qa.errors import EvaluationError, QAError
from qa.evaluate.metrics import auroc
from qa.evaluate.plots import calibration_error
from qa.evaluate.scorecard import VERY_SURE, bundled_corpus, sets_in
from qa.evaluate.tasks import evidence_spans, overlaps_evidence, read_lines
from qa.reader.candidates import Candidate, rank_candidates, sigmoid
from qa.reader.choice import CERTAINTY, FEATURES, certainty_features, features_of
from qa.training.regression import Example, Floats, fit_ranking, logistic_regression
from qa.types import Hit, Span

Evidence = dict[str, list[Span]]


@dataclass(frozen=True, slots=True)
class Case:
    """One question with the sentences that were read for it."""

    set: str
    question: str
    hits: tuple[Hit, ...]
    candidates: list[Candidate]
    evidence: Evidence
    """Where the answer is, by document id; empty where there is none."""
    cosine: Callable[[Quote], float]
    """Returns the cosine of the question with a quote."""

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether each candidate is on the evidence, (n,)."""
        return np.array([self.tells((c.document_id, *c.quoted)) for c in self.candidates], bool)

    def certainty(self, ranked: Sequence[tuple[float, Candidate]]) -> tuple[Floats, Quote]:
        """Return what the confidence depends on, with 1 for the intercept, (c + 1,), and what is quoted first."""
        shown = shown_quote(self.question, ranked[0][1], self.hits)
        rivals = [(score, candidate) for score, candidate in ranked if not is_inside(candidate, shown)]
        return np.append(certainty_features(ranked, rivals, self.hits, self.cosine(shown)), 1.0), shown

    def tells(self, place: tuple[str, int, int]) -> bool:
        """Return whether a (document id, start, end) is on the evidence."""
        return overlaps_evidence(place, self.evidence)


@dataclass(frozen=True, slots=True)
class Fit:
    """The constants of the choice and of the confidence."""

    choice: Floats
    """(f,): a weight for each of FEATURES."""
    confidence: Floats
    """(c + 1,): a coefficient for each of CERTAINTY, then the intercept."""

    def judge(self, case: Case) -> tuple[float, list[bool]]:
        """Return the confidence of what is quoted first, whether that is right, and of the next two sentences."""
        ranked = rank_candidates(case.candidates, self.choice)
        if not ranked:
            return 0.0, []
        known, shown = case.certainty(ranked)
        others = [c for _, c in ranked if not is_inside(c, shown)][:2]
        right = [case.tells(astuple(shown)), *(case.tells((c.document_id, *c.quoted)) for c in others)]
        return sigmoid(float(self.confidence @ known)), right


def collect(folder: Path) -> Iterator[Case]:
    """Ask the questions of every answer set in `folder`; follow-ups as the assistant completes them."""
    encoder = load_encoder()
    for place, task in sets_in(folder):
        asked = (
            [item for item in read_lines(place / "questions.jsonl") if _can_be_judged(item)] if task == "answer" else []
        )
        if not asked:
            continue
        with Assistant.open(bundled_corpus(place), encoder=encoder, answerer="reader") as assistant:
            answerer = assistant.answerer
            assert isinstance(answerer, ReaderAnswerer)
            for item in asked:
                question = assistant.understand(item["question"], [tuple(turn) for turn in item.get("history", [])])
                hits, vector = assistant.search(question, HITS), encoder.embed_query(question)
                found = answerer.candidates(question, hits)
                evidence = evidence_spans(item["evidence"], assistant) if item["answerable"] else {}
                yield Case(place.name, question, hits, found, evidence, _cosines(answerer, vector, hits))


def _can_be_judged(item: dict[str, Any]) -> bool:
    """Return whether something says where the answer is, or that there is none."""
    return bool(item["evidence"]) or not item["answerable"]


def _cosines(answerer: ReaderAnswerer, vector: Vectors, hits: Sequence[Hit]) -> Callable[[Quote], float]:
    return cache(lambda quote: answerer.cosine(vector, quote, hits))


def fit(cases: Sequence[Case]) -> Fit:
    """Fit both regressions; every set weighs the same.

    Raises:
        EvaluationError: no question has a right sentence, or every answer is right.
    """
    read = [case for case in cases if case.candidates]
    answerable = Counter(case.set for case in read if case.evidence)
    examples = [
        Example(features_of(case.candidates), case.right, 1 / answerable[case.set]) for case in read if case.right.any()
    ]
    if not examples:
        raise EvaluationError(f"none of the {len(cases)} questions has a right sentence among those that were read")
    choice = fit_ranking(examples)
    sizes = Counter(case.set for case in read)
    weights = np.array([1 / sizes[case.set] for case in read])
    inputs, labels = zip(*(_confidence_example(case, choice) for case in read), strict=True)
    confidence = logistic_regression(np.array(inputs), np.array(labels, float), weights / weights.mean())
    return Fit(choice, confidence)


def _confidence_example(case: Case, choice: Floats) -> tuple[Floats, bool]:
    ranked = rank_candidates(case.candidates, choice)
    inputs, shown = case.certainty(ranked)
    return inputs, case.tells(astuple(shown))


def left_out(cases: Sequence[Case]) -> dict[str, dict[str, float]]:
    """Return the scores of each set by constants that were fitted on all other sets."""
    names = sorted({case.set for case in cases})
    fits = {name: fit([case for case in cases if case.set != name]) for name in names}
    return {name: _scores([case for case in cases if case.set == name], fits[name]) for name in names}


def _scores(cases: Sequence[Case], fitted: Fit) -> dict[str, float]:
    judged = [(case, *fitted.judge(case)) for case in cases]
    first = [bool(right and right[0]) for _, _, right in judged]
    confidences = [confidence for _, confidence, _ in judged]
    sure = [one for one, confidence in zip(first, confidences, strict=True) if confidence >= VERY_SURE]
    return {
        "questions": float(len(cases)),
        "cited_at_1": _mean([bool(right and right[0]) for case, _, right in judged if case.evidence]),
        "cited_at_3": _mean([any(right) for case, _, right in judged if case.evidence]),
        "auroc": auroc(
            [confidence for case, confidence, _ in judged if case.evidence],
            [confidence for case, confidence, _ in judged if not case.evidence],
        ),
        "calibration_error": calibration_error(confidences, first),
        "very_sure": float(len(sure)),
        "very_sure_right": _mean(sure),
    }


def _mean(values: Sequence[bool]) -> float:
    return float(np.mean(values)) if values else float("nan")


def main() -> None:
    """Fit and print the constants."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="DIR", help="a folder of evaluation sets")
    given = parser.parse_args()
    try:
        cases = list(collect(given.data))
        fitted, scores = fit(cases), left_out(cases)
    except QAError as error:
        parser.exit(1, f"{error}\n")
    for name, values in scores.items():
        print(f"{name:<14}", " ".join(f"{key} {value:.3f}" for key, value in values.items()))
    print("CHOICE", dict(zip(FEATURES, fitted.choice.round(2).tolist(), strict=True)))
    print("CERTAINTY", dict(zip(CERTAINTY, fitted.confidence[:-1].round(2).tolist(), strict=True)))
    print("INTERCEPT", round(float(fitted.confidence[-1]), 2))


if __name__ == "__main__":
    main()
