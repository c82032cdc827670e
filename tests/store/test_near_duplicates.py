"""Groups of near-duplicates as documents come and go."""

import random
import sqlite3

import numpy as np
import pytest

from qa.store import changes, near_duplicates
from qa.store.changes import delete
from qa.store.queries import Entry, write_entry
from qa.store.schema import connect
from qa.types import make_document

WORDS = [f"word{n}" for n in range(400)]


def text(seed: int, last: str = "") -> str:
    """A different text for each seed; with `last`, a near-duplicate of it."""
    return " ".join(random.Random(seed).choices(WORDS, k=120)) + last


@pytest.fixture
def database(tmp_path):
    opened = connect(tmp_path)
    yield opened
    opened.close()


def store(database: sqlite3.Connection, name: str, said: str) -> None:
    write_entry(database, Entry(name, "", 0, "indexed", "", 0, 0.0, ""))
    document = make_document(id=name, title=name, text=said, source=name, media_type="text/plain")
    changes.store(database, name, [(document, [], np.empty((0, 8), np.float32))])


def groups(database: sqlite3.Connection) -> dict[str, int]:
    return dict(database.execute("SELECT id, duplicate_group FROM documents WHERE duplicate_group NOT NULL"))


def partition(database: sqlite3.Connection) -> list[list[str]]:
    numbered = groups(database)
    return sorted(sorted(id for id in numbered if numbered[id] == number) for number in set(numbered.values()))


def test_near_duplicates_share_the_first_one_s_key(database):
    for name, said in (("a", text(1)), ("b", text(2)), ("c", text(1, " Anna.")), ("d", text(1, " Berta."))):
        store(database, name, said)
    assert groups(database) == {"a": 1, "c": 1, "d": 1}


def test_near_duplicate_of_two_documents_joins_them(database):
    halves = text(1).split(), text(2).split()
    store(database, "a", text(1))
    store(database, "b", text(2))
    assert groups(database) == {}
    store(database, "both", " ".join(halves[0] + halves[1]))
    assert groups(database) == {"a": 1, "b": 1, "both": 1}
    delete(database, "both", 1)
    assert groups(database) == {}


def test_last_member_of_a_group_leaves_it(database):
    store(database, "a", text(1))
    store(database, "b", text(1, " Anna."))
    delete(database, "a", 1)
    assert groups(database) == {}
    assert database.execute("SELECT count(*) FROM bands WHERE document = 1").fetchone() == (0,)
    store(database, "c", text(1, " Berta."))
    assert groups(database) == {"b": 2, "c": 2}


@pytest.mark.parametrize("seed", range(5))
def test_changed_corpus_has_groups_of_new_corpus(database, tmp_path, seed):
    chooser, held = random.Random(seed), {}
    for _ in range(60):
        name = chooser.choice("abcdefghij")
        if name in held:
            delete(database, name, 1)
            del held[name]
        if chooser.random() < 0.7:
            held[name] = text(chooser.randrange(4), chooser.choice(["", " Anna.", " Berta went home."]))
            store(database, name, held[name])
    new = connect(tmp_path / "new")
    for name, said in sorted(held.items()):
        store(new, name, said)
    assert partition(database) == partition(new) != []
    new.close()


def test_only_few_documents_are_compared(database, monkeypatch):
    monkeypatch.setattr(near_duplicates, "MAX_COMPARED", 1)
    for n in range(4):
        store(database, str(n), text(1, f" Anna{n}."))
    assert set(groups(database).values()) == {1}


def test_document_sharing_most_bands_is_compared_first(database, monkeypatch):
    monkeypatch.setattr(near_duplicates, "MAX_COMPARED", 1)
    store(database, "other", text(2))
    store(database, "a", text(1))
    (band,) = database.execute("SELECT band FROM bands WHERE document = 2").fetchone()
    database.execute("INSERT INTO bands VALUES (?, 1)", (band,))
    store(database, "b", text(1))
    assert groups(database) == {"a": 2, "b": 2}


def test_cost_does_not_grow_with_group(database):
    """A table may have a million rows that say the same."""
    changes = []
    for number in range(3 * near_duplicates.MAX_COMPARED):
        before = database.total_changes
        store(database, f"{number}", text(1))
        changes.append(database.total_changes - before)
    assert set(changes[2:]) == {changes[2]}
    assert partition(database) == [sorted(f"{number}" for number in range(3 * near_duplicates.MAX_COMPARED))]


def test_near_duplicate_is_found_among_band_mates(database):
    names = [f"other{n}" for n in range(10)]
    for seed, name in enumerate(names):
        store(database, name, text(100 + seed))
    store(database, "a", text(1))
    bands = [band for (band,) in database.execute("SELECT band FROM bands WHERE document = ?", (len(names) + 1,))]
    rows = [(band, key) for band in bands for key in range(1, len(names) + 1)]
    database.executemany("INSERT INTO bands VALUES (?, ?)", rows)
    store(database, "b", text(1, " Anna."))
    assert groups(database) == {"a": 11, "b": 11}
