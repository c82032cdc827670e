"""The one durable file of a corpus: SQLite in WAL mode, its schema, and how it is opened."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qa.errors import CorpusError, DamagedCorpus, DiskFull, OtherEncoder
from qa.store import checksum
from qa.store.near_duplicates import join

FILE = "corpus.sqlite"
SCHEMA_VERSION = 4
Row = tuple[Any, ...]
"""What SQLite returns of a row."""

CURE = "your documents are untouched; type: qa doctor --repair PATH"

BUSY_SECONDS = 60
"""How long a writer waits for another one."""

# See qa.store.near_duplicates; corpora of version 3 get it added.
KIN = """
CREATE INDEX documents_of_kin ON documents(kin) WHERE kin NOT NULL;
CREATE TABLE bands (
    band INTEGER NOT NULL, document INTEGER NOT NULL REFERENCES documents(key), PRIMARY KEY (band, document)
) WITHOUT ROWID;
""".strip()

# Keys of passages are never used twice (AUTOINCREMENT), so that a derived file that is out of date can name a
# passage that is gone but never another one; `gone` are those removed since such files were written. `words` keeps no
# text of its own; rows leave it by 'delete' with the text that entered. Deleted text is overwritten (secure_delete),
# not just unlinked.
SCHEMA = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, size INTEGER NOT NULL,
    status TEXT NOT NULL, reason TEXT NOT NULL, passages INTEGER NOT NULL, seconds REAL NOT NULL, at TEXT NOT NULL,
    modified INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, file TEXT NOT NULL REFERENCES files(name),
    title TEXT NOT NULL, text TEXT NOT NULL, source TEXT NOT NULL, published TEXT, media_type TEXT NOT NULL,
    sha256 TEXT NOT NULL, publisher TEXT, language TEXT, dated TEXT, kin INTEGER
);
CREATE INDEX documents_of_file ON documents(file);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents(key),
    start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL, sentences TEXT NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX passages_of_document ON passages(document);
{KIN}
CREATE TABLE gone (key INTEGER NOT NULL, generation INTEGER NOT NULL);
CREATE VIEW searchable AS
    SELECT passages.key AS key, documents.title AS title, passages.text AS text
    FROM passages JOIN documents ON documents.key = passages.document;
CREATE VIRTUAL TABLE words USING fts5(
    title, text, content='searchable', content_rowid='key', tokenize='porter unicode61 remove_diacritics 2'
);
"""


def connect(folder: Path) -> sqlite3.Connection:
    """The database in `folder`, made with its schema when it is not there yet.

    Raises:
        DamagedCorpus: the file is no database, or not whole.
        CorpusError: written by another version, or the folder cannot be written to.
    """
    path = folder / FILE
    if checksum.is_broken(path):
        raise DamagedCorpus(f"{path} is damaged (its bytes are not those that were written); {CURE}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # One connection serves all threads: the library is compiled to serialise its calls.
        database = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.OperationalError) as error:
        raise CorpusError(f"{folder} cannot be written to ({error}); set QA_HOME to a folder that can") from error
    try:
        with reporting_damage(path):
            _prepare(database, path)
    except CorpusError:
        database.close()
        raise
    return database


def _prepare(database: sqlite3.Connection, path: Path) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "secure_delete = ON"):
        database.execute(f"PRAGMA {pragma}")
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version in (0, 3):
        version = _set_up(database)
    database.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row)")
    database.execute("CREATE VIRTUAL TABLE temp.occurrences USING fts5vocab(main, words, instance)")
    if version != SCHEMA_VERSION:
        raise CorpusError(
            f"{path} is of version {version}, wanted {SCHEMA_VERSION}; move it away and type: qa index PATH"
        )


def _set_up(database: sqlite3.Connection) -> int:
    """The schema where there is none, or that of the version before brought up to date, unless another process did."""
    with transaction(database):
        version = int(database.execute("PRAGMA user_version").fetchone()[0])
        if version == 0:
            _execute(database, SCHEMA)
        elif version == 3:
            _add_kin(database)
        if version in (0, 3):
            database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            version = SCHEMA_VERSION
    return version


def close(database: sqlite3.Connection, folder: Path) -> None:
    """Close it and, where nobody else has it open, seal it."""
    database.close()
    checksum.put_on(folder / FILE)


def _add_kin(database: sqlite3.Connection) -> None:
    _execute(database, f"ALTER TABLE documents ADD COLUMN kin INTEGER;\n{KIN}")
    for (key,) in database.execute("SELECT key FROM documents ORDER BY key").fetchall():
        join(database, key, *database.execute("SELECT text FROM documents WHERE key = ?", (key,)).fetchone())


def _execute(database: sqlite3.Connection, script: str) -> None:
    """Statement by statement: executescript() would end the transaction."""
    for statement in script.split(";\n"):
        database.execute(statement)


def made_with(database: sqlite3.Connection, folder: Path, name: str, fingerprint: str) -> None:
    """Note which encoder the vectors are of, the first time; see that it is this one, every other time.

    Raises:
        OtherEncoder: it is another one.
    """
    found = _encoder(database)
    if not found:
        with transaction(database):
            found = _encoder(database)  # another process may have been first
            if not found:
                rows = [("encoder", fingerprint), ("encoder_name", name)]
                database.executemany("INSERT INTO meta VALUES (?, ?)", rows)
    if found and found["encoder"] != fingerprint:
        raise OtherEncoder(
            f"{folder} was made with {found.get('encoder_name', '?')} ({found['encoder']}), "
            f"got {name} ({fingerprint}); name that encoder, or move the folder away and type: qa index PATH"
        )


def _encoder(database: sqlite3.Connection) -> dict[str, str]:
    return dict(database.execute("SELECT key, value FROM meta WHERE key IN ('encoder', 'encoder_name')"))


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All of the block's writes or none; a second writer waits up to BUSY_SECONDS."""
    database.execute("BEGIN IMMEDIATE")
    try:
        checksum.remove(Path(database.execute("PRAGMA database_list").fetchone()[2]))
        yield
    except BaseException:
        if database.in_transaction:  # SQLite has rolled it back itself where the disk was full
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


@contextmanager
def snapshot(database: sqlite3.Connection) -> Iterator[None]:
    """All of the block's reads see one state, whatever another process writes meanwhile; one may hold another."""
    if database.in_transaction:
        yield
        return
    database.execute("BEGIN")
    try:
        yield
    finally:
        database.execute("ROLLBACK")


@contextmanager
def reporting_damage(path: Path) -> Iterator[None]:
    """Turn SQLite's own errors into one that says what to type.

    Raises:
        DamagedCorpus: the file is no database, or not whole.
        DiskFull: there is no room for it.
        CorpusError: another process holds the database.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
            raise DiskFull(f"there is no room for {path}; what was there before is kept") from error
        raise CorpusError(f"{path} cannot be used ({error}); close other users of it, then type: qa doctor") from error
    except sqlite3.DatabaseError as error:
        raise DamagedCorpus(f"{path} is damaged ({error}); {CURE}") from error
