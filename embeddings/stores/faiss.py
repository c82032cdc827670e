"""Nearest vectors by FAISS: compared one by one while that is fast, in inverted lists beyond."""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings import ivf
from embeddings.errors import StoreError
from embeddings.ranking import NEAR, best, checked_batch, checked_query, settle
from embeddings.types import Ids, Vectors

MARGIN = 16
"""Neighbours asked for beyond k, so that a tie at the k-th place is seen whole and settled by id."""


class FaissStore:
    """Two parts: `_fresh`, a flat index, and `_lists`, into which it is folded whenever it has grown large.

    The lists may be a file that is mapped into memory, so they are never written to: what is removed from them is
    `_gone` until the next fold. Adding and removing cost the change; what is written is arranged anew for its size.
    """

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._fresh = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._known: set[int] = set()
        """Ids in `_fresh`."""
        self._lists: ivf.Lists | None = None
        self._listed: Ids = np.zeros(0, dtype=np.int64)
        """Ids in `_lists`, sorted."""
        self._gone: Ids = np.zeros(0, dtype=np.int64)
        """Those of `_listed` that were removed, sorted; one of them may be in `_fresh` again."""

    @property
    def exact(self) -> bool:
        """Whether every vector is compared, at full precision."""
        return self._lists is None

    def __len__(self) -> int:
        return len(self._known) + len(self._listed) - len(self._gone)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add n vectors; see VectorStore.add."""
        ids, vectors = checked_batch(ids, vectors, self.dimension)
        there = self._known.intersection(ids.tolist()).union(self._in_lists(ids).tolist())
        if there:
            raise StoreError(f"id {min(there)} is in the store already; remove it first")
        for start in range(0, len(ids), ivf.FOLDED):
            some = slice(start, start + ivf.FOLDED)
            self._fresh.add_with_ids(vectors[some], ids[some])
            self._known.update(ids[some].tolist())
            if len(self._known) >= ivf.FOLDED:
                self._fold()

    def remove(self, ids: Ids) -> int:
        """Drop vectors; see VectorStore.remove."""
        ids = np.unique(np.asarray(ids, dtype=np.int64))
        listed = self._in_lists(ids)
        self._gone = np.union1d(self._gone, listed)
        self._known.difference_update(ids.tolist())
        return int(self._fresh.remove_ids(faiss.IDSelectorBatch(ids))) + len(listed)

    def search(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        """Nearest by inner product; see VectorStore.search. Those in the lists are found and scored nearly exactly."""
        query = checked_query(query, self.dimension)
        ids, scores = self._among_fresh(query, k)
        if self._lists is None or k <= 0:
            return ids, scores
        listed, near = ivf.search(self._lists, query, k, self._gone)
        return best(np.concatenate([ids, listed]), np.concatenate([scores, near]), k)

    def write(self, path: Path) -> None:
        """Write the index to one file in FAISS's own format."""
        changed = self._known or len(self._gone)
        lists = self._lists
        if lists is not None and (changed or ivf.mapped(lists) or ivf.outgrown(lists)):
            self._fold(anew=True)
        faiss.write_index(self._fresh if self._lists is None else self._lists, str(path))

    def _in_lists(self, ids: Ids) -> Ids:
        listed = ids[_among(ids, self._listed)]
        return listed[~_among(listed, self._gone)]

    def _among_fresh(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        held = len(self._known)
        wanted = min(k, held)
        if wanted <= 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        asked = wanted + MARGIN
        while True:
            scores, ids = self._fresh.search(query[None], min(asked, held))
            # FAISS pads a short answer with id -1, which as an index would name the last vector.
            found = ids[0][ids[0] >= 0]
            if asked >= held or scores[0][-1] < scores[0][wanted - 1] - NEAR:
                return settle(found, self._fresh.reconstruct_batch(found), query, k)
            asked *= 4

    def _fold(self, *, anew: bool = False) -> None:
        ids = faiss.vector_to_array(self._fresh.id_map)
        vectors = self._fresh.reconstruct_batch(ids) if len(ids) else np.zeros((0, self.dimension), dtype=np.float32)
        self._hold(ivf.folded(self._lists, self._gone, ids, vectors, anew=anew))

    def _hold(self, lists: ivf.Lists) -> None:
        self._fresh.reset()
        self._known = set()
        ivf.prepare(lists)
        self._lists = lists
        self._listed = ivf.ids_in(lists)
        self._gone = np.zeros(0, dtype=np.int64)


def _among(ids: Ids, known: Ids) -> NDArray[np.bool_]:
    """(n,): which of `ids` are in `known`, which is sorted and may be a million times as many."""
    places = np.searchsorted(known, ids)
    inside = places < len(known)
    inside[inside] = known[places[inside]] == ids[inside]
    return inside


def create(dimension: int) -> FaissStore:
    """An empty store."""
    return FaissStore(dimension)


def read(path: Path) -> FaissStore:
    """The store that `write` wrote; inverted lists stay in the file, mapped into memory.

    Raises:
        StoreError: the file is not one.
    """
    try:
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
    except (RuntimeError, OSError) as error:
        raise StoreError(f"{path} is not a FAISS index; build it again") from error
    store = FaissStore(index.d)
    if isinstance(index, faiss.IndexIDMap2):
        store._fresh = index
        store._known = set(faiss.vector_to_array(index.id_map).tolist())
    elif isinstance(index, ivf.Lists):
        store._hold(index)
    else:
        raise StoreError(f"{path} holds a {type(index).__name__}, wanted what this store writes; build it again")
    return store
