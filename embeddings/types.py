"""The two seams: what turns text into vectors, and what finds the nearest of them."""

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

    `name` is the model's; `dimension` is d; `max_tokens` is how many of a passage's own tokens are read
    (what lies beyond is ignored, so passages are cut to fit); two encoders with one `fingerprint` give
    the same vectors, and only then may their vectors be mixed.
    """

    name: str
    dimension: int
    max_tokens: int
    fingerprint: str

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Character offsets (start, end) of every token of `text`, in order, without special tokens."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """(n, d) unit vectors of n passages; (0, d) for none."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """(d,) unit vector of a question."""
        ...


@runtime_checkable
class VectorStore(Protocol):
    """Nearest unit vectors by cosine."""

    dimension: int

    @property
    def exact(self) -> bool:
        """Whether every vector is compared, at full precision; else search finds nearly all, nearly in order."""
        ...

    def __len__(self) -> int:
        """How many vectors the store holds."""
        ...

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add n vectors (n, d) under n ids that the store does not hold yet.

        Raises:
            StoreError: wrong shape or type, or an id that is there already.
        """
        ...

    def remove(self, ids: Ids) -> int:
        """Remove the vectors of `ids`; ids that are not there are passed over. Returns how many went."""
        ...

    def search(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        """The at most k nearest: (ids, scores), best first, ties by id; scores are cosines in [-1, 1].

        Raises:
            StoreError: the query has another dimension.
        """
        ...

    def write(self, path: Path) -> None:
        """Write the whole store to one file."""
        ...
