"""Compare the inverted-file index with an exhaustive search, at sizes small enough to test."""

from itertools import pairwise

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings import ivf
from embeddings.stores import faiss as plugin

DIMENSION = 48


@pytest.fixture
def small(monkeypatch):
    """Merge every 500 vectors, into more lists from 3,000 on."""
    monkeypatch.setattr(ivf, "MAX_FLAT_VECTORS", 500)
    monkeypatch.setattr(ivf, "LIST_COUNTS", ((0, 16, 8), (3_000, 48, 16)))


def clustered(n, seed=0):
    """Return n ids in random order, and n unit vectors around a hundred centroids, like passages around subjects."""
    random = np.random.default_rng(seed)
    centroids = random.standard_normal((100, DIMENSION))
    vectors = (centroids[random.integers(0, 100, n)] + 0.7 * random.standard_normal((n, DIMENSION))).astype(np.float32)
    return random.permutation(10 * n)[:n], vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def recall(store, ids, vectors, k=10, queries=100):
    """Return the share of the k truly nearest that are found, over queries near the vectors."""
    found = []
    for query in clustered(queries, seed=0)[1]:
        nearest = set(ids[np.argsort(-(vectors @ query))[:k]].tolist())
        found.append(len(nearest & set(store.search(query, k)[0].tolist())) / k)
    return np.mean(found)


def filled(ids, vectors, step=700):
    store = plugin.create(DIMENSION)
    for start in range(0, len(ids), step):
        store.add(ids[start : start + step], vectors[start : start + step])
    return store


def test_finds_nearly_all_neighbours_with_nearly_exact_cosines(small):
    ids, vectors = clustered(4_000)
    store = filled(ids, vectors)
    assert (len(store), store.exact) == (4_000, False)
    assert recall(store, ids, vectors) >= 0.95
    by_id = dict(zip(ids.tolist(), vectors, strict=True))
    query = vectors[7]
    found, scores = store.search(query, 20)
    assert found[0] == ids[7]
    assert (np.diff(scores) <= 0).all()
    assert scores == pytest.approx([float(by_id[id] @ query) for id in found.tolist()], abs=0.01)


def test_below_the_first_fold_every_vector_is_compared(small):
    ids, vectors = clustered(499)
    store = filled(ids, vectors)
    assert store.exact
    assert recall(store, ids, vectors) == 1


def test_removed_ids_are_not_found_and_may_return(small, tmp_path):
    ids, vectors = clustered(2_000)
    store = filled(ids, vectors)
    gone = ids[::3]
    assert store.remove(np.concatenate([gone, gone, [10**9]])) == len(gone)
    assert store.remove(gone) == 0
    kept = ~np.isin(ids, gone)

    def assert_gone(held):
        assert len(held) == kept.sum()
        assert not any(np.isin(held.search(vector, 30)[0], gone).any() for vector in vectors[:60])
        assert recall(held, ids[kept], vectors[kept]) >= 0.95

    assert_gone(store)
    store.write(tmp_path / "a")
    assert_gone(plugin.read(tmp_path / "a"))
    store.add(gone, vectors[::3])
    assert len(store) == len(ids)
    assert store.search(vectors[0], 1)[0].tolist() == [ids[0]]
    assert store.remove(gone[:1]) == 1
    assert ids[0] not in store.search(vectors[0], 30)[0]


def test_id_in_the_lists_cannot_be_added_again(small):
    ids, vectors = clustered(1_200)
    store = filled(ids, vectors)
    with pytest.raises(plugin.StoreError, match="already"):
        store.add(ids[3:4], vectors[3:4])
    assert len(store) == 1_200


def test_writing_more_vectors_makes_more_lists(small, tmp_path):
    ids, vectors = clustered(6_000)
    store = filled(ids[:2_000], vectors[:2_000])
    store.remove(ids[:100])
    store.add(ids[2_000:], vectors[2_000:])
    assert store._ivf.nlist == 16, "adding and searching do not wait for retraining"
    assert len(store) == 5_900
    assert recall(store, ids[100:], vectors[100:]) >= 0.95
    store.write(tmp_path / "a")
    for held in (store, plugin.read(tmp_path / "a")):
        assert held._ivf.nlist == 48
        assert len(held) == 5_900
        assert recall(held, ids[100:], vectors[100:]) >= 0.95


def test_writing_retrains_without_new_vectors_too(small, tmp_path):
    ids, vectors = clustered(3_000)
    store = filled(ids, vectors, 500)
    assert (store._ivf.nlist, len(store._flat_ids)) == (16, 0)
    store.write(tmp_path / "a")
    assert plugin.read(tmp_path / "a")._ivf.nlist == 48


def test_lists_stay_in_their_file_until_merged(small, tmp_path):
    ids, vectors = clustered(1_500)
    filled(ids, vectors).write(tmp_path / "a")
    store = plugin.read(tmp_path / "a")
    assert ivf.is_memory_mapped(store._ivf)
    written = (tmp_path / "a").read_bytes()
    more_ids, more = 10**6 + np.arange(400), clustered(400, seed=5)[1]
    store.add(more_ids, more)
    store.remove(ids[:50])
    store.write(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == written
    (tmp_path / "a").unlink()
    again = plugin.read(tmp_path / "b")
    assert len(again) == 1_850
    everything = np.concatenate([ids[50:], more_ids]), np.concatenate([vectors[50:], more])
    assert recall(again, *everything) >= 0.95


def test_rewritten_lists_do_not_need_their_first_file(small, tmp_path):
    ids, vectors = clustered(1_500)
    filled(ids, vectors).write(tmp_path / "a")
    plugin.read(tmp_path / "a").write(tmp_path / "b")
    (tmp_path / "a").unlink()
    assert recall(plugin.read(tmp_path / "b"), ids, vectors) >= 0.95


def test_other_kind_of_index_is_refused(tmp_path):
    faiss.write_index(faiss.index_factory(DIMENSION, "HNSW16"), str(tmp_path / "a"))
    with pytest.raises(plugin.StoreError, match="HNSW"):
        plugin.read(tmp_path / "a")


def test_equal_vectors_are_all_found(small):
    """Check the case of one sentence in every document: one list holds them all."""
    vectors = np.repeat(clustered(1)[1], 1_200, axis=0)
    store = filled(np.arange(1_200), vectors)
    ids, scores = store.search(vectors[0], 1_200)
    assert sorted(ids.tolist()) == list(range(1_200))
    assert scores == pytest.approx(1, abs=0.01)


def mixed(n, seed):
    """Return n unit vectors, each the sum of three out of 200 and some noise, like passages with shared subjects."""
    random = np.random.default_rng(seed)
    parts = np.random.default_rng(0).standard_normal((200, DIMENSION))
    vectors = parts[random.integers(0, 200, (n, 3))].sum(axis=1)
    noise = random.standard_normal((n, DIMENSION))
    for rows, length in ((vectors, 1), (noise, 0.35)):
        rows *= length / np.linalg.norm(rows, axis=1, keepdims=True)
    vectors += noise
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def test_recall_is_98_percent_between_centroids():
    none, vectors = np.zeros(0, dtype=np.int64), mixed(ivf.MAX_FLAT_VECTORS, 1)
    lists = ivf.merge(None, none, np.arange(len(vectors)), vectors)
    found = []
    for query in mixed(100, 2):
        nearest = np.argsort(-(vectors @ query))[:10]
        found.append(len(np.intersect1d(nearest, ivf.search(lists, query, 40, none)[0])) / 10)
    assert np.mean(found) >= 0.98


def test_search_reads_as_many_lists_as_the_table_says():
    assert [ivf._probe_count(lists) for _, lists, _ in ivf.LIST_COUNTS] == [probed for *_, probed in ivf.LIST_COUNTS]
    assert ivf._probe_count(1) == ivf.LIST_COUNTS[0][2], "fewer lists than in the table"
    assert ivf._probe_count(10_000_000) == ivf.LIST_COUNTS[-1][2]


def test_training_sample_covers_start_and_end_of_lists(small):
    ids, vectors = clustered(2_000)
    first, last = np.sort(ids[:1_000]), np.sort(ids[1_000:])
    lists = ivf.merge(None, np.zeros(0, dtype=np.int64), first, np.abs(vectors[:1_000]))
    lists = ivf.merge(lists, np.zeros(0, dtype=np.int64), last, -np.abs(vectors[1_000:]))
    nothing = np.zeros((0, DIMENSION), dtype=np.float32)
    taken = ivf._sample(lists, nothing, 200)
    assert 200 <= len(taken) <= 200 + lists.nlist
    assert np.mean(taken.sum(axis=1) > 0) == pytest.approx(0.5, abs=0.1)


def test_lists_in_a_file_are_not_prefetched(small, tmp_path):
    store = filled(*clustered(1_000))
    store.write(tmp_path / "a")
    for lists in (store._ivf, plugin.read(tmp_path / "a")._ivf):
        assert lists.parallel_mode == 1
    assert faiss.downcast_InvertedLists(lists.invlists).prefetch_nthread == 0


def test_retraining_does_not_round_vectors_again(small):
    ids, vectors = clustered(2_000)
    nothing = np.zeros(0, dtype=np.int64)
    lists = ivf.merge(None, nothing, np.sort(ids), vectors)
    held = {
        id: codes.tobytes() for found, all in ivf._iterate_lists(lists) for id, codes in zip(found, all, strict=True)
    }
    more = np.arange(10**6, 10**6 + 2_000)
    lists = ivf.merge(lists, nothing, more, np.clip(2 * clustered(2_000, seed=1)[1], -1, 1), may_retrain=True)
    assert lists.nlist == 48
    kept = {
        id: codes.tobytes() for found, all in ivf._iterate_lists(lists) for id, codes in zip(found, all, strict=True)
    }
    assert len(kept) == 4_000 and held.items() <= kept.items()


@given(st.lists(st.integers(0, 5), max_size=30), st.integers(1, 8))
def test_batches_join_whole_lists_in_order(sizes, max_vectors):
    lists = [(np.full(size, number), np.full((size, 2), number)) for number, size in enumerate(sizes)]
    joined = list(ivf._batches(lists, max_vectors))
    numbers = [number for number, size in enumerate(sizes) for _ in range(size)]
    assert [id for ids, _ in joined for id in ids.tolist()] == numbers
    assert all(np.array_equal(codes, np.stack([ids, ids], axis=1)) for ids, codes in joined)
    assert all(0 < len(ids) <= max_vectors or len(set(ids.tolist())) == 1 for ids, _ in joined)  # a list is not split
    for (before, _), (after, _) in pairwise(joined):
        assert len(before) + sizes[after[0]] > max_vectors
