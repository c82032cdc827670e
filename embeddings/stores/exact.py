"""The reference store: compares every vector, with numpy. All other stores must agree with it."""

import zipfile
from pathlib import Path

import numpy as np

from embeddings.errors import StoreError
from embeddings.ranking import checked_batch, checked_query, rank_exactly, top_candidates
from embeddings.types import Ids, Vectors


class ExactStore:
    """Vectors in one array (n, d), ids in another (n,)."""

    exact = True

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._ids: Ids = np.zeros(0, dtype=np.int64)
        self._vectors: Vectors = np.zeros((0, dimension), dtype=np.float32)

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Append n vectors; see VectorStore.add."""
        ids, vectors = checked_batch(ids, vectors, self.dimension)
        if (duplicate := np.isin(ids, self._ids)).any():
            raise StoreError(f"id {ids[duplicate][0]} is already in the store; remove it first")
        self._ids = np.concatenate([self._ids, ids])
        self._vectors = np.concatenate([self._vectors, vectors])

    def remove(self, ids: Ids) -> int:
        """Drop vectors; see VectorStore.remove."""
        keep = ~np.isin(self._ids, np.asarray(ids, dtype=np.int64))
        self._ids, self._vectors = self._ids[keep], self._vectors[keep]
        return int((~keep).sum())

    def search(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        """Compare with every vector; see VectorStore.search."""
        query = checked_query(query, self.dimension)
        indices = top_candidates(self._vectors @ query, k)
        return rank_exactly(self._ids[indices], self._vectors[indices], query, k)

    def write(self, path: Path) -> None:
        """Write both arrays to one uncompressed .npz file."""
        with path.open("wb") as file:
            np.savez(file, ids=self._ids, vectors=self._vectors)


def create(dimension: int) -> ExactStore:
    """Make an empty store."""
    return ExactStore(dimension)


def read(path: Path) -> ExactStore:
    """Read the store that `write` wrote.

    Raises:
        StoreError: the file is not such a store.
    """
    try:
        # Opened here, because numpy does not close a file that it cannot read.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            ids, vectors = arrays["ids"], arrays["vectors"]
        store = ExactStore(vectors.shape[-1])
    except (OSError, ValueError, LookupError, EOFError, TypeError, zipfile.BadZipFile) as error:
        raise StoreError(f"{path} is not an exact store ({error}); build it again") from error
    store.add(ids, vectors)
    return store
