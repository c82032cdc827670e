"""The database: opened, versioned, transactional, and never written to when damaged."""

import hashlib
import sqlite3

import pytest

from qa.errors import CorpusError, DamagedCorpus
from qa.store.schema import DATABASE_FILE, SCHEMA_VERSION, connect, transaction, translated_errors


@pytest.fixture
def database(tmp_path):
    opened = connect(tmp_path)
    yield opened
    opened.close()


def test_new_database_has_schema_and_version(database):
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"meta", "files", "documents", "passages", "words"} <= tables
    assert database.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert database.execute("PRAGMA secure_delete").fetchone() == (1,)


def test_reopening_keeps_contents(database, tmp_path):
    database.execute("INSERT INTO meta VALUES ('a', 'b')")
    again = connect(tmp_path)
    assert again.execute("SELECT value FROM meta").fetchall() == [("b",)]
    again.close()


def test_another_version_is_refused_and_left_alone(database, tmp_path):
    database.execute("PRAGMA user_version = 99")
    with pytest.raises(CorpusError, match="version 99"):
        connect(tmp_path)
    assert database.execute("PRAGMA user_version").fetchone() == (99,)


def test_transaction_is_all_or_nothing(database):
    with pytest.raises(ZeroDivisionError), transaction(database):
        database.execute("INSERT INTO meta VALUES ('a', 'b')")
        raise ZeroDivisionError
    assert database.execute("SELECT * FROM meta").fetchall() == []
    with transaction(database):
        database.execute("INSERT INTO meta VALUES ('a', 'b')")
    assert database.execute("SELECT * FROM meta").fetchall() == [("a", "b")]


@pytest.mark.parametrize(
    "content", [b"not a database" * 500, b"SQLite format 3\0" + b"\xff" * 5000], ids=["text", "header"]
)
def test_other_file_is_reported_and_left_alone(content, tmp_path):
    (tmp_path / DATABASE_FILE).write_bytes(content)
    with pytest.raises(DamagedCorpus, match=r"damaged .*type: qa") as caught:
        connect(tmp_path)
    assert "\n" not in str(caught.value)
    assert hashlib.sha256((tmp_path / DATABASE_FILE).read_bytes()).digest() == hashlib.sha256(content).digest()


def test_unwritable_folder_is_reported(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CorpusError, match="QA_HOME"):
        connect(tmp_path / "file" / "corpus")


def test_sqlite_errors_are_translated(tmp_path):
    with pytest.raises(CorpusError, match="type: qa"), translated_errors(tmp_path):
        raise sqlite3.OperationalError("disk I/O error")
    with pytest.raises(DamagedCorpus), translated_errors(tmp_path):
        raise sqlite3.DatabaseError("malformed")
