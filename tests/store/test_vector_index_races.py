"""The vector store's file while another process writes it: no false damage, and no vector twice."""

import sqlite3

import pytest

from qa.store import vector_index
from qa.store.corpus import Corpus
from qa.store.schema import DATABASE_FILE
from qa.store.vector_index import DerivedStore
from tests.store.test_corpus import put
from tests.store.test_vector_index import many
from tests.support.documents import document
from tests.support.encoders import CountingEncoder


@pytest.fixture
def written(corpus):
    """A corpus whose file was written, and the note of it."""
    many(corpus, [f"file {n}" for n in range(30)])
    corpus.save()
    return corpus, corpus._rows("SELECT value FROM meta WHERE key = 'store faiss'")[0][0]


def write_anew(corpus):
    """What another process does: changes after which there are as many passages as before, the file, the note."""
    other = Corpus(corpus.folder, CountingEncoder())
    other.remove_files("file 3")
    put(other, "new.txt", document("Dora tunes pianos.", id="new"))
    other._store._write()
    other.close()


def assert_opens_as_it_is(folder):
    again = Corpus(folder, CountingEncoder())
    assert again.repairs == () and not list(folder.glob("*set-aside*"))
    assert_has_each_passage_once(again)
    again.close()


def assert_has_each_passage_once(corpus):
    found, _ = corpus.nearest(corpus.encoder.embed_query("Dora"), 99)
    assert sorted(found.tolist()) == [key for (key,) in corpus._rows("SELECT key FROM passages ORDER BY key")]


def test_file_replaced_while_read_is_read_again(written, monkeypatch):
    corpus, _ = written
    put(corpus, "later.txt", document("Emil reads.", id="later"))  # which the file that is there lacks
    digest, replaced = vector_index.file_sha256, []

    def replacing(path):
        found = digest(path)
        if not replaced:
            replaced.append(path)
            write_anew(corpus)
        return found

    monkeypatch.setattr(vector_index, "file_sha256", replacing)
    assert_opens_as_it_is(corpus.folder)
    assert replaced


def test_late_note_is_no_damage(written, monkeypatch):
    corpus, before = written
    write_anew(corpus)
    database = sqlite3.connect(corpus.folder / DATABASE_FILE, isolation_level=None)
    (after,) = database.execute("SELECT value FROM meta WHERE key = 'store faiss'").fetchone()
    note = "UPDATE meta SET value = ? WHERE key = 'store faiss'"
    database.execute(note, (before,))
    monkeypatch.setattr(vector_index.time, "sleep", lambda wait: database.execute(note, (after,)) if wait else None)
    assert_opens_as_it_is(corpus.folder)
    database.close()


def test_removal_during_catch_up_stays_removed(written, monkeypatch):
    corpus, _ = written
    other = Corpus(corpus.folder, CountingEncoder())
    other.remove_files("file 3")
    noted, wrote = DerivedStore._read_note, []

    def writing(store):
        found = noted(store)
        if store is corpus._store and not wrote:
            wrote.append(store)
            other._store._write()  # after which nothing tells any more what was removed
        return found

    monkeypatch.setattr(DerivedStore, "_read_note", writing)
    assert_has_each_passage_once(corpus)
    assert wrote
    other.close()
