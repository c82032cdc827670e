"""Nearest vectors by FAISS: an exact inner-product index under the caller's own ids."""

from pathlib import Path

import faiss
import numpy as np

from embeddings.errors import StoreError
from embeddings.ranking import NEAR, checked_batch, checked_query, settle
from embeddings.types import Ids, Vectors

MARGIN = 16
"""Neighbours asked for beyond k, so that a tie at the k-th place is seen whole and settled by id."""


class FaissStore:
    """A flat inner-product index; adding and removing cost the change."""

    def __init__(self, index: faiss.IndexIDMap2) -> None:
        self._index = index
        self._known: set[int] = set(faiss.vector_to_array(index.id_map).tolist())
        self.dimension: int = index.d

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Append n vectors; see VectorStore.add."""
        ids, vectors = checked_batch(ids, vectors, self.dimension)
        if there := self._known.intersection(ids.tolist()):
            raise StoreError(f"id {min(there)} is in the store already; remove it first")
        self._index.add_with_ids(vectors, ids)
        self._known.update(ids.tolist())

    def remove(self, ids: Ids) -> int:
        """Drop vectors; see VectorStore.remove."""
        ids = np.asarray(ids, dtype=np.int64)
        self._known.difference_update(ids.tolist())
        return int(self._index.remove_ids(faiss.IDSelectorBatch(ids)))

    def search(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        """Nearest by inner product; see VectorStore.search."""
        query = checked_query(query, self.dimension)
        wanted = min(k, len(self))
        if wanted <= 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        asked = wanted + MARGIN
        while True:
            scores, ids = self._index.search(query[None], min(asked, len(self)))
            # FAISS pads a short answer with id -1, which as an index would name the last vector.
            found = ids[0][ids[0] >= 0]
            if asked >= len(self) or scores[0][-1] < scores[0][wanted - 1] - NEAR:
                return settle(found, self._index.reconstruct_batch(found), query, k)
            asked *= 4

    def write(self, path: Path) -> None:
        """Write the index to one file in FAISS's own format."""
        faiss.write_index(self._index, str(path))


def create(dimension: int) -> FaissStore:
    """An empty store."""
    return FaissStore(faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)))


def read(path: Path) -> FaissStore:
    """The store that `write` wrote.

    Raises:
        StoreError: the file is not one.
    """
    try:
        index = faiss.read_index(str(path))
    except (RuntimeError, OSError) as error:
        raise StoreError(f"{path} is not a FAISS index; build it again") from error
    if not isinstance(index, faiss.IndexIDMap2):
        raise StoreError(f"{path} holds a {type(index).__name__}, wanted an IndexIDMap2; build it again")
    return FaissStore(index)
