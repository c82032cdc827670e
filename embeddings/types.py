"""The two protocols: an encoder turns text into vectors, a store finds the nearest of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""(n, d) or (d,) float32, C-contiguous, every row of unit length."""

Ids = NDArray[np.int64]
"""(n,) int64, non-negative, unique within a store."""


@runtime_checkable
class Encoder(Protocol):
    """Text to unit vectors whose inner product is the cosine of their meanings.

    `name` is the model's name; `dimension` is d; `max_tokens` is how many of a passage's own tokens the model reads
    (it ignores the rest, so passages are cut to fit). Two encoders with the same `fingerprint` give the same vectors;
    only then may their vectors be mixed.
    """

    name: str
    dimension: int
    max_tokens: int
    fingerprint: str

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the character offsets (start, end) of every token of `text`, in order, without special tokens."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return (n, d) unit vectors of n passages; (0, d) for none."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """Return the (d,) unit vector of a question."""
        ...


@runtime_checkable
class VectorStore(Protocol):
    """Nearest unit vectors by cosine."""

    dimension: int

    @property
    def exact(self) -> bool:
        """Whether every vector is compared at full precision; otherwise search is approximate, in results and order."""
        ...

    def __len__(self) -> int:
        """Return the number of vectors in the store."""
        ...

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add n vectors (n, d) under n ids that are not in the store yet.

        Raises:
            StoreError: wrong shape or type, or an id that is already in the store.
        """
        ...

    def remove(self, ids: Ids) -> int:
        """Remove the vectors of `ids`, ignoring ids that are not in the store; return how many were removed."""
        ...

    def search(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        """Return (ids, scores) of the at most k nearest, best first, ties by id; scores are cosines in [-1, 1].

        Raises:
            StoreError: the query has another dimension.
        """
        ...

    def write(self, path: Path) -> None:
        """Write the whole store to one file."""
        ...
