"""The fitting of the answerer's constants finds what made the data."""

import numpy as np
import pytest

from qa.fitting import Example, fit_confidence, fit_ranking


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


def test_the_confidence_is_calibrated_on_what_made_the_data():
    random = np.random.default_rng(1)
    inputs = random.uniform(0, 1, 4_000)
    answered = random.uniform(size=4_000) < 1 / (1 + np.exp(-(4 * inputs - 2)))
    data = [Example(np.array([[x]]), np.array([right])) for x, right in zip(inputs, answered, strict=True)]
    assert fit_confidence(data, np.array([1.0])) == pytest.approx([4, -2], abs=0.35)
