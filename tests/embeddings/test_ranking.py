"""Check the order that all stores share."""

import numpy as np
import pytest

from embeddings.errors import StoreError
from embeddings.ranking import checked_batch, checked_query, top_k


def ranked(ids, scores, k):
    found, values = top_k(np.array(ids, dtype=np.int64), np.array(scores, dtype=np.float32), k)
    return found.tolist(), values.tolist()


@pytest.mark.parametrize(
    ("ids", "scores", "k", "expected"),
    [
        ([1, 2, 3], [0.0, 1.0, 0.5], 2, ([2, 3], [1.0, 0.5])),
        ([9, 2, 5], [0.5, 0.5, 0.5], 2, ([2, 5], [0.5, 0.5])),
        ([1, 2], [0.25, 0.5], 9, ([2, 1], [0.5, 0.25])),
        ([1, 2], [1.5, -1.5], 2, ([1, 2], [1.0, -1.0])),
        ([1], [0.5], 0, ([], [])),
        ([1], [0.5], -3, ([], [])),
        ([], [], 3, ([], [])),
    ],
    ids=["top_k first", "ties by id", "k beyond n", "within -1 and 1", "k = 0", "k < 0", "n = 0"],
)
def test_best(ids, scores, k, expected):
    assert ranked(ids, scores, k) == expected


def test_difference_below_float32_precision_is_a_tie():
    assert ranked([7, 3], [0.5, 0.5 - 6e-8], 2)[0] == [3, 7]


@pytest.mark.parametrize("shape", [(3,), (1, 2), (0,), ()])
def test_query_of_another_shape_is_refused(shape):
    with pytest.raises(StoreError, match=r"wanted \(2,\)"):
        checked_query(np.zeros(shape, dtype=np.float32), 2)


def test_input_becomes_contiguous_int64_and_float32():
    ids, vectors = checked_batch(np.array([1, 2], dtype=np.int32), np.ones((4, 2))[::2], 2)
    assert (ids.dtype, vectors.dtype, vectors.flags.c_contiguous) == (np.int64, np.float32, True)


@pytest.mark.parametrize(
    ("ids", "vectors"),
    [
        ([1], [[1, 0], [0, 1]]),
        ([1], [[1, 0, 0]]),
        ([[1]], [[1, 0]]),
        ([-1], [[1, 0]]),
        ([1, 1], [[1, 0], [1, 0]]),
        ([1], [[np.nan, 0]]),
        ([1], [[np.inf, 0]]),
    ],
)
def test_invalid_batch_is_refused(ids, vectors):
    with pytest.raises(StoreError):
        checked_batch(np.array(ids), np.array(vectors), 2)
