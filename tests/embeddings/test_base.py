"""Check what BaseEncoder adds to a subclass that only embeds a batch."""

import numpy as np
import pytest

from embeddings.base import BaseEncoder


class Lengths(BaseEncoder):
    """Embeds by hand: (length of the text, 1 for a query), not of unit length, float64, not contiguous."""

    name, dimension, max_tokens, fingerprint = "lengths", 2, 8, "lengths"

    def __init__(self):
        self.seen = []

    def token_spans(self, text):
        return [(0, len(text))] if text else []

    def _embed(self, texts, *, query):
        self.seen.extend(texts)
        return np.array([[len(text) for text in texts], [float(query)] * len(texts)]).T


def test_passages_become_contiguous_float32_unit_vectors():
    vectors = Lengths().embed_passages(["abc", "ab"])
    assert vectors.tolist() == [[1, 0], [1, 0]]
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous


def test_question_is_embedded_as_a_query():
    assert np.allclose(Lengths().embed_query("abc"), np.array([3, 1]) / np.sqrt(10))


def test_null_vector_stays_null_without_nan():
    assert Lengths().embed_passages([""]).tolist() == [[0, 0]]


def test_no_passages_give_no_rows_without_the_model():
    encoder = Lengths()
    assert encoder.embed_passages([]).shape == (0, 2)
    assert encoder.seen == []


def test_str_instead_of_a_list_is_refused():
    with pytest.raises(TypeError, match=r"embed_passages\(\[text\]\)"):
        Lengths().embed_passages("abc")


def test_lone_surrogates_never_reach_the_model():
    encoder = Lengths()
    encoder.embed_passages(["a\ud83db"])
    assert encoder.seen == ["a?b"]
