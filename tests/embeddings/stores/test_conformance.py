"""Conformance: check that every store equals the brute force written here, in ids and in scores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings import load_store, stores
from embeddings.errors import StoreError
from embeddings.plugins import find, names

DIMENSION = 32


@pytest.fixture(params=names(stores))
def name(request):
    return request.param


def unit(vectors):
    vectors = np.asarray(vectors, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def brute_force(ids, vectors, query, k):
    """Rank by the float64 cosine of each row, best first, ties by id."""
    scores = [round(float(np.dot(row.astype(np.float64), query.astype(np.float64))), 6) for row in vectors]
    order = sorted(range(len(ids)), key=lambda i: (-scores[i], ids[i]))[:k]
    return [int(ids[i]) for i in order], [scores[i] for i in order]


def distinct(random, n, query):
    """Return n unit vectors whose cosines with `query` differ clearly, so that only equal vectors tie."""
    while True:
        vectors = unit(random.standard_normal((n, DIMENSION)))
        if np.diff(np.sort(vectors.astype(np.float64) @ query)).min(initial=1) > 1e-5:
            return vectors


def filled(name, ids, vectors):
    store = load_store(name, DIMENSION)
    store.add(np.array(ids, dtype=np.int64), vectors)
    return store


def assert_equals_brute_force(store, ids, vectors, query, k):
    found, scores = store.search(query, k)
    wanted, cosines = brute_force(ids, vectors, query, k)
    assert (found.dtype, scores.dtype) == (np.int64, np.float32)
    assert found.tolist() == wanted
    assert np.allclose(scores, cosines, atol=2e-6)


@pytest.mark.parametrize("k", [1, 10, 99, 100, 1_000])
@pytest.mark.parametrize("seed", range(5))
def test_random_vectors(name, seed, k):
    random = np.random.default_rng(seed)
    query = unit(random.standard_normal(DIMENSION))
    vectors = distinct(random, 100, query)
    ids = random.permutation(10_000)[:100]
    assert_equals_brute_force(filled(name, ids, vectors), ids, vectors, query, k)


@pytest.mark.parametrize("seed", range(40))
def test_duplicates_at_rank_k_are_ordered_by_id(name, seed):
    """Put rank k inside a block of 90 equal vectors, which float32 sums in different orders."""
    random = np.random.default_rng(seed)
    query = unit(random.standard_normal(DIMENSION))
    vectors = distinct(random, 7, query)[random.integers(0, 7, 630)]
    ids = 2**40 + random.permutation(630)
    store = filled(name, ids, vectors)
    for k in (1, 5, 60, 100, 629):
        assert_equals_brute_force(store, ids, vectors, query, k)


@given(data=st.data())
@pytest.mark.parametrize("name", names(stores))
def test_any_sequence_of_adding_and_removing(name, data):
    random = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    query = unit(random.standard_normal(DIMENSION))
    pool = distinct(random, 6, query)
    store, held = load_store(name, DIMENSION), {}
    for _ in range(data.draw(st.integers(0, 6))):
        new = data.draw(st.lists(st.integers(0, 60), unique=True, max_size=30))
        new = [id for id in new if id not in held]
        rows = pool[random.integers(0, 6, len(new))]
        store.add(np.array(new, dtype=np.int64), rows.reshape(-1, DIMENSION))
        held |= dict(zip(new, rows, strict=True))
        gone = data.draw(st.lists(st.integers(0, 60), max_size=10))
        assert store.remove(np.array(gone, dtype=np.int64)) == len(held.keys() & set(gone))
        held = {id: row for id, row in held.items() if id not in gone}
    assert len(store) == len(held)
    assert_equals_brute_force(store, list(held), list(held.values()), query, data.draw(st.integers(0, 70)))


@pytest.mark.parametrize(("n", "k"), [(0, 5), (3, 0), (3, -1), (0, 0)])
def test_nothing_found_gives_two_empty_arrays(name, n, k):
    store = filled(name, range(n), np.eye(n, DIMENSION, dtype=np.float32))
    ids, scores = store.search(unit(np.ones(DIMENSION)), k)
    assert (ids.shape, scores.shape, ids.dtype, scores.dtype) == ((0,), (0,), np.int64, np.float32)


def test_k_beyond_n_never_pads_with_minus_one(name):
    store = filled(name, [4, 7], np.eye(2, DIMENSION, dtype=np.float32))
    ids, _ = store.search(unit(np.ones(DIMENSION)), 50)
    assert ids.tolist() == [4, 7]


def test_scores_are_cosines_within_their_range(name):
    vector = unit(np.random.default_rng(3).standard_normal((1, DIMENSION)))
    _, scores = filled(name, [0, 1], np.concatenate([vector, -vector])).search(vector[0], 2)
    assert scores.tolist() == pytest.approx([1, -1])
    assert np.abs(scores).max() <= 1


@pytest.mark.parametrize(
    ("ids", "vectors"),
    [
        ([5], np.eye(1, DIMENSION)),
        ([6, 6], np.eye(2, DIMENSION)),
        ([-1], np.eye(1, DIMENSION)),
        ([6], np.eye(1, DIMENSION + 1)),
        ([6, 7], np.eye(1, DIMENSION)),
        ([6], np.full((1, DIMENSION), np.nan)),
        ([6], np.full((1, DIMENSION), np.inf)),
    ],
    ids=["existing id", "duplicate id", "negative id", "dimension", "count", "NaN", "infinity"],
)
def test_refused_batch_changes_nothing(name, ids, vectors):
    store = filled(name, [5], np.eye(1, DIMENSION))
    with pytest.raises(StoreError):
        store.add(np.array(ids), vectors)
    assert len(store) == 1
    assert store.search(np.eye(DIMENSION)[0], 9)[0].tolist() == [5]


def test_query_of_another_dimension_is_refused(name):
    with pytest.raises(StoreError, match="wanted"):
        filled(name, [5], np.eye(1, DIMENSION)).search(np.ones(DIMENSION - 1), 1)


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_query_that_is_not_finite_is_refused(name, number):
    with pytest.raises(StoreError):
        filled(name, [5, 6], np.eye(2, DIMENSION)).search(np.full(DIMENSION, number), 1)


def test_null_vector_is_equally_near_to_all(name):
    ids, scores = filled(name, [9, 5, 6], np.eye(3, DIMENSION)).search(np.zeros(DIMENSION), 2)
    assert (ids.tolist(), scores.tolist()) == ([5, 6], [0, 0])


def test_removed_id_can_be_added_again(name):
    store = filled(name, [5], np.eye(1, DIMENSION))
    assert store.remove(np.array([5, 99])) == 1
    assert len(store) == 0
    store.add(np.array([5]), -np.eye(1, DIMENSION))
    assert store.search(np.eye(DIMENSION)[0], 1)[1].tolist() == [-1]


def test_removing_nothing_removes_nothing(name):
    store = filled(name, [5], np.eye(1, DIMENSION))
    assert store.remove(np.array([], dtype=np.int64)) == 0
    assert len(store) == 1


@pytest.mark.parametrize("n", [0, 1, 50])
def test_written_store_is_read_back_complete(name, n, tmp_path):
    random = np.random.default_rng(n)
    vectors = unit(random.standard_normal((n, DIMENSION))).reshape(n, DIMENSION)
    store, query = filled(name, range(n), vectors), unit(random.standard_normal(DIMENSION))
    store.write(tmp_path / "file")
    again = find(stores, name).read(tmp_path / "file")
    assert (len(again), again.dimension) == (n, DIMENSION)
    for first, second in zip(store.search(query, 20), again.search(query, 20), strict=True):
        assert np.array_equal(first, second)
    again.add(np.array([n + 1]), np.eye(1, DIMENSION))
    with pytest.raises(StoreError):
        again.add(np.array([n + 1]), np.eye(1, DIMENSION))


@pytest.mark.parametrize("garbage", [b"", b"\0", b"not a store\n", bytes(5_000), b"PK\x03\x04" + bytes(99)])
def test_reading_garbage_is_a_store_error(name, garbage, tmp_path):
    (tmp_path / "file").write_bytes(garbage)
    with pytest.raises(StoreError, match="build it again"):
        find(stores, name).read(tmp_path / "file")


def test_reading_a_missing_file_is_a_store_error(name, tmp_path):
    with pytest.raises(StoreError):
        find(stores, name).read(tmp_path / "file")


@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.9, 0.999])
def test_reading_a_truncated_file_is_a_store_error(name, share, tmp_path):
    filled(name, range(50), np.eye(50, DIMENSION)).write(tmp_path / "file")
    whole = (tmp_path / "file").read_bytes()
    (tmp_path / "file").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(StoreError):
        find(stores, name).read(tmp_path / "file")


def test_reading_another_library_s_file_is_a_store_error(name, tmp_path):
    import faiss

    np.save(tmp_path / "array.npy", np.eye(3))
    np.savez(tmp_path / "other.npz", ids=np.array(3), vectors=np.array(1.0))
    faiss.write_index(faiss.IndexFlatIP(3), str(tmp_path / "flat.faiss"))
    for file in ("array.npy", "other.npz", "flat.faiss"):
        with pytest.raises(StoreError):
            find(stores, name).read(tmp_path / file)
