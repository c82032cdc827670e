"""The vector store's file: used only if it is exactly what was written, else rebuilt without embedding."""

import sqlite3
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings import ivf, stores
from embeddings.plugins import names
from qa.errors import CorpusError
from qa.ingest.indexing import index
from qa.store import checksum
from qa.store.corpus import Corpus
from qa.store.schema import DATABASE_FILE
from qa.store.vector_index import pack, unpack
from tests.store.test_corpus import put
from tests.support.documents import document
from tests.support.encoders import CountingEncoder


def flip_a_bit(path, other):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def truncate(path, other):
    path.write_bytes(path.read_bytes()[:-7])


def swap(path, other):
    path.write_bytes(other.read_bytes())


def empty(path, other):
    path.write_bytes(b"")


def delete(path, other):
    path.unlink()


def search(corpus):
    query = corpus.encoder.embed_query("Who mends clocks?")
    return [values.tolist() for values in corpus.nearest(query, 10)]


@pytest.fixture
def other(tmp_path, hashing):
    """The vectors file of another corpus with as many passages."""
    folder = tmp_path / "other files"
    folder.mkdir()
    (folder / "a.txt").write_text("Dora\n\nDora tunes pianos. She sings. She reads.")
    (folder / "b.txt").write_text("Emil\n\nEmil reads. He writes.")
    (folder / "c.txt").write_text("Fay sleeps.")
    corpus = Corpus(tmp_path / "other", hashing)
    index(corpus, [folder])
    corpus.close()
    return tmp_path / "other" / "vectors.faiss"


@pytest.mark.parametrize("damage", [flip_a_bit, truncate, swap, empty, delete])
def test_damaged_file_is_rebuilt_without_embedding(indexed, other, damage):
    wanted = search(indexed)
    indexed.close()
    path = indexed.folder / "vectors.faiss"
    damage(path, other)
    found = path.read_bytes() if path.exists() else None
    encoder = CountingEncoder()
    again = Corpus(indexed.folder, encoder)
    assert search(again) == wanted
    assert encoder.embedded == 0
    kept = list(indexed.folder.glob("*set-aside*"))
    assert [file.read_bytes() for file in kept] == ([] if found is None else [found])
    if found is not None:
        assert kept[0].name in again.repairs[0]
    again.save()
    again.close()
    third = Corpus(indexed.folder, encoder)
    assert (search(third), third.repairs) == (wanted, ())
    third.close()


def test_undamaged_file_is_used_as_is(indexed):
    wanted = search(indexed)
    indexed.close()
    again = Corpus(indexed.folder, CountingEncoder())
    assert (search(again), again.repairs) == (wanted, ())
    again.close()


def test_file_older_than_database_is_not_used(indexed, files):
    """As after a crash between the transaction and the writing of the file."""
    old = (indexed.folder / "vectors.faiss").read_bytes()
    (files / "new.txt").write_text("Dora tunes pianos.")
    index(indexed, [files])
    wanted = search(indexed)
    indexed.close()
    (indexed.folder / "vectors.faiss").write_bytes(old)
    again = Corpus(indexed.folder, CountingEncoder())
    assert search(again) == wanted
    assert len(again.repairs) == 1
    again.close()


@pytest.mark.parametrize("store", names(stores))
def test_every_store_finds_the_same(indexed, store):
    wanted = search(indexed)
    other = Corpus(indexed.folder, CountingEncoder(), store)
    assert search(other)[0] == wanted[0]
    assert np.allclose(search(other)[1], wanted[1], atol=1e-6)
    other.save()
    assert (indexed.folder / f"vectors.{store}").exists()
    other.close()


def test_unreadable_note_is_no_traceback(indexed):
    indexed.close()
    database = sqlite3.connect(indexed.folder / DATABASE_FILE)
    with database:
        database.execute("UPDATE meta SET value = '{' WHERE key = 'store faiss'")
    database.close()
    try:
        again = Corpus(indexed.folder, CountingEncoder())
    except CorpusError:
        return
    assert len(search(again)[0]) == len(again)
    again.close()


@given(st.lists(st.lists(st.floats(-1, 1, width=32), min_size=4, max_size=4), max_size=8))
def test_packing_keeps_the_direction(rows):
    vectors = np.array(rows, dtype=np.float32).reshape(-1, 4)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors = vectors[lengths[:, 0] > 0.1] / lengths[lengths > 0.1][:, None]
    again = unpack([row.tobytes() for row in pack(vectors)], 4)
    assert (again.dtype, again.shape, again.flags.c_contiguous) == (np.float32, vectors.shape, True)
    assert ((again * vectors).sum(axis=1) > 0.999).all()


def many(corpus, names, words=("clocks", "boats", "bread")):
    """A file of each name, of one passage each."""
    for name in names:
        put(corpus, name, document(f"{name} mends {words[len(name) % len(words)]} in {name}.", id=name))


def gone(corpus):
    database = sqlite3.connect(corpus.folder / DATABASE_FILE)
    rows = database.execute("SELECT count(*) FROM gone").fetchone()[0]
    database.close()
    return rows


def test_small_change_leaves_file_alone(corpus):
    many(corpus, [f"file {n}" for n in range(60)])
    corpus.save()
    written = (corpus.folder / "vectors.faiss").read_bytes()
    many(corpus, ["Anna", "Boris"])
    corpus.remove_files("file 7")
    corpus.save()
    assert (corpus.folder / "vectors.faiss").read_bytes() == written
    wanted = search(corpus)
    corpus.close()
    again = Corpus(corpus.folder, CountingEncoder())
    assert (search(again), again.repairs, len(again)) == (wanted, (), 61)
    assert again.encoder.embedded == 0
    many(again, [f"more {n}" for n in range(9)])
    again.save()
    assert (again.folder / "vectors.faiss").read_bytes() != written
    assert gone(again) == 0
    wanted = search(again)
    again.close()
    third = Corpus(corpus.folder, CountingEncoder())
    assert (search(third), third.repairs) == (wanted, ())
    third.close()


def test_reader_follows_writer_through_new_file(corpus):
    many(corpus, [f"file {n}" for n in range(40)])
    corpus.save()
    reader = Corpus(corpus.folder, CountingEncoder())
    for n in range(0, 40, 2):
        corpus.remove_files(f"file {n}")
        if n % 6 == 0:
            corpus.save()
        assert search(reader) == search(corpus)
    many(corpus, [f"late {n}" for n in range(40)])
    corpus.save()
    assert search(reader) == search(corpus)
    assert reader.encoder.embedded == 0
    reader.close()


def test_each_store_learns_what_was_removed(corpus):
    many(corpus, [f"file {n}" for n in range(30)])
    corpus.save()
    other = Corpus(corpus.folder, CountingEncoder(), "exact")
    other.save()
    for n in range(5):
        corpus.remove_files(f"file {n}")
    corpus.save()
    assert gone(corpus) == 5  # the other file's, still to be taken out of it
    other.close()
    other = Corpus(corpus.folder, CountingEncoder(), "exact")
    assert (search(other)[0], other.repairs) == (search(corpus)[0], ())
    other.save()
    assert gone(corpus) == 0
    other.close()


def test_file_with_wrong_count_is_rebuilt(corpus):
    """Whatever happened: as many vectors as passages, or the file is not used."""
    many(corpus, [f"file {n}" for n in range(30)])
    corpus.save()
    corpus.remove_files("file 3")
    wanted = search(corpus)
    corpus.close()
    database = sqlite3.connect(corpus.folder / DATABASE_FILE)
    with database:
        database.execute("DELETE FROM gone")
    database.close()
    checksum.remove(corpus.folder / DATABASE_FILE)
    again = Corpus(corpus.folder, CountingEncoder())
    assert search(again) == wanted
    assert "30" in again.repairs[0]
    again.close()


def test_inverted_lists_are_ranked_by_stored_vectors(corpus, monkeypatch):
    monkeypatch.setattr(ivf, "MAX_FLAT_VECTORS", 40)
    monkeypatch.setattr(ivf, "LIST_COUNTS", ((0, 4, 4),))
    many(corpus, [f"file {n}" for n in range(100)])
    corpus.save()
    exact = Corpus(corpus.folder, CountingEncoder(), "exact")
    assert exact._store.exact > corpus._store.exact
    for question in ("Who mends clocks in file 7?", "bread", "file 99"):
        query = corpus.encoder.embed_query(question)
        found, wanted = corpus.nearest(query, 10), exact.nearest(query, 10)
        assert np.allclose(found[1], wanted[1], atol=1e-6)
    exact.close()


@pytest.mark.parametrize("store", names(stores))
def test_missing_vector_is_noticed(indexed, hashing, store):
    with closing(Corpus(indexed.folder, hashing, store)) as corpus:
        assert corpus.check() == []
        corpus._store._store.remove(np.array([1]))
        (problem,) = corpus.check()
        assert f"holds {len(corpus) - 1:,} vectors for {len(corpus):,} passages" in problem
