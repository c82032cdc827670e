"""The fitting of the answerer's constants finds what made the data."""

import numpy as np
import pytest

from qa.training import regression
from qa.training.regression import Example, fit_confidence, fit_ranking, logistic_regression


def made(weights, n=400, sentences=6, seed=0):
    """Questions whose right sentence was drawn with chances exp(features @ weights)."""
    random = np.random.default_rng(seed)
    data = []
    for _ in range(n):
        features = random.uniform(0, 1, (sentences, len(weights)))
        chances = np.exp(features @ weights)
        right = np.arange(sentences) == random.choice(sentences, p=chances / chances.sum())
        data.append(Example(features, right))
    return data


def test_the_ranking_weights_are_the_ones_that_made_the_data():
    weights = np.array([3.0, 0.0])
    assert fit_ranking(made(weights, n=1_000), steps=150) == pytest.approx(weights, abs=0.5)


def test_questions_without_an_answer_do_not_move_the_ranking():
    data = made(np.array([3.0, 0.0]), n=100)
    unanswered = [Example(example.features[::-1], np.zeros(6, dtype=bool)) for example in data]
    assert np.allclose(fit_ranking(data, steps=50), fit_ranking(data + unanswered, steps=50))


def test_what_several_documents_say_is_weighed_together():
    """Every candidate has the same features; only how many documents say it tells which is right."""
    groups = [[[0], [1], [2]], [[3]], [[4]]]
    flat = np.full((5, 1), 1.0)
    said = [Example(flat, np.arange(5) == 0, groups=groups), Example(flat, np.arange(5) == 3, groups=groups)]
    chances = [np.exp(-regression._negative_log_likelihood(example, np.array([2.0]), 1.0)[0]) for example in said]
    assert chances == pytest.approx([3 / 5, 1 / 5])
    # Of the places in one document only the best counts, and a place that is right makes its answer right.
    same = Example(np.array([[1.0], [5.0], [1.0]]), np.array([True, False, False]), groups=[[[0, 1]], [[2]]])
    assert regression._negative_log_likelihood(same, np.array([1.0]), 1.0)[0] == pytest.approx(np.log1p(np.exp(-4)))


@pytest.mark.parametrize("agreement", [0.3, 1.0, 2.0])
def test_the_slope_is_that_of_the_surprise(agreement):
    random = np.random.default_rng(4)
    example = Example(random.normal(size=(6, 3)), np.arange(6) == 2, groups=[[[0, 1], [4]], [[2], [5]], [[3]]])
    at, step = random.normal(size=3), 1e-6
    _, slope = regression._negative_log_likelihood(example, at, agreement)
    for place in range(3):
        beside = at.copy()
        beside[place] += step
        rise = (
            regression._negative_log_likelihood(example, beside, agreement)[0]
            - regression._negative_log_likelihood(example, at, agreement)[0]
        )
        assert rise / step == pytest.approx(slope[place], abs=1e-4)


def test_the_confidence_is_calibrated_on_what_made_the_data():
    random = np.random.default_rng(1)
    inputs = random.uniform(0, 1, 4_000)
    answered = random.uniform(size=4_000) < 1 / (1 + np.exp(-(4 * inputs - 2)))
    data = [Example(np.array([[x]]), np.array([right])) for x, right in zip(inputs, answered, strict=True)]
    assert fit_confidence(data, np.array([1.0])) == pytest.approx([4, -2], abs=0.35)


def drawn(n, coefficients, seed):
    random = np.random.default_rng(seed)
    inputs = np.column_stack([random.uniform(-1, 1, (n, len(coefficients) - 1)), np.ones(n)])
    return inputs, (random.uniform(size=n) < 1 / (1 + np.exp(-inputs @ coefficients))).astype(float)


def test_the_regression_finds_the_coefficients_that_made_the_labels():
    inputs, labels = drawn(8_000, [2.0, -1.0, 0.5], seed=2)
    assert logistic_regression(inputs, labels, np.ones(8_000)) == pytest.approx([2, -1, 0.5], abs=0.15)


def test_a_label_that_weighs_twice_is_one_that_stands_there_twice():
    inputs, labels = drawn(200, [2.0, -1.0], seed=3)
    shares = np.where(np.arange(200) < 50, 2.0, 1.0)
    twice = np.concatenate([inputs, inputs[:50]]), np.concatenate([labels, labels[:50]])
    assert logistic_regression(inputs, labels, shares) == pytest.approx(logistic_regression(*twice, np.ones(250)))
    assert logistic_regression(inputs, labels, np.ones(200)) != pytest.approx(logistic_regression(*twice, np.ones(250)))


def test_a_question_that_weighs_nothing_does_not_move_the_ranking():
    data, other = made(np.array([3.0, 0.0]), n=60), made(np.array([0.0, 9.0]), n=60, seed=5)
    unweighed = [Example(example.features, example.right, 0.0) for example in other]
    half = fit_ranking([*data, *unweighed], steps=200)
    assert half == pytest.approx(fit_ranking(data, steps=100), abs=0.05)
    assert fit_ranking([*data, *other], steps=200) != pytest.approx(half, abs=0.5)


def test_labels_that_a_feature_tells_apart_entirely_keep_the_coefficients_finite():
    inputs = np.column_stack([np.linspace(-1, 1, 20), np.ones(20)])
    found = logistic_regression(inputs, (inputs[:, 0] > 0).astype(float), np.ones(20))
    assert np.isfinite(found).all()
    assert found[0] > 10
