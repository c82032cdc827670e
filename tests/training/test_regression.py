"""Fit the extractive answerer's constants: the fit recovers the constants that made the data."""

import json
import subprocess
import sys

import numpy as np
import pytest

from qa.answering.answerers.extractive import WEIGHTS
from qa.errors import EvaluationError
from qa.training import regression
from qa.training.regression import Example, fit_confidence, fit_ranking, load_examples, logistic_regression
from tests.support.squad_files import made as made_files


def made(weights, n=400, sentences=6, seed=0):
    """Make questions whose right sentence is drawn with probabilities proportional to exp(features @ weights)."""
    random = np.random.default_rng(seed)
    data = []
    for _ in range(n):
        features = random.uniform(0, 1, (sentences, len(weights)))
        chances = np.exp(features @ weights)
        right = np.arange(sentences) == random.choice(sentences, p=chances / chances.sum())
        data.append(Example(features, right))
    return data


def test_fit_recovers_ranking_weights():
    weights = np.array([3.0, 0.0])
    assert fit_ranking(made(weights, n=1_000)) == pytest.approx(weights, abs=0.5)


def test_unanswered_questions_do_not_move_ranking():
    data = made(np.array([3.0, 0.0]), n=100)
    unanswered = [Example(example.features[::-1], np.zeros(6, dtype=bool)) for example in data]
    assert np.allclose(fit_ranking(data), fit_ranking(data + unanswered))


def test_agreeing_documents_count_together():
    """Every candidate has the same features; only the number of documents that give an answer differs."""
    groups = [[[0], [1], [2]], [[3]], [[4]]]
    flat = np.full((5, 1), 1.0)
    said = [Example(flat, np.arange(5) == 0, groups=groups), Example(flat, np.arange(5) == 3, groups=groups)]
    chances = [np.exp(-regression._negative_log_likelihood(example, np.array([2.0]), 1.0)[0]) for example in said]
    assert chances == pytest.approx([3 / 5, 1 / 5])
    # Only the best candidate of a document counts, and one right candidate makes its answer right.
    same = Example(np.array([[1.0], [5.0], [1.0]]), np.array([True, False, False]), groups=[[[0, 1]], [[2]]])
    assert regression._negative_log_likelihood(same, np.array([1.0]), 1.0)[0] == pytest.approx(np.log1p(np.exp(-4)))


@pytest.mark.parametrize("sharpness", [0.3, 1.0, 2.0])
def test_gradient_matches_finite_differences(sharpness):
    random = np.random.default_rng(4)
    example = Example(random.normal(size=(6, 3)), np.arange(6) == 2, groups=[[[0, 1], [4]], [[2], [5]], [[3]]])
    at, step = random.normal(size=3), 1e-6
    _, slope = regression._negative_log_likelihood(example, at, sharpness)
    for place in range(3):
        beside = at.copy()
        beside[place] += step
        rise = (
            regression._negative_log_likelihood(example, beside, sharpness)[0]
            - regression._negative_log_likelihood(example, at, sharpness)[0]
        )
        assert rise / step == pytest.approx(slope[place], abs=1e-4)


def test_fit_recovers_confidence_coefficients():
    random = np.random.default_rng(1)
    inputs = random.uniform(0, 1, 4_000)
    answered = random.uniform(size=4_000) < 1 / (1 + np.exp(-(4 * inputs - 2)))
    data = [Example(np.array([[x]]), np.array([right])) for x, right in zip(inputs, answered, strict=True)]
    assert fit_confidence(data, np.array([1.0])) == pytest.approx([4, -2], abs=0.35)


def drawn(n, coefficients, seed):
    random = np.random.default_rng(seed)
    inputs = np.column_stack([random.uniform(-1, 1, (n, len(coefficients) - 1)), np.ones(n)])
    return inputs, (random.uniform(size=n) < 1 / (1 + np.exp(-inputs @ coefficients))).astype(float)


def test_logistic_regression_recovers_coefficients():
    inputs, labels = drawn(8_000, [2.0, -1.0, 0.5], seed=2)
    assert logistic_regression(inputs, labels, np.ones(8_000)) == pytest.approx([2, -1, 0.5], abs=0.15)


def test_weight_two_equals_a_repeated_label():
    inputs, labels = drawn(200, [2.0, -1.0], seed=3)
    shares = np.where(np.arange(200) < 50, 2.0, 1.0)
    twice = np.concatenate([inputs, inputs[:50]]), np.concatenate([labels, labels[:50]])
    assert logistic_regression(inputs, labels, shares) == pytest.approx(logistic_regression(*twice, np.ones(250)))
    assert logistic_regression(inputs, labels, np.ones(200)) != pytest.approx(logistic_regression(*twice, np.ones(250)))


def test_question_of_weight_zero_does_not_move_ranking():
    data, other = made(np.array([3.0, 0.0]), n=60), made(np.array([0.0, 9.0]), n=60, seed=5)
    unweighed = [Example(example.features, example.right, 0.0) for example in other]
    half = fit_ranking([*data, *unweighed])
    assert half == pytest.approx(fit_ranking(data), abs=0.05)
    assert fit_ranking([*data, *other]) != pytest.approx(half, abs=0.5)


def test_separable_labels_keep_coefficients_finite():
    inputs = np.column_stack([np.linspace(-1, 1, 20), np.ones(20)])
    found = logistic_regression(inputs, (inputs[:, 0] > 0).astype(float), np.ones(20))
    assert np.isfinite(found).all()
    assert found[0] > 10


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_labels_of_one_kind_are_refused(label):
    with pytest.raises(EvaluationError, match="all 5 questions are right or all are wrong"):
        logistic_regression(np.ones((5, 1)), np.full(5, label), np.ones(5))


def test_command_prints_the_constants(tmp_path, home):
    data = made_files(tmp_path / "data", 12)
    done = subprocess.run([sys.executable, "-m", "qa.training.regression", str(data)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    summary, weights, confidence = done.stdout.splitlines()
    assert summary.startswith("24 questions, ")
    assert len(json.loads(weights.removeprefix("WEIGHTS "))) == len(WEIGHTS)
    coefficients, _, intercept = confidence.removeprefix("CONFIDENCE ").partition(" INTERCEPT ")
    assert len(json.loads(coefficients)) == len(WEIGHTS)
    assert np.isfinite(float(intercept))


def test_folder_without_questions_is_refused(tmp_path):
    with pytest.raises(EvaluationError, match=r"too few questions with an answer; give a folder of SQuAD-format"):
        load_examples(tmp_path)
