"""Fit the ranking and the confidence: the fit recovers the constants that made the data."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from qa.answering.answerers.reader_small import CONFIDENCE_WEIGHTS
from qa.errors import EvaluationError
from qa.evaluate.plots import calibration_error
from qa.reader.candidates import AGREEMENT_SHARPNESS, Candidate, sigmoid
from qa.training import calibration
from qa.training.calibration import FOLDS, Fit, best_null_threshold, cross_validated, fit
from qa.training.calibration_sets import Case

MADE_BY = np.array([4.0, -2.0, 0.0])
NUM_CONFIDENCE_FEATURES = len(CONFIDENCE_WEIGHTS) - 1


def made(n, name="made", seed=0):
    """Make n questions of five candidates each; the better the best one, the likelier any is right.

    The right one is drawn with probabilities proportional to exp(features @ MADE_BY).
    """
    random = np.random.default_rng(seed)
    found = []
    for number in range(n):
        features = random.uniform(0, 1, (5, len(MADE_BY)))
        chances = np.exp(features @ MADE_BY)
        right = np.arange(5) == random.choice(5, p=chances / chances.sum())
        if random.uniform() > sigmoid(3 * (np.log(chances.max()) - 2)):
            right = np.zeros(5, dtype=bool)
        candidates = [Candidate("d", (i, i + 1), (0, 9), str(i), tuple(row)) for i, row in enumerate(features)]
        confidence_features = random.uniform(0, 1, (5, NUM_CONFIDENCE_FEATURES)).astype(np.float32)
        found.append(Case(name, f"{name} {number}?", bool(right.any()), (), candidates, right, confidence_features))
    return found


def nothing(name="made"):
    return Case(name, "?", False, (), [], np.zeros(0, dtype=bool))


@pytest.fixture(scope="module")
def data():
    return made(800)


@pytest.fixture(scope="module")
def fitted(data):
    return fit(data)


def test_fit_recovers_ranking_weights(fitted):
    assert fitted.ranking == pytest.approx(MADE_BY, abs=0.6)


def test_right_candidate_ranks_first_above_chance(fitted):
    unseen = [case for case in made(900, seed=1) if case.answerable]
    first = np.mean([fitted.judge(case)[1] for case in unseen])
    best = np.mean([Fit(MADE_BY, np.zeros(2 + NUM_CONFIDENCE_FEATURES)).judge(case)[1] for case in unseen])
    assert first == pytest.approx(best, abs=0.03)
    assert first > 0.4 > 1 / 5


def test_confidence_is_calibrated_on_unseen_questions(fitted):
    unseen = made(2_000, seed=2)
    errors = []
    for one in (fitted, replace(fitted, confidence=np.eye(2 + NUM_CONFIDENCE_FEATURES)[0])):
        judged = [one.judge(case) for case in unseen]
        errors.append(calibration_error([sure for sure, _ in judged], [right for _, right in judged]))
    assert errors[0] < 0.08 < 0.3 < errors[1]
    assert np.std([fitted.judge(case)[0] for case in unseen]) > 0.1


def test_more_confident_half_is_right_more_often(fitted):
    judged = sorted((fitted.judge(case) for case in made(1_000, seed=3)), key=lambda pair: pair[0])
    unsure, sure = ([right for _, right in half] for half in (judged[:500], judged[500:]))
    assert np.mean(sure) > np.mean(unsure) + 0.2


def test_question_without_candidates_changes_nothing(data, fitted):
    assert fitted.judge(nothing()) == (0.0, False)
    with_nothing = fit([*data[:100], nothing(), nothing("other")])
    assert np.allclose(with_nothing.ranking, fit(data[:100]).ranking)


def read_with(score, overlap, *, answerable=True):
    """Make a question with its passage given, and a second span that the reader scores lower."""
    candidates = [Candidate("d", (i, i + 1), (0, 9), str(i), (own / 10,)) for i, own in enumerate((score - 1, score))]
    right = np.array([False, overlap >= 0.5])
    return Case("read", "?", answerable, (), candidates, right, overlaps=np.array([1.0 - overlap, overlap]))


def test_null_threshold_is_where_f1_is_highest():
    sure, wrong, half = read_with(8.0, 1.0), read_with(6.0, 0.0, answerable=False), read_with(4.0, 0.4)
    assert best_null_threshold([sure, wrong, half]) == pytest.approx(
        8.0
    )  # 1 + 1 + 0; answering all would give 1 + 0 + 0.4
    assert best_null_threshold([sure, half]) == pytest.approx(4.0)
    assert best_null_threshold([sure, wrong, half, read_with(5.0, 1.0), read_with(3.0, 0.0)]) == pytest.approx(4.0)
    assert best_null_threshold([*made(3), nothing()]) is None
    assert best_null_threshold([sure, replace(nothing(), overlaps=np.zeros(0))]) == pytest.approx(8.0)


@pytest.mark.parametrize("kind", ["none", "without candidates", "never right", "all answerable", "never judged"])
def test_fit_needs_answerable_and_unanswerable_questions(kind, data):
    given = {
        "none": [],
        "without candidates": [nothing()],
        "never right": [replace(case, right=np.zeros(5, dtype=bool)) for case in data],
        "all answerable": [case for case in data if case.answerable],
        "never judged": [replace(case, confidence_features=None) for case in data],
    }
    with pytest.raises(EvaluationError, match="both kinds"):
        fit(given[kind])


def test_folder_without_sets_fails_in_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["calibration", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        calibration.main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert str(tmp_path) in said
    assert said.count("\n") == 1


def test_every_set_has_the_same_weight():
    few, many = made(80, "few", seed=4), made(80, "many", seed=5)
    once, often = fit([*few, *many]), fit([*few, *many * 4])
    assert often.ranking == pytest.approx(once.ranking, abs=0.05)
    assert often.confidence == pytest.approx(once.confidence, abs=0.05)
    more = fit([*few, *(replace(case, set=f"{case.set} {n}") for n in range(4) for case in many)])
    assert more.ranking != pytest.approx(often.ranking, abs=0.1)


def test_set_without_confidence_features_moves_only_ranking(data):
    without = [replace(case, set="read", confidence_features=None) for case in made(300, seed=8)]
    wrong = [replace(case, right=np.roll(case.right, 1)) for case in without]
    assert fit([*data[:300], *wrong]).ranking != pytest.approx(fit([*data[:300], *without]).ranking, abs=0.5)
    never = [replace(case, right=np.zeros(5, dtype=bool)) for case in without]
    assert fit([*data[:300], *never]).confidence == pytest.approx(fit(data[:300]).confidence, abs=0.1)


def test_ranking_fit_groups_candidates_by_answer(monkeypatch):
    """Two documents give one answer, a third another; every candidate has the same feature."""
    texts = (("a", "Oslo"), ("b", "Oslo"), ("c", "Riga"))
    candidates = [Candidate(id, (0, 1), (0, 9), text, (1.0,)) for id, text in texts]
    case = Case(
        "made",
        "?",
        True,
        (),
        candidates,
        np.array([True, True, False]),
        np.zeros((3, NUM_CONFIDENCE_FEATURES), np.float32),
    )
    given = []

    def recorded(examples, sharpness):
        given.extend((example.groups, sharpness) for example in examples)
        return np.zeros(1)

    monkeypatch.setattr(calibration, "fit_ranking", recorded)
    fit([case, replace(case, answerable=False, right=np.zeros(3, dtype=bool))])
    assert given == [([[[0], [1]], [[2]]], AGREEMENT_SHARPNESS)] * 2


@pytest.mark.parametrize("feature", range(NUM_CONFIDENCE_FEATURES))
def test_informative_feature_gets_the_large_weight(feature):
    told = [
        replace(case, right=case.right & (case.confidence_features[:, feature] > 0.5)) for case in made(600, seed=10)
    ]
    told_by = fit(told).confidence[1:-1]
    assert told_by[feature] > 3 > 1.5 > max(abs(np.delete(told_by, feature)))
    assert max(abs(fit(made(600, seed=10)).confidence[1:-1])) < 1.5


def test_no_fold_is_judged_by_its_own_fit(monkeypatch):
    data = made(43, seed=6)
    fits = []

    def recorded(some, of_both):
        fits.append({case.question for case in some})
        return fit(some, of_both)

    monkeypatch.setattr(calibration, "fit", recorded)
    judged = cross_validated(data)
    assert sorted(case.question for case, *_ in judged) == sorted(case.question for case in data)
    assert len(fits) == FOLDS
    held = [{case.question for case in data} - seen for seen in fits]
    assert sum(map(len, held)) == len(data) == len(set().union(*held))
    # The cases are judged fold by fold, in the order of the fits.
    order = [case.question for case, *_ in judged]
    assert [set(order[sum(map(len, held[:n])) :][: len(held[n])]) for n in range(FOLDS)] == held


def test_fold_without_unanswerable_questions_still_fits():
    answered = [case for case in made(60, seed=7) if case.answerable]
    asked = [replace(answered[0], question="never?", answerable=False, right=np.zeros(5, dtype=bool)), *answered]
    judged = cross_validated(asked)
    assert sorted(case.question for case, *_ in judged) == sorted(case.question for case in asked)


def test_cross_validated_confidence_comes_from_other_folds():
    data = made(40, seed=7)
    by_question = {case.question: (sure, right) for case, sure, right in cross_validated(data)}
    without = fit([case for place, case in enumerate(data) if place % FOLDS])
    assert by_question[data[0].question] == pytest.approx(without.judge(data[0]))


def test_same_answer_candidates_share_their_greatest_features(fitted):
    candidates = [Candidate(id, (0, 1), (0, 9), "Oslo", (1.0, 0.0, 0.0)) for id in ("a", "b", "c", "d")]
    low, high, beyond = (
        np.full(NUM_CONFIDENCE_FEATURES, 0.1),
        np.full(NUM_CONFIDENCE_FEATURES, 0.6),
        np.ones(NUM_CONFIDENCE_FEATURES),
    )
    confidence_features = np.array([low, high, low, beyond], np.float32)  # only the first three count
    case = Case("made", "?", True, (), candidates, np.ones(4, dtype=bool), confidence_features)
    sure = fitted.judge(case)[0]
    as_sure = fitted.judge(replace(case, confidence_features=np.array([high, low, low, low], np.float32)))[0]
    assert sure == pytest.approx(as_sure)
    other = replace(candidates[1], text="Riga", features=(0.0, 0.0, 0.0))
    apart = fitted.judge(
        replace(
            case, candidates=[candidates[0], other], right=case.right[:2], confidence_features=confidence_features[:2]
        )
    )
    lone = fitted.judge(
        replace(case, candidates=candidates[:1], right=case.right[:1], confidence_features=confidence_features[:1])
    )
    assert apart == lone


def test_confidence_judges_shown_quotes_and_ranking_does_not(data):
    shown = [replace(case, shown=~case.right) for case in data]
    assert fit(shown).ranking == pytest.approx(fit(data).ranking)
    assert fit(shown).confidence[0] < 0 < fit(data).confidence[0]
    assert [right for _, right in map(fit(data).judge, shown)] == [not right for _, right in map(fit(data).judge, data)]
