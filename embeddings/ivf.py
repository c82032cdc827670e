"""Inverted lists for many vectors: each in the list of its nearest centre, as 8-bit codes; few lists are searched.

The method is IVF with a scalar quantiser, by FAISS (Jégou et al. 2011; Douze et al. 2024). Lists are never changed:
`folded` makes new ones.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import faiss
import numpy as np
from numpy.typing import NDArray

from embeddings.types import Ids, Vectors

Lists: TypeAlias = faiss.IndexIVFScalarQuantizer

Codes = NDArray[np.uint8]
"""(n, d): a byte for each number of a vector."""

FOLDED = 65_536
"""Vectors that are compared one by one, at most; at 384 dimensions that takes 5 ms."""

SIZES = ((0, 512, 224), (250_000, 2048, 224), (1_000_000, 4096, 256))
"""From how many vectors, how many lists there are, and how many are searched.

Of the ten nearest, over real vectors shifted by 0.35 of their length at random (as in the benchmark of scale), found at
70,000 vectors: 0.92 in 48 lists, 0.985 in 128, 0.996 in 192; at 240,000: 0.958 in 64, 0.977 in 192; at 300,000: 0.934
in 48, 0.971 in 128, 0.984 in 192; at a million, for 400 questions: 0.972 in 128, 0.983 in 192, 0.988 in 256, in 2.2,
2.9 and 3.7 ms on two threads without AVX-512.
"""

SAMPLE = 32
"""Vectors per list that the centres are learnt from."""

ROUNDS = 5
"""Of k-means. With 48 vectors and 8 rounds, 2.3 times as long, 128 of 4,096 lists held 0.977 of the nearest of 400
questions, with these 0.973; by chance two runs differ by as much."""

WIDER = 0.2
"""Share by which codes reach beyond the numbers of the sample on either side: what lies further out is cut off."""


def folded(lists: Lists | None, gone: Ids, ids: Ids, vectors: Vectors, *, anew: bool = False) -> Lists:
    """New lists with all of `lists` but `gone`, and with `vectors` (n, d) under `ids` (n,).

    Their centres are those of `lists`, at once; with `anew` they are learnt once more where SIZES asks for more lists
    by now, which takes a minute for a million vectors.
    """
    held = 0 if lists is None else lists.ntotal - len(gone)
    wanted = _lists_for(held + len(ids))
    if lists is not None and (lists.nlist == wanted or not anew):
        made = _copied(lists, gone)
    else:
        made = _learnt(wanted, vectors if lists is None else _sample(lists, vectors, wanted * SAMPLE))
        if lists is not None:
            _take_codes_of(lists, made)  # else what is rounded already would be rounded once more
            for old, codes in _together(_contents(lists, gone), FOLDED):
                made.add_with_ids(_decoded(lists, codes), old)
    if len(ids):
        made.add_with_ids(vectors, ids)
    return made


def outgrown(lists: Lists) -> bool:
    """Whether SIZES asks for another number of lists by now."""
    return bool(lists.nlist != _lists_for(lists.ntotal))


def search(lists: Lists, query: Vectors, k: int, gone: Ids) -> tuple[Ids, Vectors]:
    """Ids and cosines of the at most k nearest in the searched lists, best first, none of `gone`."""
    given = faiss.SearchParametersIVF(nprobe=_probed(lists.nlist))
    if len(gone):
        without = faiss.IDSelectorBatch(gone)
        given.sel = faiss.IDSelectorNot(without)
    scores, ids = lists.search(query[None], min(k, lists.ntotal), params=given)
    there = ids[0] >= 0  # FAISS pads a short answer with id -1
    return ids[0][there], scores[0][there]


def prepare(lists: Lists) -> None:
    """Let all cores search the lists, and those in a file be read as they come.

    FAISS begins 32 threads for each question to read such lists ahead, which takes 4 ms where they are in memory
    already; two cores that share the lists take 3.7 ms for 256 of a million vectors' 4,096, one takes 6.1.
    """
    lists.parallel_mode = 1
    if mapped(lists):
        faiss.downcast_InvertedLists(lists.invlists).prefetch_nthread = 0


def mapped(lists: Lists) -> bool:
    """Whether the lists are in a file; written once more, they would only name it."""
    return isinstance(faiss.downcast_InvertedLists(lists.invlists), faiss.OnDiskInvertedLists)


def ids_in(lists: Lists) -> Ids:
    """All ids, sorted."""
    held = lists.invlists  # without its codes: of a million vectors they are 400 MB in a file
    ids = [faiss.rev_swig_ptr(held.get_ids(n), size) for n in range(lists.nlist) if (size := held.list_size(n))]
    return np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *ids]))


def _lists_for(count: int) -> int:
    return max(lists for least, lists, _ in SIZES if count >= least)


def _probed(lists: int) -> int:
    return next((probed for _, there, probed in SIZES if there >= lists), SIZES[-1][2])


def _learnt(lists: int, vectors: Vectors) -> Lists:
    made = _empty(faiss.IndexFlatIP(vectors.shape[1]), vectors.shape[1], lists)
    made.cp.niter = ROUNDS
    made.cp.max_points_per_centroid = SAMPLE
    made.cp.min_points_per_centroid = 1
    made.sq.rangestat_arg = WIDER
    made.train(vectors)
    return made


def _copied(lists: Lists, gone: Ids) -> Lists:
    """The same centres and codes, in memory, without `gone`."""
    made = _empty(faiss.clone_index(lists.quantizer), lists.d, lists.nlist)
    _take_codes_of(lists, made)
    made.is_trained = True
    for number, (ids, codes) in enumerate(_contents(lists, gone)):
        if len(ids):
            made.invlists.add_entries(number, len(ids), faiss.swig_ptr(ids), faiss.swig_ptr(codes))
    made.ntotal = made.invlists.compute_ntotal()
    return made


def _take_codes_of(lists: Lists, made: Lists) -> None:
    """The same numbers are the same codes in both."""
    faiss.copy_array_to_vector(faiss.vector_to_array(lists.sq.trained), made.sq.trained)


def _empty(centres: faiss.Index, dimension: int, lists: int) -> Lists:
    # One range for all dimensions: one that hardly varies in the sample may vary in what comes later.
    kind, metric = faiss.ScalarQuantizer.QT_8bit_uniform, faiss.METRIC_INNER_PRODUCT
    # False: codes of the vectors themselves, not of what they differ by from their centre.
    return faiss.IndexIVFScalarQuantizer(centres, dimension, lists, kind, metric, False)


def _sample(lists: Lists, vectors: Vectors, most: int) -> Vectors:
    """Some of the vectors in the lists and some of `vectors`, evenly from first to last; about `most` in all.

    Not the first ones of a list: where it was filled from older lists they are all of the same few of these.
    """
    share = min(1.0, most / (lists.ntotal + len(vectors)))
    taken = [_decoded(lists, codes[_spread(len(ids), share)]) for ids, codes in _contents(lists)]
    return np.concatenate([*taken, vectors[_spread(len(vectors), share)]])


def _spread(count: int, share: float) -> NDArray[np.intp]:
    """`share` of the places from 0 to `count`, rounded up, at even distances."""
    return np.linspace(0, count - 1, int(np.ceil(share * count))).astype(np.intp)


def _contents(lists: Lists, gone: Ids | None = None) -> Iterator[tuple[Ids, Codes]]:
    """(ids, codes) of each list, copied, without those of `gone`."""
    held = lists.invlists
    for number in range(lists.nlist):
        size = held.list_size(number)
        if not size:
            yield np.zeros(0, dtype=np.int64), np.zeros((0, lists.code_size), dtype=np.uint8)
            continue
        ids = faiss.rev_swig_ptr(held.get_ids(number), size).copy()
        codes = faiss.rev_swig_ptr(held.get_codes(number), size * lists.code_size).reshape(size, -1).copy()
        kept = slice(None) if gone is None or not len(gone) else ~np.isin(ids, gone)
        yield np.ascontiguousarray(ids[kept]), np.ascontiguousarray(codes[kept])


def _together(contents: Iterable[tuple[Ids, Codes]], most: int) -> Iterator[tuple[Ids, Codes]]:
    """Lists joined until they are `most` vectors: the centres of 600 at a time take five times as long to be found."""
    waiting: list[tuple[Ids, Codes]] = []
    count = 0
    for ids, codes in contents:
        if waiting and count + len(ids) > most:
            yield _joined(waiting)
            waiting, count = [], 0
        if len(ids):
            waiting.append((ids, codes))
            count += len(ids)
    if waiting:
        yield _joined(waiting)


def _joined(contents: Sequence[tuple[Ids, Codes]]) -> tuple[Ids, Codes]:
    return np.concatenate([ids for ids, _ in contents]), np.concatenate([codes for _, codes in contents])


def _decoded(lists: Lists, codes: Codes) -> Vectors:
    vectors: Vectors = lists.sq.decode(codes) if len(codes) else np.zeros((0, lists.d), dtype=np.float32)
    return vectors
