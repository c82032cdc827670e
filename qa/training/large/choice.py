"""Fit the choice among sentences and how sure it is: python -m qa.training.large.choice DIR.

DIR holds evaluation sets as `qa eval` reads them; those of the task answer are used, each with the same weight. The
choice is a softmax regression over the sentences read for a question, the two probabilities are logistic regressions on
what is known of the best one (Platt 1999). The weights go into qa/reader/choice.py and qa/reader/certainty.py. Beside
each set are its scores by weights that were fitted on all other sets: none of its own questions helped.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings import load_encoder
from embeddings.types import Vectors
from qa.answering.answerers.reader import THRESHOLD, ReaderAnswerer, is_inside, shown_quote
from qa.answering.protocol import Quote
from qa.answering.wordings import HITS
from qa.assistant import Assistant
from qa.errors import EvaluationError, QAError
from qa.evaluate.metrics import auroc
from qa.evaluate.plots import calibration_error
from qa.evaluate.scorecard import VERY_SURE, bundled_corpus, sets_in
from qa.evaluate.tasks import evidence_spans, overlaps_evidence, read_lines
from qa.reader.candidates import Candidate, rank_candidates
from qa.reader.certainty import ANSWERED, RIGHT, Known, known_of_best, probability
from qa.reader.choice import FEATURES, features_of
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

    def known(self, ranked: Sequence[tuple[float, Candidate]]) -> tuple[Known, Quote]:
        """Return what is known of the best candidate, and what is quoted for it."""
        shown = shown_quote(self.question, ranked[0][1], self.hits)
        rivals = [(score, candidate) for score, candidate in ranked if not is_inside(candidate, shown)]
        return known_of_best(ranked, rivals, self.hits, self.cosine(shown)), shown

    def tells(self, place: tuple[str, int, int]) -> bool:
        """Return whether a (document id, start, end) is on the evidence."""
        return overlaps_evidence(place, self.evidence)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of one question by fitted weights."""

    confidence: float
    """That of the answer as it is shown: of a refusal at most the probability that there is an answer."""
    right: Sequence[bool]
    """Whether what is quoted first is right, and each of the next two sentences."""
    refused: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """The weights of the choice and of both probabilities."""

    choice: Floats
    """(f,): a weight for each of FEATURES."""
    right: dict[str, float]
    """As qa.reader.certainty.RIGHT."""
    answered: dict[str, float]
    """As qa.reader.certainty.ANSWERED."""

    def judge(self, case: Case) -> Judgement:
        """Answer a question by these weights."""
        ranked = rank_candidates(case.candidates, self.choice)
        if not ranked:
            return Judgement(0.0, [], True)
        known, shown = case.known(ranked)
        others = [c for _, c in ranked if not is_inside(c, shown)][:2]
        right = [case.tells(astuple(shown)), *(case.tells((c.document_id, *c.quoted)) for c in others)]
        sure, answered = probability(known, self.right), probability(known, self.answered)
        refused = answered < THRESHOLD
        return Judgement(min(sure, answered) if refused else sure, right, refused)


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
    """Fit the three regressions; every set weighs the same.

    Raises:
        EvaluationError: no question has a right sentence, or every answer is right, or every question has an answer.
    """
    read = [case for case in cases if case.candidates]
    answerable = Counter(case.set for case in read if case.evidence)
    examples = [
        Example(features_of(case.candidates), case.right, 1 / answerable[case.set]) for case in read if case.right.any()
    ]
    if not examples:
        raise EvaluationError(f"none of the {len(cases)} questions has a right sentence among those that were read")
    choice = fit_ranking(examples)
    known = [case.known(rank_candidates(case.candidates, choice)) for case in read]
    right = [case.tells(astuple(shown)) for case, (_, shown) in zip(read, known, strict=True)]
    answered = [bool(case.evidence) for case in read]
    # Those with an answer and those without weigh the same, whatever share of a set they are.
    alike = [(case.set, bool(case.evidence)) for case in read]
    of_each = [known for known, _ in known]
    return Fit(
        choice,
        _regression(tuple(RIGHT), of_each, right, [case.set for case in read]),
        _regression(tuple(ANSWERED), of_each, answered, alike),
    )


def _regression(
    names: Sequence[str], known: Sequence[Known], labels: Sequence[bool], groups: Sequence[Hashable]
) -> dict[str, float]:
    """Fit a weight for each name; every group of questions weighs the same."""
    sizes = Counter(groups)
    weights = np.array([1 / sizes[group] for group in groups])
    inputs = np.array([[one[name] for name in names] for one in known])
    found = logistic_regression(inputs, np.array(labels, float), weights / weights.mean())
    return dict(zip(names, found.tolist(), strict=True))


def left_out(cases: Sequence[Case]) -> dict[str, dict[str, float]]:
    """Return the scores of each set by constants that were fitted on all other sets."""
    names = sorted({case.set for case in cases})
    fits = {name: fit([case for case in cases if case.set != name]) for name in names}
    return {name: _scores([case for case in cases if case.set == name], fits[name]) for name in names}


def _scores(cases: Sequence[Case], fitted: Fit) -> dict[str, float]:
    judged = [(case, fitted.judge(case)) for case in cases]
    first = [any(made.right[:1]) for _, made in judged]
    confidences = [made.confidence for _, made in judged]
    sure = [one for one, confidence in zip(first, confidences, strict=True) if confidence >= VERY_SURE]
    with_answer = [made for case, made in judged if case.evidence]
    without = [made for case, made in judged if not case.evidence]
    return {
        "questions": float(len(cases)),
        "cited_at_1": _mean([any(made.right[:1]) for made in with_answer]),
        "cited_at_3": _mean([any(made.right) for made in with_answer]),
        "false_refusal": _mean([made.refused for made in with_answer]),
        "refusal_recall": _mean([made.refused for made in without]),
        "auroc": auroc([made.confidence for made in with_answer], [made.confidence for made in without]),
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
    print("RIGHT", _rounded(fitted.right))
    print("ANSWERED", _rounded(fitted.answered))


def _rounded(weights: dict[str, float]) -> dict[str, float]:
    return {name: round(weight, 2) for name, weight in weights.items()}


if __name__ == "__main__":
    main()
