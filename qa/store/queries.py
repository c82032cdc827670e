"""Write and remove the rows of one file in the database, inside the caller's transaction."""

import json
import sqlite3
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from embeddings.types import Vectors
from qa.errors import IdTaken
from qa.store import near_duplicates
from qa.store.vector_index import pack
from qa.types import PAGED_MEDIA_TYPES, Block, BlockKind, Document, Passage

FORGOTTEN = "forgotten"
"""Status of a file that exists and must not be read."""

DOCUMENT_COLUMNS = "id, title, text, source, published, media_type, sha256, publisher, language, dated, blocks"

DESCRIPTION_COLUMNS = DOCUMENT_COLUMNS.replace("text, ", "")
"""Everything that two equal documents have in common; their texts are compared by hash."""

PASSAGE_COLUMNS = "id, start, end, passages.text, sentences, context, cells"

SUMMARY_COLUMNS = (
    "id, title, (SELECT count(*) FROM passages WHERE document = documents.key), file, published, dated, publisher"
)

Embedded = tuple[Document, list[Passage], Vectors]
"""A document with its passages and their vectors (n, d)."""

WORDS_SQL = "SELECT key, title, context, text FROM searchable"
"""What the full-text index holds of each passage."""

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
    """Store documents of a file with their passages, vectors and words; return what this adds to the fingerprint.

    Raises:
        IdTaken: another document has the same id.
    """
    added, began = 0, time.perf_counter()
    for document, passages, vectors in documents:
        key = _insert_document(database, file, document)
        near_duplicates.join_group(database, key, document.text)
        for passage, vector in zip(passages, pack(vectors), strict=True):
            sentences, cells = json.dumps(passage.sentences), json.dumps(passage.cells)
            row = database.execute(
                "INSERT INTO passages (document, start, end, text, sentences, context, cells, vector) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (key, passage.start, passage.end, passage.text, sentences, passage.context, cells, vector.tobytes()),
            ).lastrowid
            database.execute(f"INSERT INTO words (rowid, title, context, text) {WORDS_SQL} WHERE key = ?", (row,))
        added += _fingerprint(document.id, document.sha256)
    database.execute(
        "UPDATE files SET seconds = ?, passages = (SELECT count(*) FROM passages "
        "JOIN documents ON documents.key = document WHERE file = ?) WHERE name = ?",
        (time.perf_counter() - began, file, file),
    )
    return added


def delete(database: sqlite3.Connection, file: str, generation: int, keep: Collection[str] = ()) -> int:
    """Remove a file's documents with their passages, vectors and words; return what this takes from the fingerprint.

    The keys of the passages are recorded as gone since `generation`, for vector stores written before that. Documents
    whose ids are in `keep` stay.
    """
    removed = "SELECT key FROM documents WHERE file = ? AND id NOT IN (SELECT value FROM json_each(?))"
    values = (file, json.dumps(sorted(keep)))
    keys = database.execute(f"SELECT key FROM passages WHERE document IN ({removed})", values).fetchall()
    database.executemany(
        f"INSERT INTO words (words, rowid, title, context, text) SELECT 'delete', * FROM ({WORDS_SQL} WHERE key = ?)",
        keys,
    )
    database.executemany("INSERT INTO gone VALUES (?, ?)", [(key, generation) for (key,) in keys])
    documents = database.execute(
        f"SELECT id, sha256, key, text FROM documents WHERE key IN ({removed})", values
    ).fetchall()
    near_duplicates.leave_groups(database, [(key, text) for *_, key, text in documents])
    database.execute(f"DELETE FROM passages WHERE document IN ({removed})", values)
    database.executemany("DELETE FROM documents WHERE key = ?", [(key,) for _, _, key, _ in documents])
    return sum(_fingerprint(id, sha256) for id, sha256, *_ in documents)


def move(database: sqlite3.Connection, file: str, to: str, documents: Sequence[Document]) -> int | None:
    """Move a file's documents to the file `to`, as `documents` describes them; passages, vectors and words stay.

    Return what this adds to the fingerprint. If a title, a text or its structure differs or an id is taken, do nothing
    and return None.
    """
    query = "SELECT key, id, title, sha256, blocks FROM documents WHERE file = ?"
    kept = sorted(database.execute(query, (file,)).fetchall(), key=lambda row: row[2:])
    moved = sorted(documents, key=_content)
    if [tuple(row[2:]) for row in kept] != [_content(document) for document in moved]:
        return None
    taken = "SELECT 1 FROM documents WHERE id = ? AND file != ?"
    if any(database.execute(taken, (document.id, file)).fetchone() for document in documents):
        return None
    sets = ", ".join(f"{field} = ?" for field in DOCUMENT_COLUMNS.split(", "))
    change = 0
    for (key, id, _, content, _), document in zip(kept, moved, strict=True):
        database.execute(f"UPDATE documents SET file = ?, {sets} WHERE key = ?", (to, *document_row(document), key))
        change += _fingerprint(document.id, document.sha256) - _fingerprint(id, content)
    database.execute("DELETE FROM files WHERE name = ?", (file,))
    return change


def document_row(document: Document) -> tuple[Any, ...]:
    """Return the values of DOCUMENT_COLUMNS."""
    return tuple(
        _blocks_json(document) if field == "blocks" else getattr(document, field)
        for field in DOCUMENT_COLUMNS.split(", ")
    )


def description(document: Document) -> tuple[Any, ...]:
    """Return the values of DESCRIPTION_COLUMNS."""
    id, title, _, *others = document_row(document)
    return (id, title, *others)


def document_from(row: Sequence[Any]) -> Document:
    """Return the document in a row of DOCUMENT_COLUMNS."""
    *fields, blocks = row
    return Document(*fields, blocks=tuple(_block(*values) for values in json.loads(blocks)))


def passage_from(row: Sequence[Any]) -> Passage:
    """Return the passage in a row of PASSAGE_COLUMNS."""
    id, start, end, text, sentences, context, cells = row
    spans = tuple((first, last) for first, last in json.loads(sentences))
    return Passage(id, start, end, text, spans, context, tuple((place, header) for place, header in json.loads(cells)))


def _content(document: Document) -> tuple[str, str, str]:
    return document.title, document.sha256, _blocks_json(document)


def _blocks_json(document: Document) -> str:
    return json.dumps([astuple(block) for block in document.blocks], separators=(",", ":"), ensure_ascii=False)


def _block(kind: str, start: int, end: int, level: int, context: str, cells: Sequence[Sequence[Any]]) -> Block:
    return Block(BlockKind(kind), start, end, level, context, tuple((place, header) for place, header in cells))


def _insert_document(database: sqlite3.Connection, file: str, document: Document) -> int:
    values = document_row(document)
    query = f"INSERT INTO documents (file, {DOCUMENT_COLUMNS}) VALUES (?{', ?' * len(values)})"
    try:
        return int(database.execute(query, (file, *values)).lastrowid or 0)
    except sqlite3.IntegrityError as error:
        raise IdTaken(f"another file already has the id {document.id!r}; make ids unique") from error


def _fingerprint(id: str, content: str) -> int:
    return int.from_bytes(sha256(repr((id, content)).encode()).digest()[:16], "big")
