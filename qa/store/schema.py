"""Open the database of a corpus: SQLite in WAL mode, the one file that cannot be derived from another."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qa.errors import CorpusError, DamagedCorpus, DiskFull, OtherEncoder
from qa.store import checksum
from qa.text.reading import search_text

DATABASE_FILE = "corpus.sqlite"
SCHEMA_VERSION = 6
Row = tuple[Any, ...]
"""A row as SQLite returns it."""

CURE = "your documents are untouched; type: qa doctor --repair PATH"

BUSY_TIMEOUT_SECONDS = 60
"""How long a writer waits for another one."""

# Keys of passages are never reused (AUTOINCREMENT): an outdated derived file can name a passage that has been removed,
# but never another passage. `gone` lists the keys removed since such files were written. `bands` is described in
# qa.store.near_duplicates. `words` keeps no text of its own; rows leave it by 'delete' with the text they were inserted
# with. It searches text as it is read (search_text), not as it is stored. Deleted text is overwritten (secure_delete),
# not just unlinked.
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, size INTEGER NOT NULL,
    status TEXT NOT NULL, reason TEXT NOT NULL, passages INTEGER NOT NULL, seconds REAL NOT NULL, at TEXT NOT NULL,
    modified INTEGER NOT NULL, note TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, file TEXT NOT NULL REFERENCES files(name),
    title TEXT NOT NULL, text TEXT NOT NULL, source TEXT NOT NULL, published TEXT, media_type TEXT NOT NULL,
    sha256 TEXT NOT NULL, publisher TEXT, language TEXT, dated TEXT, blocks TEXT NOT NULL,
    page_labels TEXT NOT NULL, duplicate_group INTEGER
);
CREATE INDEX documents_of_file ON documents(file);
CREATE INDEX documents_of_duplicate_group ON documents(duplicate_group) WHERE duplicate_group NOT NULL;
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents(key),
    start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL, sentences TEXT NOT NULL, context TEXT NOT NULL,
    cells TEXT NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX passages_of_document ON passages(document);
CREATE TABLE bands (
    band INTEGER NOT NULL, document INTEGER NOT NULL REFERENCES documents(key), PRIMARY KEY (band, document)
) WITHOUT ROWID;
CREATE TABLE gone (key INTEGER NOT NULL, generation INTEGER NOT NULL);
CREATE VIEW searchable AS
    SELECT passages.key AS key, search_text(documents.title) AS title,
        search_text(passages.context || context_of_cells(passages.cells)) AS context, search_text(passages.text) AS text
    FROM passages JOIN documents ON documents.key = passages.document;
CREATE VIRTUAL TABLE words USING fts5(
    title, context, text, content='searchable', content_rowid='key', tokenize='porter unicode61 remove_diacritics 2'
);
"""


def connect(folder: Path) -> sqlite3.Connection:
    """Open the database in `folder`, and create it if it is not there yet.

    Raises:
        DamagedCorpus: the file is not a database, or damaged.
        CorpusError: another version wrote it, or the folder cannot be written to.
    """
    path = folder / DATABASE_FILE
    if checksum.is_damaged(path):
        raise DamagedCorpus(f"{path} is damaged (its bytes are not those that were written); {CURE}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # One connection serves all threads: the library is compiled to serialise its calls.
        database = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.OperationalError) as error:
        raise CorpusError(f"cannot write to {folder} ({error}); set QA_HOME to a folder that can be written") from error
    try:
        with translated_errors(path):
            _prepare(database, path)
    except CorpusError:
        database.close()
        raise
    return database


def _prepare(database: sqlite3.Connection, path: Path) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "secure_delete = ON"):
        database.execute(f"PRAGMA {pragma}")
    database.create_function("search_text", 1, search_text, deterministic=True)
    database.create_function("context_of_cells", 1, _context_of_cells, deterministic=True)
    version = _version(database) or _create(database)
    database.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row)")
    database.execute("CREATE VIRTUAL TABLE temp.occurrences USING fts5vocab(main, words, instance)")
    if version != SCHEMA_VERSION:
        raise CorpusError(
            f"{path} has version {version}, wanted {SCHEMA_VERSION}; move it away and type: qa index PATH"
        )


def _context_of_cells(cells: str) -> str:
    """Return the headers of a row's cells, in the form in which they follow its context."""
    return "" if cells == "[]" else "\n" + "\n".join(header for _, header in json.loads(cells))


def _version(database: sqlite3.Connection) -> int:
    """Return the version of the schema, 0 if there is none yet."""
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _create(database: sqlite3.Connection) -> int:
    """Create the schema unless another process just has, and return its version."""
    with transaction(database):
        if not _version(database):
            for statement in SCHEMA.split(";\n"):  # executescript() would end the transaction
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        return _version(database)


def close(database: sqlite3.Connection, folder: Path) -> None:
    """Close the database and, unless somebody else has it open, write its checksum."""
    database.close()
    checksum.write(folder / DATABASE_FILE)


def check_encoder(database: sqlite3.Connection, folder: Path, name: str, fingerprint: str) -> None:
    """Record the encoder that the vectors come from the first time, and compare it every other time.

    Raises:
        OtherEncoder: the vectors come from another one.
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
    """Keep all of the block's writes or none; a second writer waits up to BUSY_TIMEOUT_SECONDS."""
    database.execute("BEGIN IMMEDIATE")
    try:
        checksum.remove(Path(database.execute("PRAGMA database_list").fetchone()[2]))
        yield
    except BaseException:
        if database.in_transaction:  # if the disk was full, SQLite has rolled back by itself
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


@contextmanager
def snapshot(database: sqlite3.Connection) -> Iterator[None]:
    """Let all of the block's reads see one state, whatever another process writes meanwhile; may be nested."""
    if database.in_transaction:
        yield
        return
    database.execute("BEGIN")
    try:
        yield
    finally:
        database.execute("ROLLBACK")


@contextmanager
def translated_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's own errors into one that says what to type.

    Raises:
        DamagedCorpus: the file is not a database, or damaged.
        DiskFull: there is no room for it.
        CorpusError: another process holds the database, or it is closed.
    """
    try:
        yield
    except sqlite3.ProgrammingError as error:
        raise CorpusError(f"{path.parent} is closed; open it again to go on") from error
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
            raise DiskFull(f"there is no room for {path}; what was there before is kept") from error
        raise CorpusError(f"cannot use {path} ({error}); close other users of it, then type: qa doctor") from error
    except sqlite3.DatabaseError as error:
        raise DamagedCorpus(f"{path} is damaged ({error}); {CURE}") from error
