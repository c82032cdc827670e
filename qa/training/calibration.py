"""Fit the ranking of the reader's spans and the confidence of an answer: python -m qa.training.calibration DIR.

DIR holds evaluation sets as `qa eval` reads them. The sets of the tasks answer and reading are used; every set has the
same weight. The ranking is a softmax regression over the candidates of a question. The confidence is a logistic
regression over the best candidate and those with the same answer, on the sets that hold both answerable and
unanswerable questions. RANKING_WEIGHTS goes into qa/reader/candidates.py, the rest into
qa/answering/answerers/reader_small.py. The scores printed beside them are of questions that the fit did not see (ten
folds).
--draw FOLDER writes the reliability diagram and the risk-coverage curve.
"""

import argparse
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.answering.answerers.reader_small import CONFIDENCE_WEIGHTS, MAX_QUOTES, supporting_candidates
from qa.errors import EvaluationError, QAError
from qa.evaluate.metrics import auroc
from qa.evaluate.plots import calibration_error, draw_reliability, draw_risk_coverage, reliability, risk_coverage
from qa.reader.candidates import AGREEMENT_SHARPNESS, group_by_answer, rank_candidates, sigmoid
from qa.training.calibration_sets import Case, cases
from qa.training.regression import Example, Floats, fit_ranking, logistic_regression

FOLDS = 10


@dataclass(frozen=True, slots=True)
class Fit:
    """The constants of the reader's answers."""

    ranking: Floats
    """Weights of the candidates' features."""
    confidence: Floats
    """Coefficients of the score and of each confidence feature, then the intercept."""

    def judge(self, case: Case) -> tuple[float, bool]:
        """Return the confidence of the best candidate, and whether it is right."""
        if not case.candidates:
            return 0.0, False
        inputs, right = _confidence_inputs(case, self.ranking)
        return sigmoid(float(self.confidence @ inputs)), right


def fit(data: Sequence[Case], mixed_sets: Collection[str] | None = None) -> Fit:
    """Fit the ranking on all sets, then the confidence on the sets named in `mixed_sets` (Platt 1999).

    Args:
        data: the questions of all sets.
        mixed_sets: names of the sets that hold answerable and unanswerable questions; None finds them in `data`.

    Raises:
        EvaluationError: there is no such set, or its best candidates are all right or all wrong.
    """
    usable = [case for case in data if case.candidates]
    mixed_sets = _mixed_sets(usable) if mixed_sets is None else mixed_sets
    if not any(case.right.any() for case in usable if case.set in mixed_sets):
        raise EvaluationError("no set holds questions of both kinds, answerable and unanswerable; give one that does")
    weights = _question_weights(usable)
    examples = [
        Example(_features(case), case.right, weight, group_by_answer(case.candidates))
        for case, weight in zip(usable, weights, strict=True)
    ]
    ranking = fit_ranking(examples, sharpness=AGREEMENT_SHARPNESS)
    chosen = [place for place, case in enumerate(usable) if case.set in mixed_sets]
    inputs, right = zip(*(_confidence_inputs(usable[place], ranking) for place in chosen), strict=True)
    return Fit(ranking, logistic_regression(np.array(inputs), np.array(right, float), weights[chosen]))


def _mixed_sets(data: Sequence[Case]) -> set[str]:
    """Name the sets over a corpus that hold both answerable and unanswerable questions."""
    asked = [case for case in data if case.confidence_features is not None]
    return {case.set for case in asked if case.answerable} & {case.set for case in asked if not case.answerable}


def _features(case: Case) -> Floats:
    return np.array([candidate.features for candidate in case.candidates])


def _confidence_inputs(case: Case, ranking: Floats) -> tuple[Floats, bool]:
    """Return (score, each confidence feature, 1) of the best candidate, and whether it is right."""
    candidates = rank_candidates(case.candidates, ranking)
    places = [case.candidates.index(one) for one in supporting_candidates(candidates)[:MAX_QUOTES]]
    features = np.zeros(len(CONFIDENCE_WEIGHTS) - 1)
    if case.confidence_features is not None:
        features = case.confidence_features[places].max(axis=0).astype(np.float64)
    right = case.right if case.shown is None else case.shown
    return np.array([candidates[0][0], *features, 1.0]), bool(right[places[0]])


def best_null_threshold(data: Sequence[Case]) -> float | None:
    """Find the reader's score below which no answer gives the highest F1, over the cases whose passage is given."""
    gains = []
    for case in data:
        if case.overlaps is not None and case.candidates:
            scores = _features(case)[:, 0] * 10
            best = int(scores.argmax())
            # Giving no answer to an unanswerable question is right, and counts 1.
            gains.append((float(scores[best]), float(case.overlaps[best]) if case.answerable else -1.0))
    gains.sort(reverse=True)
    return gains[int(np.cumsum([gain for _, gain in gains]).argmax())][0] if gains else None


def _question_weights(data: Sequence[Case]) -> Floats:
    """Weigh each question (n,) so that every set counts the same and a large one does not decide for all."""
    sizes = Counter(case.set for case in data)
    return np.array([len(data) / len(sizes) / sizes[case.set] for case in data])


def cross_validated(data: Sequence[Case]) -> list[tuple[Case, float, bool]]:
    """Judge each case with a fit on the nine folds that it is not in: its confidence, and whether it is right."""
    judged: list[tuple[Case, float, bool]] = []
    mixed_sets = _mixed_sets(data)  # found in the whole sets: a fold may hold only one kind
    for fold in range(FOLDS):
        made = fit([case for place, case in enumerate(data) if place % FOLDS != fold], mixed_sets)
        judged += [(case, *made.judge(case)) for case in data[fold::FOLDS]]
    return judged


def main() -> None:
    """Fit the constants, print them, and draw the curves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--draw", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    try:
        data = cases(given.sets)
        made, judged, threshold = fit(data), cross_validated(data), best_null_threshold(data)
    except QAError as error:
        parser.exit(1, f"{error}\n")
    print("RANKING_WEIGHTS", made.ranking.round(2).tolist())
    print("CONFIDENCE_WEIGHTS", made.confidence[:-1].round(2).tolist(), "INTERCEPT", made.confidence[-1].round(2))
    if threshold is not None:
        print("NULL_THRESHOLD", round(threshold, 1))
    for name in sorted({case.set for case in data}):
        print(name, _summary([row for row in judged if row[0].set == name]))
    if given.draw:
        _draw(judged, given.draw)


def _draw(judged: Sequence[tuple[Case, float, bool]], folder: Path) -> None:
    """Write the curves of every set over a corpus."""
    folder.mkdir(parents=True, exist_ok=True)
    columns: dict[str, tuple[list[float], list[bool]]] = {}
    for case, confidence, right in judged:
        if case.confidence_features is not None:
            confidences, rights = columns.setdefault(case.set, ([], []))
            confidences.append(confidence)
            rights.append(right)
    calibrated = [(name, reliability(*column)) for name, column in columns.items()]
    risks = [(name, risk_coverage(*column)) for name, column in columns.items()]
    (folder / "reliability.svg").write_text(draw_reliability(calibrated), "utf-8")
    (folder / "risk-coverage.svg").write_text(draw_risk_coverage(risks), "utf-8")


def _summary(rows: Sequence[tuple[Case, float, bool]]) -> str:
    first = np.mean([right for case, _, right in rows if case.answerable])
    text = f"{len(rows)} questions, best candidate right for {first:.3f} of the answerable"
    confidences = [confidence for case, confidence, _ in rows if case.confidence_features is not None]
    if not confidences:
        return text
    error = calibration_error(confidences, [right for _, _, right in rows])
    told = auroc([s for case, s, _ in rows if case.answerable], [s for case, s, _ in rows if not case.answerable])
    return f"{text}, auroc {told:.3f}, calibration error {error:.3f}"


if __name__ == "__main__":
    main()
