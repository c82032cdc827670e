"""The input checks and the ordering that every store shares, so that stores agree exactly."""

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import StoreError
from embeddings.types import Ids, Vectors

TIE_DECIMALS = 6
"""Decimals to which two cosines must agree to tie: a float32 inner product is not exact to more."""

COSINE_TOLERANCE = 1e-5
"""By how much float32 cosines of equal vectors may differ, with room to spare: they are summed in different orders."""


def top_candidates(scores: Vectors, k: int) -> Ids:
    """Return the indices of the k best float32 scores and of all within COSINE_TOLERANCE of the k-th."""
    if k >= len(scores):
        return np.arange(len(scores))
    lowest = np.partition(scores, -k)[-k] if k > 0 else np.inf
    return np.flatnonzero(scores >= lowest - COSINE_TOLERANCE)


def rank_exactly(ids: Ids, vectors: Vectors, query: Vectors, k: int) -> tuple[Ids, Vectors]:
    """Return the at most k best of n candidates by their cosines in float64, in which equal vectors tie."""
    return top_k(ids, vectors.astype(np.float64) @ query.astype(np.float64), k)


def top_k(ids: Ids, scores: NDArray[np.floating], k: int) -> tuple[Ids, Vectors]:
    """Return the at most k best of n candidates, scores descending, ties by ascending id; scores are in [-1, 1]."""
    order = np.lexsort((ids, -np.round(scores, TIE_DECIMALS)))[: max(k, 0)]
    return ids[order], np.clip(scores[order], -1, 1).astype(np.float32)


def checked_query(query: Vectors, dimension: int) -> Vectors:
    """Return `query` as contiguous float32 (d,).

    Raises:
        StoreError: another shape, or a number that is not finite.
    """
    query = np.ascontiguousarray(query, dtype=np.float32)
    if query.shape != (dimension,):
        raise StoreError(f"got a query of shape {query.shape}, wanted ({dimension},); use the store's own encoder")
    if not np.isfinite(query).all():
        raise StoreError("the query contains a number that is not finite; embed the question again")
    return query


def checked_batch(ids: Ids, vectors: Vectors, dimension: int) -> tuple[Ids, Vectors]:
    """Return `ids` as int64 (n,) and `vectors` as contiguous float32 (n, d).

    Raises:
        StoreError: other shapes, a negative id, a duplicate id, or a number that is not finite.
    """
    ids = np.ascontiguousarray(ids, dtype=np.int64)
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    if ids.ndim != 1 or vectors.shape != (len(ids), dimension):
        raise StoreError(
            f"got ids of shape {ids.shape} and vectors of shape {vectors.shape}, "
            f"wanted (n,) and (n, {dimension}); embed with the store's own encoder"
        )
    if (ids < 0).any() or len(np.unique(ids)) != len(ids):
        raise StoreError("ids must be non-negative and unique; give each vector its own")
    if not np.isfinite(vectors).all():
        raise StoreError("a vector contains a number that is not finite; embed the passage again")
    return ids, vectors
