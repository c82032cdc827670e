"""Fits how the reader's spans are weighed and how sure an answer is: python -m qa.calibration DIR [--draw FOLDER].

DIR holds evaluation sets as `qa eval` reads them; those of the tasks answer and reading are used, each
with the same weight. The ranking is a softmax regression over the candidates of a question, the certainty a logistic
regression over its best candidate. What is printed goes into qa/answerers/reader.py; the scores beside it are of
questions that the fit did not see (ten folds). --draw writes the reliability diagram and the risk-coverage curve.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import load_encoder
from qa.answerers.reader import ReaderAnswerer
from qa.assistant import HITS, Assistant
from qa.curves import calibration_error, draw_reliability, draw_risk_coverage, reliability, risk_coverage
from qa.errors import EvaluationError, QAError
from qa.evaluation import held_corpus, sets_in
from qa.fitting import Example, Floats, fit_ranking, logistic_regression
from qa.metrics import auroc, best_over, f1
from qa.reader.candidates import AGREEMENT, Candidate, alike, logistic, ranked
from qa.tasks import Paragraph, evidence_places, on_evidence, read_lines
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
    """(n,): which candidates are."""
    cosines: NDArray[np.float32] | None = None
    """(n,): of the question and each candidate's quoted sentences; None where the certainty is not fitted on it."""
    overlaps: Floats | None = None
    """(n,): token F1 of each candidate with the gold answers, where the passage is given; None elsewhere."""


def cases(folder: Path) -> list[Case]:
    """The questions of every set in `folder` that asks for answers."""
    encoder = load_encoder()
    found: list[Case] = []
    for place, task in sets_in(folder):
        if task not in CASES:
            continue
        with Assistant.open(held_corpus(place), encoder=encoder, answerer="reader") as assistant:
            found += CASES[task](place, assistant)
    return found


def _answer_cases(folder: Path, assistant: Assistant) -> Iterator[Case]:
    items = read_lines(folder / "questions.jsonl")
    both = len({bool(item["answerable"]) for item in items}) == 2
    for item in items:
        if item.get("history"):
            continue
        hits = assistant.search(item["question"], HITS)
        candidates = _answerer(assistant).candidates(item["question"], hits)
        stated = [evidence for evidence in item.get("evidence", []) if evidence["text"]]
        places = evidence_places(stated, assistant)
        right = [
            item["answerable"]
            and (on_evidence((c.document_id, *c.quoted), places) if stated else _agrees(c.text, item["answers"]))
            for c in candidates
        ]
        cosines = _answerer(assistant).cosines(item["question"], candidates, hits) if both else None
        yield Case(
            folder.name, item["question"], bool(item["answerable"]), hits, candidates, np.array(right, bool), cosines
        )


def _reading_cases(folder: Path, assistant: Assistant) -> Iterator[Case]:
    data = json.loads((folder / "reading.json").read_text("utf-8"))["data"]
    for given in (paragraph for article in data for paragraph in article["paragraphs"]):
        paragraph = Paragraph(given["context"], assistant.corpus.encoder)
        for item in given["qas"]:
            hits = paragraph.hits(item["question"])
            candidates = _answerer(assistant).candidates(item["question"], hits)
            golds = [answer["text"] for answer in item["answers"]]
            overlaps = np.array([best_over(golds, c.text, f1) if golds else 0.0 for c in candidates])
            yield Case(
                folder.name, item["question"], bool(golds), hits, candidates, overlaps >= ENOUGH, overlaps=overlaps
            )


CASES = {"answer": _answer_cases, "reading": _reading_cases}
"""What asks for answers, by its task, and how its questions are read."""


def _answerer(assistant: Assistant) -> ReaderAnswerer:
    assert isinstance(assistant.answerer, ReaderAnswerer)
    return assistant.answerer


def _agrees(text: str, golds: Sequence[str]) -> bool:
    return best_over(golds, text, f1) >= ENOUGH


@dataclass(frozen=True, slots=True)
class Fit:
    """The constants of the reader's answers."""

    weights: Floats
    certainty: Floats
    """Of the score, of the cosine, and what is added."""

    def judge(self, case: Case) -> tuple[float, bool]:
        """(confidence, whether the best candidate is right)."""
        if not case.candidates:
            return 0.0, False
        signs, right = _best(case, self.weights)
        return logistic(float(self.certainty @ signs)), right


def fit(data: Sequence[Case]) -> Fit:
    """Ranking weights over all sets, then the certainty over those that hold questions of both kinds (Platt 1999).

    Raises:
        EvaluationError: no set does.
    """
    usable = [case for case in data if case.candidates]
    if not any(case.cosines is not None and case.right.any() for case in usable):
        raise EvaluationError("no set holds questions of both kinds, those answered and those not; give one that does")
    shares = _shares(usable)
    examples = [
        Example(_features(c), c.right, share, alike(c.candidates)) for c, share in zip(usable, shares, strict=True)
    ]
    weights = fit_ranking(examples, agreement=AGREEMENT)
    judged = [
        (_best(case, weights), share) for case, share in zip(usable, shares, strict=True) if case.cosines is not None
    ]
    inputs = np.array([signs for (signs, _), _ in judged])
    labels = np.array([float(right) for (_, right), _ in judged])
    certainty = logistic_regression(inputs, labels, np.array([share for _, share in judged]))
    return Fit(weights, certainty)


def _features(case: Case) -> Floats:
    return np.array([candidate.features for candidate in case.candidates])


def _best(case: Case, weights: Floats) -> tuple[Floats, bool]:
    """(score, cosine, 1) of the best candidate, and whether it is right."""
    score, best = ranked(case.candidates, weights)[0]
    place = case.candidates.index(best)
    cosine = 0.0 if case.cosines is None else float(case.cosines[place])
    return np.array([score, cosine, 1.0]), bool(case.right[place])


def barely(data: Sequence[Case]) -> float | None:
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
    for fold in range(FOLDS):
        made = fit([case for place, case in enumerate(data) if place % FOLDS != fold])
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
        made, judged, least = fit(data), cross_validated(data), barely(data)
    except QAError as error:
        parser.exit(1, f"{error}\n")
    print("WEIGHTS", made.weights.round(2).tolist())
    print("CERTAINTY", made.certainty[:-1].round(2).tolist(), "INTERCEPT", made.certainty[-1].round(2))
    if least is not None:
        print("BARELY", round(least, 1))
    names = sorted({case.set for case in data})
    of_set = {
        name: [(sure, right, case.answerable) for case, sure, right in judged if case.set == name] for name in names
    }
    for name, rows in of_set.items():
        print(name, _summary(rows))
    if given.draw:
        given.draw.mkdir(parents=True, exist_ok=True)
        columns = {
            name: ([sure for sure, *_ in rows], [right for _, right, _ in rows]) for name, rows in of_set.items()
        }
        calibrated = [(name, reliability(*column)) for name, column in columns.items()]
        risks = [(name, risk_coverage(*column)) for name, column in columns.items()]
        (given.draw / "reliability.svg").write_text(draw_reliability(calibrated), "utf-8")
        (given.draw / "risk-coverage.svg").write_text(draw_risk_coverage(risks), "utf-8")


def _summary(rows: Sequence[tuple[float, bool, bool]]) -> str:
    answered = [right for _, right, answerable in rows if answerable]
    told = auroc([s for s, _, a in rows if a], [s for s, _, a in rows if not a])
    error = calibration_error([s for s, *_ in rows], [right for _, right, _ in rows])
    return (
        f"{len(rows)} questions, best candidate right for {np.mean(answered):.3f} of the answerable, "
        f"auroc {told:.3f}, calibration error {error:.3f}"
    )


if __name__ == "__main__":
    main()
