"""Write and remove the rows of one file in the database, inside the caller's transaction."""

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from embeddings.types import Vectors
from qa.errors import IdTaken
from qa.store import near_duplicates
from qa.store.vector_index import pack
from qa.types import PAGED_MEDIA_TYPES, Document, Passage

FORGOTTEN = "forgotten"
"""Status of a file that exists and must not be read."""

DOCUMENT_COLUMNS = "id, title, text, source, published, media_type, sha256, publisher, language, dated"

SUMMARY_COLUMNS = (
    "id, title, (SELECT count(*) FROM passages WHERE document = documents.key), file, published, dated, publisher"
)

Embedded = tuple[Document, list[Passage], Vectors]
"""A document with its passages and their vectors (n, d)."""

FINGERPRINT_MODULUS = 1 << 128
"""A set of documents has the sum of its documents' fingerprints, modulo this, so that updating it costs only what
changed."""

EXCERPT = """
SELECT id, title, source, published, publisher, dated, substr(text, :start + 1, :length), media_type,
    length(substr(text, 1, :start)) - length(replace(substr(text, 1, :start), char(12), ''))
FROM documents WHERE id = :id
"""
"""The last column counts the form feeds before the excerpt: each ends a page."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Part of a document's text, with what a citation says about the document."""

    document_id: str
    title: str
    source: str
    published: str | None
    publisher: str | None
    dated: str | None
    text: str
    page: int | None
    """Page of the first character, from 1; None if the document has no pages."""

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> "Excerpt":
        """Return the excerpt in a row of EXCERPT."""
        id, title, source, published, publisher, dated, text, media_type, form_feeds = row
        page = form_feeds + 1 if media_type in PAGED_MEDIA_TYPES else None
        return cls(id, title, source, published, publisher, dated, text, page)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the ledger: the outcome of indexing one file."""

    name: str
    sha256: str
    size: int
    status: str
    """indexed, unchanged, replaced, renamed, skipped, failed, deleted or forgotten."""
    reason: str
    """Why it failed or is left out; empty otherwise."""
    passages: int
    seconds: float
    at: str
    """Time in UTC, ISO 8601."""
    modified: int = 0
    """Time of the last change to the file, in nanoseconds since 1970; 0 if its content must be read in any case."""
    note: str = ""
    """What was left out of the file and why, in words; empty if nothing was."""


def utc_now() -> str:
    """Return the time in UTC, ISO 8601, as it is stored in the ledger and with chats."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_entry(database: sqlite3.Connection, entry: Entry) -> None:
    """Write a ledger entry, replacing the file's previous one."""
    database.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
        " sha256 = excluded.sha256, size = excluded.size, status = excluded.status, reason = excluded.reason,"
        " passages = excluded.passages, seconds = excluded.seconds, at = excluded.at, modified = excluded.modified,"
        " note = excluded.note",
        tuple(getattr(entry, field) for field in Entry.__slots__),
    )


def insert(database: sqlite3.Connection, file: str, documents: Iterable[Embedded]) -> int:
    """Store a file's documents, passages, vectors and words; return what this adds to the fingerprint.

    Raises:
        IdTaken: another document has the same id.
    """
    added, began = 0, time.perf_counter()
    for document, passages, vectors in documents:
        key = _insert_document(database, file, document)
        near_duplicates.join_group(database, key, document.text)
        for passage, vector in zip(passages, pack(vectors), strict=True):
            row = database.execute(
                "INSERT INTO passages (document, start, end, text, sentences, vector) VALUES (?, ?, ?, ?, ?, ?)",
                (key, passage.start, passage.end, passage.text, json.dumps(passage.sentences), vector.tobytes()),
            ).lastrowid
            database.execute(
                "INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", (row, document.title, passage.text)
            )
        added += _fingerprint(document.id, document.sha256)
    database.execute(
        "UPDATE files SET seconds = ?, passages = (SELECT count(*) FROM passages "
        "JOIN documents ON documents.key = document WHERE file = ?) WHERE name = ?",
        (time.perf_counter() - began, file, file),
    )
    return added


def delete(database: sqlite3.Connection, file: str, generation: int) -> int:
    """Remove a file's documents, passages, vectors and words; return what this takes from the fingerprint.

    The keys of its passages are recorded as gone since `generation`, for vector stores written before that.
    """
    rows = database.execute(
        "SELECT passages.key, title, passages.text FROM passages "
        "JOIN documents ON documents.key = document WHERE file = ?",
        (file,),
    ).fetchall()
    database.executemany("INSERT INTO words (words, rowid, title, text) VALUES ('delete', ?, ?, ?)", rows)
    database.executemany("INSERT INTO gone VALUES (?, ?)", [(row[0], generation) for row in rows])
    documents = database.execute("SELECT id, sha256, key, text FROM documents WHERE file = ?", (file,)).fetchall()
    near_duplicates.leave_groups(database, [(key, text) for *_, key, text in documents])
    database.execute("DELETE FROM passages WHERE document IN (SELECT key FROM documents WHERE file = ?)", (file,))
    database.execute("DELETE FROM documents WHERE file = ?", (file,))
    return sum(_fingerprint(id, sha256) for id, sha256, *_ in documents)


def move(database: sqlite3.Connection, file: str, to: str, documents: Sequence[Document]) -> int | None:
    """Move a file's documents to the file `to`, as `documents` describes them; passages, vectors and words stay.

    Return what this adds to the fingerprint. If a title or a text differs or an id is taken, do nothing and return
    None.
    """
    rows = database.execute("SELECT key, id, title, text, sha256 FROM documents WHERE file = ? ORDER BY key", (file,))
    kept = rows.fetchall()
    if [(title, text) for _, _, title, text, _ in kept] != [(document.title, document.text) for document in documents]:
        return None
    taken = "SELECT 1 FROM documents WHERE id = ? AND file != ?"
    if any(database.execute(taken, (document.id, file)).fetchone() for document in documents):
        return None
    sets = ", ".join(f"{field} = ?" for field in DOCUMENT_COLUMNS.split(", "))
    change = 0
    for (key, id, _, _, content), document in zip(kept, documents, strict=True):
        values = tuple(getattr(document, field) for field in DOCUMENT_COLUMNS.split(", "))
        database.execute(f"UPDATE documents SET file = ?, {sets} WHERE key = ?", (to, *values, key))
        change += _fingerprint(document.id, document.sha256) - _fingerprint(id, content)
    database.execute("DELETE FROM files WHERE name = ?", (file,))
    return change


def _insert_document(database: sqlite3.Connection, file: str, document: Document) -> int:
    values = tuple(getattr(document, field) for field in DOCUMENT_COLUMNS.split(", "))
    query = f"INSERT INTO documents (file, {DOCUMENT_COLUMNS}) VALUES (?{', ?' * len(values)})"
    try:
        return int(database.execute(query, (file, *values)).lastrowid or 0)
    except sqlite3.IntegrityError as error:
        raise IdTaken(f"another file already has the id {document.id!r}; make ids unique") from error


def _fingerprint(id: str, content: str) -> int:
    return int.from_bytes(sha256(repr((id, content)).encode()).digest()[:16], "big")
