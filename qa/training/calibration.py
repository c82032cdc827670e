"""Fit the weights of the reader's spans and the confidence of an answer: python -m qa.training.calibration DIR.

DIR holds evaluation sets as `qa eval` reads them; those of the tasks answer and reading are used, each with the same
weight. The ranking is a softmax regression over the candidates of a question; the certainty a logistic regression over
its best candidate and those that say the same, of the sets that hold questions of both kinds. WEIGHTS goes into
qa/reader/candidates.py, the rest into qa/answering/answerers/reader.py; the scores beside them are of questions that
the fit did not see (ten folds). --draw FOLDER writes the reliability diagram and the risk-coverage curve.
"""

import argparse
import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings import load_encoder
from qa.answering.answerers.reader import (
    CONFIDENCE_WEIGHTS,
    QUOTES,
    ReaderAnswerer,
    evidence_quote,
    supporting_candidates,
)
from qa.answering.protocol import Quote
from qa.answering.wordings import HITS
from qa.assistant import Assistant
from qa.errors import EvaluationError, QAError
from qa.evaluate.metrics import auroc, best_over_golds, f1
from qa.evaluate.plots import calibration_error, draw_reliability, draw_risk_coverage, reliability, risk_coverage
from qa.evaluate.scorecard import bundled_corpus, sets_in
from qa.evaluate.tasks import RetrievedParagraph, evidence_spans, overlaps_evidence, read_lines
from qa.reader.candidates import AGREEMENT_SHARPNESS, Candidate, group_by_answer, rank_candidates, sigmoid
from qa.training.regression import Example, Floats, fit_ranking, logistic_regression
from qa.types import Hit

ENOUGH = 0.5
"""Token F1 with a gold answer from which a span counts as right."""

FOLDS = 10


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its candidates."""

    set: str
    question: str
    answerable: bool
    hits: tuple[Hit, ...]
    candidates: list[Candidate]
    right: NDArray[np.bool_]
    """(n,): which candidates are, by their own sentences."""
    confidence_features: NDArray[np.float32] | None = None
    """(n, s): see ReaderAnswerer.confidence_features; None where the passage is given: there only the reader's score
    counts."""
    shown: NDArray[np.bool_] | None = None
    """(n,): which are by all that is shown for them; None where that is the same."""
    overlaps: Floats | None = None
    """(n,): token F1 of each candidate with the gold answers, where the passage is given; None elsewhere."""


def cases(folder: Path) -> list[Case]:
    """The questions of every set in `folder` that asks for answers."""
    encoder = load_encoder()
    found: list[Case] = []
    for place, task in sets_in(folder):
        if task not in CASES:
            continue
        with Assistant.open(bundled_corpus(place), encoder=encoder, answerer="reader") as assistant:
            found += CASES[task](place, assistant)
    return found


def _answer_cases(folder: Path, assistant: Assistant) -> Iterator[Case]:
    for item in read_lines(folder / "questions.jsonl"):
        if item.get("history"):
            continue
        hits = assistant.search(item["question"], HITS)
        candidates = _answerer(assistant).candidates(item["question"], hits)
        own = _right(item, candidates, [Quote(c.document_id, *c.quoted) for c in candidates], assistant)
        shown = _right(item, candidates, [evidence_quote(item["question"], c, hits) for c in candidates], assistant)
        features = _answerer(assistant).confidence_features(item["question"], candidates, hits)
        yield Case(folder.name, item["question"], bool(item["answerable"]), hits, candidates, own, features, shown)


def _right(
    item: dict[str, Any], candidates: Sequence[Candidate], quotes: Sequence[Quote], assistant: Assistant
) -> NDArray[np.bool_]:
    """(n,): which candidates are right with what is quoted for each: by the evidence, else by their words."""
    stated = [evidence for evidence in item.get("evidence", []) if evidence["text"]]
    places = evidence_spans(stated, assistant)
    right = [
        item["answerable"]
        and (overlaps_evidence((q.document_id, q.start, q.end), places) if stated else _agrees(c.text, item["answers"]))
        for c, q in zip(candidates, quotes, strict=True)
    ]
    return np.array(right, bool)


def _reading_cases(folder: Path, assistant: Assistant) -> Iterator[Case]:
    data = json.loads((folder / "reading.json").read_text("utf-8"))["data"]
    for given in (paragraph for article in data for paragraph in article["paragraphs"]):
        paragraph = RetrievedParagraph(given["context"], assistant.corpus.encoder)
        for item in given["qas"]:
            hits = paragraph.hits(item["question"])
            candidates = _answerer(assistant).candidates(item["question"], hits)
            golds = [answer["text"] for answer in item["answers"]]
            overlaps = np.array([best_over_golds(golds, c.text, f1) if golds else 0.0 for c in candidates])
            yield Case(
                folder.name, item["question"], bool(golds), hits, candidates, overlaps >= ENOUGH, overlaps=overlaps
            )


CASES = {"answer": _answer_cases, "reading": _reading_cases}
"""What asks for answers, by its task, and how its questions are read."""


def _answerer(assistant: Assistant) -> ReaderAnswerer:
    assert isinstance(assistant.answerer, ReaderAnswerer)
    return assistant.answerer


def _agrees(text: str, golds: Sequence[str]) -> bool:
    return best_over_golds(golds, text, f1) >= ENOUGH


@dataclass(frozen=True, slots=True)
class Fit:
    """The constants of the reader's answers."""

    weights: Floats
    confidence_weights: Floats
    """Of the score, of each sign, and what is added."""

    def judge(self, case: Case) -> tuple[float, bool]:
        """(confidence, whether the best candidate is right)."""
        if not case.candidates:
            return 0.0, False
        confidence_features, right = _best(case, self.weights)
        return sigmoid(float(self.confidence_weights @ confidence_features)), right


def fit(data: Sequence[Case], of_both: Collection[str] | None = None) -> Fit:
    """Ranking weights over all sets, then the certainty over those `of_both` kinds of questions (Platt 1999).

    Which sets these are is looked up where it is not given.

    Raises:
        EvaluationError: no set is.
    """
    usable = [case for case in data if case.candidates]
    of_both = _of_both_kinds(usable) if of_both is None else of_both
    if not any(case.right.any() for case in usable if case.set in of_both):
        raise EvaluationError("no set holds questions of both kinds, those answered and those not; give one that does")
    shares = _shares(usable)
    examples = [
        Example(_features(c), c.right, share, group_by_answer(c.candidates))
        for c, share in zip(usable, shares, strict=True)
    ]
    weights = fit_ranking(examples, agreement=AGREEMENT_SHARPNESS)
    judged = [(_best(case, weights), share) for case, share in zip(usable, shares, strict=True) if case.set in of_both]
    inputs = np.array([confidence_features for (confidence_features, _), _ in judged])
    labels = np.array([float(right) for (_, right), _ in judged])
    confidence_weights = logistic_regression(inputs, labels, np.array([share for _, share in judged]))
    return Fit(weights, confidence_weights)


def _of_both_kinds(data: Sequence[Case]) -> set[str]:
    """The sets asked of a corpus that hold questions with an answer and questions without."""
    asked = [case for case in data if case.confidence_features is not None]
    return {case.set for case in asked if case.answerable} & {case.set for case in asked if not case.answerable}


def _features(case: Case) -> Floats:
    return np.array([candidate.features for candidate in case.candidates])


def _best(case: Case, weights: Floats) -> tuple[Floats, bool]:
    """(score, each sign, 1) of the best candidate and those that say the same, and whether it is right."""
    candidates = rank_candidates(case.candidates, weights)
    places = [case.candidates.index(one) for one in supporting_candidates(candidates)[:QUOTES]]
    confidence_features = (
        [0.0] * (len(CONFIDENCE_WEIGHTS) - 1)
        if case.confidence_features is None
        else case.confidence_features[places].max(axis=0).tolist()
    )
    right = case.right if case.shown is None else case.shown
    return np.array([candidates[0][0], *confidence_features, 1.0]), bool(right[places[0]])


def best_null_threshold(data: Sequence[Case]) -> float | None:
    """The reader's own score below which saying nothing gives the highest F1, of the cases whose passage is given."""
    gains = []
    for case in data:
        if case.overlaps is not None and case.candidates:
            scores = _features(case)[:, 0] * 10
            best = int(scores.argmax())
            # Of a question that has no answer, nothing is the right one, and counts 1.
            gains.append((float(scores[best]), float(case.overlaps[best]) if case.answerable else -1.0))
    gains.sort(reverse=True)
    return gains[int(np.cumsum([gain for _, gain in gains]).argmax())][0] if gains else None


def _shares(data: Sequence[Case]) -> Floats:
    """(n,): every set weighs the same, so that a large one does not decide for all."""
    sizes = Counter(case.set for case in data)
    return np.array([len(data) / len(sizes) / sizes[case.set] for case in data])


def cross_validated(data: Sequence[Case]) -> list[tuple[Case, float, bool]]:
    """Each case with the confidence, and whether it is right, by a fit on nine tenths of which it is no part."""
    judged: list[tuple[Case, float, bool]] = []
    of_both = _of_both_kinds(data)  # of the whole sets, for a part may hold one kind alone
    for fold in range(FOLDS):
        made = fit([case for place, case in enumerate(data) if place % FOLDS != fold], of_both)
        judged += [(case, *made.judge(case)) for case in data[fold::FOLDS]]
    return judged


def main() -> None:
    """Fit, print, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--draw", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    try:
        data = cases(given.sets)
        made, judged, least = fit(data), cross_validated(data), best_null_threshold(data)
    except QAError as error:
        parser.exit(1, f"{error}\n")
    print("RANKING_WEIGHTS", made.weights.round(2).tolist())
    print(
        "CONFIDENCE_WEIGHTS",
        made.confidence_weights[:-1].round(2).tolist(),
        "INTERCEPT",
        made.confidence_weights[-1].round(2),
    )
    if least is not None:
        print("NULL_THRESHOLD", round(least, 1))
    names = sorted({case.set for case in data})
    for name in names:
        print(name, _summary([row for row in judged if row[0].set == name]))
    if given.draw:
        given.draw.mkdir(parents=True, exist_ok=True)
        asked = [(case.set, sure, right) for case, sure, right in judged if case.confidence_features is not None]
        columns = {
            name: ([sure for of, sure, _ in asked if of == name], [right for of, _, right in asked if of == name])
            for name in dict.fromkeys(of for of, *_ in asked)
        }
        calibrated = [(name, reliability(*column)) for name, column in columns.items()]
        risks = [(name, risk_coverage(*column)) for name, column in columns.items()]
        (given.draw / "reliability.svg").write_text(draw_reliability(calibrated), "utf-8")
        (given.draw / "risk-coverage.svg").write_text(draw_risk_coverage(risks), "utf-8")


def _summary(rows: Sequence[tuple[Case, float, bool]]) -> str:
    first = np.mean([right for case, _, right in rows if case.answerable])
    said = f"{len(rows)} questions, best candidate right for {first:.3f} of the answerable"
    sure = [confidence for case, confidence, _ in rows if case.confidence_features is not None]
    if not sure:
        return said
    error = calibration_error(sure, [right for _, _, right in rows])
    told = auroc([s for case, s, _ in rows if case.answerable], [s for case, s, _ in rows if not case.answerable])
    return f"{said}, auroc {told:.3f}, calibration error {error:.3f}"


if __name__ == "__main__":
    main()
