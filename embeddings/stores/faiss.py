"""Nearest vectors by FAISS: compared one by one while that is fast, in an inverted-file index beyond."""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings import ivf
from embeddings.errors import StoreError
from embeddings.ranking import COSINE_TOLERANCE, checked_batch, checked_query, rank_exactly, top_k
from embeddings.types import Ids, Vectors

EXTRA_NEIGHBOURS = 16
"""Neighbours requested beyond k, so that all vectors that tie at rank k are seen and can be ordered by id."""


class FaissStore:
    """Two indexes: `_flat`, and `_ivf`, into which the flat one is merged whenever it has grown large.

    The inverted lists may be in a file that is mapped into memory, so they are never written to: ids removed from them
    are in `_removed` until the next merge. The cost of adding and removing depends only on the size of the change;
    `write` retrains the index for its size if needed.
    """

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._flat = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._flat_ids: set[int] = set()
        """Ids in `_flat`."""
        self._ivf: ivf.IvfIndex | None = None
        self._ivf_ids: Ids = np.zeros(0, dtype=np.int64)
        """Ids in `_ivf`, sorted."""
        self._removed: Ids = np.zeros(0, dtype=np.int64)
        """Those of `_ivf_ids` that were removed, sorted; one of them may be in `_flat` again."""

    @property
    def exact(self) -> bool:
        """Whether every vector is compared at full precision."""
        return self._ivf is None

    def __len__(self) -> int:
        return len(self._flat_ids) + len(self._ivf_ids) - len(self._removed)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add n vectors; see VectorStore.add."""
        ids, vectors = checked_batch(ids, vectors, self.dimension)
        duplicates = self._flat_ids.intersection(ids.tolist()).union(self._present_in_ivf(ids).tolist())
        if duplicates:
            raise StoreError(f"id {min(duplicates)} is already in the store; remove it first")
        for start in range(0, len(ids), ivf.MAX_FLAT_VECTORS):
            batch = slice(start, start + ivf.MAX_FLAT_VECTORS)
            self._flat.add_with_ids(vectors[batch], ids[batch])
            self._flat_ids.update(ids[batch].tolist())
            if len(self._flat_ids) >= ivf.MAX_FLAT_VECTORS:
                self._merge()

    def remove(self, ids: Ids) -> int:
        """Drop vectors; see VectorStore.remove."""
        ids = np.unique(np.asarray(ids, dtype=np.int64))
        in_ivf = self._present_in_ivf(ids)
        self._removed = np.union1d(self._removed, in_ivf)
        self._flat_ids.difference_update(ids.tolist())
        return int(self._flat.remove_ids(faiss.IDSelectorBatch(ids))) + len(in_ivf)

    def search(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        """Find the nearest by inner product; see VectorStore.search. In the inverted lists, results are approximate."""
        query = checked_query(query, self.dimension)
        ids, scores = self._search_flat(query, k)
        if self._ivf is None or k <= 0:
            return ids, scores
        ivf_ids, ivf_scores = ivf.search(self._ivf, query, k, self._removed)
        return top_k(np.concatenate([ids, ivf_ids]), np.concatenate([scores, ivf_scores]), k)

    def write(self, path: Path) -> None:
        """Write the index to one file in FAISS's own format."""
        changed = self._flat_ids or len(self._removed)
        index = self._ivf
        if index is not None and (changed or ivf.is_memory_mapped(index) or ivf.needs_retraining(index)):
            self._merge(may_retrain=True)
        faiss.write_index(self._flat if self._ivf is None else self._ivf, str(path))

    def _present_in_ivf(self, ids: Ids) -> Ids:
        in_ivf = ids[_isin_sorted(ids, self._ivf_ids)]
        return in_ivf[~_isin_sorted(in_ivf, self._removed)]

    def _search_flat(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        count = len(self._flat_ids)
        wanted = min(k, count)
        if wanted <= 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        requested = wanted + EXTRA_NEIGHBOURS
        while True:
            scores, ids = self._flat.search(query[None], min(requested, count))
            # FAISS pads a short result with id -1, which as an index would name the last vector.
            found = ids[0][ids[0] >= 0]
            if requested >= count or scores[0][-1] < scores[0][wanted - 1] - COSINE_TOLERANCE:
                return rank_exactly(found, self._flat.reconstruct_batch(found), query, k)
            requested *= 4

    def _merge(self, *, may_retrain: bool = False) -> None:
        ids = faiss.vector_to_array(self._flat.id_map)
        vectors = self._flat.reconstruct_batch(ids) if len(ids) else np.zeros((0, self.dimension), dtype=np.float32)
        self._use_ivf(ivf.merge(self._ivf, self._removed, ids, vectors, may_retrain=may_retrain))

    def _use_ivf(self, index: ivf.IvfIndex) -> None:
        self._flat.reset()
        self._flat_ids = set()
        ivf.configure_search(index)
        self._ivf = index
        self._ivf_ids = ivf.all_ids(index)
        self._removed = np.zeros(0, dtype=np.int64)


def _isin_sorted(ids: Ids, known: Ids) -> NDArray[np.bool_]:
    """Return (n,): which of `ids` are in `known`, which is sorted and may be a million times as long."""
    indices = np.searchsorted(known, ids)
    inside = indices < len(known)
    inside[inside] = known[indices[inside]] == ids[inside]
    return inside


def create(dimension: int) -> FaissStore:
    """Make an empty store."""
    return FaissStore(dimension)


def read(path: Path) -> FaissStore:
    """Read the store that `write` wrote; inverted lists stay in the file, mapped into memory.

    Raises:
        StoreError: the file is not such a store.
    """
    try:
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
    except (RuntimeError, OSError) as error:
        raise StoreError(f"{path} is not a FAISS index; build it again") from error
    store = FaissStore(index.d)
    if isinstance(index, faiss.IndexIDMap2):
        store._flat = index
        store._flat_ids = set(faiss.vector_to_array(index.id_map).tolist())
    elif isinstance(index, ivf.IvfIndex):
        store._use_ivf(index)
    else:
        raise StoreError(f"{path} is a {type(index).__name__}, wanted an index that this store writes; build it again")
    return store
