"""The rows of one file: inserted completely, and removed completely."""

from dataclasses import replace

import pytest

from qa.errors import IdTaken
from qa.store.changes import FINGERPRINT_MODULUS, delete, store
from qa.store.queries import Entry, write_entry
from qa.store.schema import connect, transaction
from tests.store.test_corpus import found, put
from tests.support.documents import document

ENTRY = Entry("a.txt", "0" * 64, 7, "indexed", "", 0, 0.5, "2022-01-14T00:00:00", 12)
TABLES = ("documents", "passages")


@pytest.fixture
def database(tmp_path):
    opened = connect(tmp_path)
    yield opened
    opened.close()


def embedded(encoder, *documents):
    from qa.ingest.chunking import chunk

    chunked = [(one, chunk(one, encoder)) for one in documents]
    return [(one, passages, encoder.embed_passages([p.text for p in passages])) for one, passages in chunked]


def counts(database):
    return [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES]


def matching(database, word):
    return [row[0] for row in database.execute("SELECT rowid FROM words WHERE words MATCH ?", (word,))]


def test_insert_and_delete_leave_only_keys(database, hashing):
    texts = embedded(hashing, document("Anna mends clocks.", id="a"), document("Boris sails.", id="b"))
    with transaction(database):
        write_entry(database, ENTRY)
        added = store(database, "a.txt", texts)
    assert counts(database) == [2, 2]
    assert (matching(database, "clocks"), matching(database, "sailing")) == ([1], [2])
    assert database.execute("SELECT passages, modified FROM files").fetchall() == [(2, 12)]
    with transaction(database):
        assert delete(database, "a.txt", 5) == added
    assert counts(database) == [0, 0]
    assert matching(database, "clocks") == []
    assert database.execute("SELECT * FROM gone ORDER BY key").fetchall() == [(1, 5), (2, 5)]


def test_id_of_another_document_is_taken(database, hashing):
    with transaction(database):
        write_entry(database, ENTRY)
        write_entry(database, replace(ENTRY, name="b.txt"))
        store(database, "a.txt", embedded(hashing, document("Anna mends clocks.", id="a")))
    with pytest.raises(IdTaken, match="'a'"), transaction(database):
        store(database, "b.txt", embedded(hashing, document("Boris sails.", id="a")))
    assert counts(database) == [1, 1]


@pytest.mark.parametrize(("title", "kept"), [("Clocks", True), ("Boats", False)])
def test_unchanged_passages_keep_their_keys(database, hashing, title, kept):
    lines = [f"Person {n} mends the clock number {n} of the town, as old as the town itself." for n in range(40)]
    with transaction(database):
        write_entry(database, ENTRY)
        store(database, "a.txt", embedded(hashing, document("\n\n".join(lines), id="a", title="Clocks")), 1)
    before = dict(database.execute("SELECT key, text FROM passages"))
    lines[20] = lines[20].replace("Person 20", "Nobody 20")
    changed = document("\n\n".join(lines), id="a", title=title)
    with transaction(database):
        store(database, "a.txt", embedded(hashing, changed), 2)
    after = dict(database.execute("SELECT key, text FROM passages"))
    assert (len(before.keys() & after.keys()) > len(before) // 2) is kept
    assert {key for (key,) in database.execute("SELECT key FROM gone")} == before.keys() - after.keys()
    assert len(matching(database, "nobody")) > 0 == len(matching(database, "boat")) * kept
    for start, end, text in database.execute("SELECT start, end, text FROM passages"):
        assert changed.text[start:end] == text
    database.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")


def test_fingerprint_ignores_order_of_documents(tmp_path, database, hashing):
    one, two = document("Anna mends clocks.", id="a"), document("Boris sails.", id="b")
    with transaction(database):
        write_entry(database, ENTRY)
        both = store(database, "a.txt", embedded(hashing, one, two))
        delete(database, "a.txt", 1)
        apart = [store(database, "a.txt", embedded(hashing, each)) for each in (two, one)]
    assert sum(apart) == both
    assert 0 < apart[0] != apart[1] < FINGERPRINT_MODULUS


def test_refilled_corpus_has_its_old_fingerprint(corpus):
    fingerprints = [corpus.fingerprint]
    for _ in range(2):
        put(corpus, "a.txt", document("Anna mends clocks.", id="a"))
        put(corpus, "b.txt", document("Boris sails.", id="b"))
        fingerprints.append(corpus.fingerprint)
        corpus.remove_files("a.txt")
        corpus.remove_files("b.txt")
        fingerprints.append(corpus.fingerprint)
    empty, full, *_ = fingerprints
    assert fingerprints == [empty, full, empty, full, empty]
    assert empty != full
    assert found(corpus, "Anna") == []
