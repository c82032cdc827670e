"""An inverted-file index for many vectors: each is in the list of its nearest centroid; a search reads few lists.

The method is IVF with a scalar quantiser (8-bit codes), by FAISS (Jégou et al. 2011; Douze et al. 2024). An index is
never changed: `merge` makes a new one.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.types import Ids, Vectors

IvfIndex: TypeAlias = faiss.IndexIVFScalarQuantizer

Codes = NDArray[np.uint8]
"""(n, d): one byte for each number of a vector."""

MAX_FLAT_VECTORS = 65_536
"""At most so many vectors are compared one by one; at 384 dimensions that takes 5 ms."""

LIST_COUNTS = ((0, 512, 224), (250_000, 2048, 224), (1_000_000, 4096, 256))
"""(from how many vectors on, how many lists there are, how many of them a search reads).

Share of the ten nearest that is found, over real vectors shifted by 0.35 of their length at random (as in the benchmark
`scale`): at 70,000 vectors, 0.92 in 48 lists, 0.985 in 128, 0.996 in 192; at 240,000, 0.958 in 64, 0.977 in 192; at
300,000, 0.934 in 48, 0.971 in 128, 0.984 in 192; at a million, for 400 questions, 0.972 in 128, 0.983 in 192, 0.988 in
256, in 2.2, 2.9 and 3.7 ms on two threads without AVX-512.
"""

SAMPLES_PER_LIST = 32
"""Vectors per list that the centroids are trained on."""

KMEANS_ITERATIONS = 5
"""With 48 vectors per list and 8 iterations, which take 2.3 times as long, 128 of 4,096 lists contained 0.977 of the
nearest of 400 questions; with these, 0.973. Two runs differ by as much by chance."""

CODE_RANGE_MARGIN = 0.2
"""The codes' range extends the sample's range by this share on either side; numbers beyond it are clipped."""


def merge(index: IvfIndex | None, removed: Ids, ids: Ids, vectors: Vectors, *, may_retrain: bool = False) -> IvfIndex:
    """Return a new index with all of `index` except `removed`, and with `vectors` (n, d) under `ids` (n,).

    It keeps the centroids of `index`, which is immediate. With `may_retrain` they are trained again if LIST_COUNTS by
    now asks for another number of lists, which takes a minute for a million vectors.
    """
    kept_count = 0 if index is None else index.ntotal - len(removed)
    wanted = _list_count(kept_count + len(ids))
    if index is not None and (index.nlist == wanted or not may_retrain):
        merged = _copy(index, removed)
    else:
        merged = _train(wanted, vectors if index is None else _sample(index, vectors, wanted * SAMPLES_PER_LIST))
        if index is not None:
            _copy_quantizer(index, merged)  # otherwise vectors that are rounded already would be rounded again
            for old_ids, codes in _batches(_iterate_lists(index, removed), MAX_FLAT_VECTORS):
                merged.add_with_ids(_decode(index, codes), old_ids)
    if len(ids):
        merged.add_with_ids(vectors, ids)
    return merged


def needs_retraining(index: IvfIndex) -> bool:
    """Return whether LIST_COUNTS by now asks for another number of lists."""
    return bool(index.nlist != _list_count(index.ntotal))


def search(index: IvfIndex, query: Vectors, k: int, removed: Ids) -> tuple[Ids, Vectors]:
    """Return ids and cosines of the at most k nearest in the lists that are read, best first, without `removed`."""
    parameters = faiss.SearchParametersIVF(nprobe=_probe_count(index.nlist))
    if len(removed):
        excluded = faiss.IDSelectorBatch(removed)
        parameters.sel = faiss.IDSelectorNot(excluded)
    scores, ids = index.search(query[None], min(k, index.ntotal), params=parameters)
    found = ids[0] >= 0  # FAISS pads a short result with id -1
    return ids[0][found], scores[0][found]


def configure_search(index: IvfIndex) -> None:
    """Let all cores share one search, and read lists in a file without prefetching.

    To prefetch such lists FAISS starts 32 threads for each question, which takes 4 ms even if they are in memory
    already. For 256 of a million vectors' 4,096 lists, two cores that share them take 3.7 ms, one takes 6.1 ms.
    """
    index.parallel_mode = 1
    if is_memory_mapped(index):
        faiss.downcast_InvertedLists(index.invlists).prefetch_nthread = 0


def is_memory_mapped(index: IvfIndex) -> bool:
    """Return whether the lists are in a file; writing such an index would store only the file's name."""
    return isinstance(faiss.downcast_InvertedLists(index.invlists), faiss.OnDiskInvertedLists)


def all_ids(index: IvfIndex) -> Ids:
    """Return all ids, sorted."""
    lists = index.invlists  # without reading the codes: for a million vectors they are 400 MB in a file
    ids = [faiss.rev_swig_ptr(lists.get_ids(n), size) for n in range(index.nlist) if (size := lists.list_size(n))]
    return np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *ids]))


def _list_count(vector_count: int) -> int:
    return max(lists for least, lists, _ in LIST_COUNTS if vector_count >= least)


def _probe_count(list_count: int) -> int:
    return next((probed for _, lists, probed in LIST_COUNTS if lists >= list_count), LIST_COUNTS[-1][2])


def _train(list_count: int, vectors: Vectors) -> IvfIndex:
    index = _new_index(faiss.IndexFlatIP(vectors.shape[1]), vectors.shape[1], list_count)
    index.cp.niter = KMEANS_ITERATIONS
    index.cp.max_points_per_centroid = SAMPLES_PER_LIST
    index.cp.min_points_per_centroid = 1
    index.sq.rangestat_arg = CODE_RANGE_MARGIN
    index.train(vectors)
    return index


def _copy(index: IvfIndex, removed: Ids) -> IvfIndex:
    """Return an index in memory with the same centroids and codes, without `removed`."""
    copy = _new_index(faiss.clone_index(index.quantizer), index.d, index.nlist)
    _copy_quantizer(index, copy)
    copy.is_trained = True
    for number, (ids, codes) in enumerate(_iterate_lists(index, removed)):
        if len(ids):
            copy.invlists.add_entries(number, len(ids), faiss.swig_ptr(ids), faiss.swig_ptr(codes))
    copy.ntotal = copy.invlists.compute_ntotal()
    return copy


def _copy_quantizer(source: IvfIndex, target: IvfIndex) -> None:
    """Give the same numbers the same codes in both."""
    faiss.copy_array_to_vector(faiss.vector_to_array(source.sq.trained), target.sq.trained)


def _new_index(centroids: faiss.Index, dimension: int, list_count: int) -> IvfIndex:
    # One range for all dimensions: one that hardly varies in the sample may vary in later vectors.
    kind, metric = faiss.ScalarQuantizer.QT_8bit_uniform, faiss.METRIC_INNER_PRODUCT
    # False: encode the vectors themselves, not their differences from the centroid.
    return faiss.IndexIVFScalarQuantizer(centroids, dimension, list_count, kind, metric, False)


def _sample(index: IvfIndex, vectors: Vectors, size: int) -> Vectors:
    """Return about `size` vectors, spread evenly over the lists of `index` and over `vectors`.

    Not the first vectors of each list: where a list was filled from older lists, these all come from a few of them.
    """
    share = min(1.0, size / (index.ntotal + len(vectors)))
    old = [_decode(index, codes[_evenly_spaced(len(ids), share)]) for ids, codes in _iterate_lists(index)]
    return np.concatenate([*old, vectors[_evenly_spaced(len(vectors), share)]])


def _evenly_spaced(count: int, share: float) -> NDArray[np.intp]:
    """Return `share` of the indices from 0 to `count`, rounded up, at even distances."""
    return np.linspace(0, count - 1, int(np.ceil(share * count))).astype(np.intp)


def _iterate_lists(index: IvfIndex, removed: Ids | None = None) -> Iterator[tuple[Ids, Codes]]:
    """Yield copies of each list's (ids, codes), without those of `removed`."""
    lists = index.invlists
    for number in range(index.nlist):
        size = lists.list_size(number)
        if not size:
            yield np.zeros(0, dtype=np.int64), np.zeros((0, index.code_size), dtype=np.uint8)
            continue
        ids = faiss.rev_swig_ptr(lists.get_ids(number), size).copy()
        codes = faiss.rev_swig_ptr(lists.get_codes(number), size * index.code_size).reshape(size, -1).copy()
        kept = slice(None) if removed is None or not len(removed) else ~np.isin(ids, removed)
        yield np.ascontiguousarray(ids[kept]), np.ascontiguousarray(codes[kept])


def _batches(lists: Iterable[tuple[Ids, Codes]], max_vectors: int) -> Iterator[tuple[Ids, Codes]]:
    """Join whole lists to batches of at most `max_vectors`, unless one list is longer.

    To find the centroids of 600 vectors at a time takes five times as long.
    """
    pending: list[tuple[Ids, Codes]] = []
    count = 0
    for ids, codes in lists:
        if pending and count + len(ids) > max_vectors:
            yield _concatenate(pending)
            pending, count = [], 0
        if len(ids):
            pending.append((ids, codes))
            count += len(ids)
    if pending:
        yield _concatenate(pending)


def _concatenate(lists: Sequence[tuple[Ids, Codes]]) -> tuple[Ids, Codes]:
    return np.concatenate([ids for ids, _ in lists]), np.concatenate([codes for _, codes in lists])


def _decode(index: IvfIndex, codes: Codes) -> Vectors:
    vectors: Vectors = index.sq.decode(codes) if len(codes) else np.zeros((0, index.d), dtype=np.float32)
    return vectors
