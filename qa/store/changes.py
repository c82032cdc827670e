"""Store, remove and move the documents of one file, inside the caller's transaction."""

import json
import sqlite3
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256

from embeddings.types import Vectors
from qa.errors import IdTaken
from qa.store import near_duplicates
from qa.store.queries import (
    DOCUMENT_COLUMNS,
    PASSAGE_COLUMNS,
    Embedded,
    PassageKey,
    blocks_json,
    document_row,
    passage_from,
    passage_key,
)
from qa.store.vector_index import pack
from qa.types import Document, Passage

WORDS_SQL = "SELECT key, title, context, text FROM searchable WHERE key = ?"
"""What the full-text index holds of a passage."""

FINGERPRINT_MODULUS = 1 << 128
"""A set of documents has the sum of its documents' fingerprints, modulo this, so that updating it costs only what
changed."""


def store(database: sqlite3.Connection, file: str, documents: Iterable[Embedded], generation: int = 0) -> int:
    """Store documents of a file, new ones or new versions; return what this adds to the fingerprint.

    A passage that the earlier version of its document had too keeps its key, its vector and its words; the keys of
    the others are recorded as gone since `generation`, for vector stores written before that.

    Raises:
        IdTaken: a document of another file has the same id.
    """
    change, began = 0, time.perf_counter()
    for document, passages, vectors in documents:
        query = "SELECT key, title, text, sha256 FROM documents WHERE id = ? AND file = ?"
        before = database.execute(query, (document.id, file)).fetchone()
        if before:
            key, title, text, content = before
            change -= _fingerprint(document.id, content)
            kept = _keep_passages(database, key, title, document, passages, generation)
            near_duplicates.leave_groups(database, [(key, text)])
            _update_document(database, key, file, document)
        else:
            key, kept = _insert_document(database, file, document), {}
        _write_passages(database, key, passages, vectors, kept)
        near_duplicates.join_group(database, key, document.text)
        change += _fingerprint(document.id, document.sha256)
    database.execute(
        "UPDATE files SET seconds = ?, passages = (SELECT count(*) FROM passages "
        "JOIN documents ON documents.key = document WHERE file = ?) WHERE name = ?",
        (time.perf_counter() - began, file, file),
    )
    return change


def delete(database: sqlite3.Connection, file: str, generation: int, keep: Collection[str] = ()) -> int:
    """Remove a file's documents with their passages, vectors and words; return what this takes from the fingerprint.

    The keys of the passages are recorded as gone since `generation`, for vector stores written before that. Documents
    whose ids are in `keep` stay.
    """
    rows = database.execute("SELECT id, sha256, key FROM documents WHERE file = ?", (file,)).fetchall()
    removed = [row for row in rows if row[0] not in keep]
    for _, _, key in removed:
        passages = database.execute("SELECT key FROM passages WHERE document = ?", (key,)).fetchall()
        _remove_passages(database, passages, generation)
    query = "SELECT key, text FROM documents WHERE key = ?"
    near_duplicates.leave_groups(database, (database.execute(query, (key,)).fetchone() for *_, key in removed))
    database.executemany("DELETE FROM documents WHERE key = ?", [(key,) for *_, key in removed])
    return sum(_fingerprint(id, content) for id, content, _ in removed)


def move(database: sqlite3.Connection, file: str, to: str, documents: Sequence[Document]) -> int | None:
    """Move a file's documents to the file `to`, as `documents` describes them; passages, vectors and words stay.

    Return what this adds to the fingerprint. If a title, a text or its structure differs or an id is taken, do nothing
    and return None.
    """
    query = "SELECT key, id, title, sha256, blocks FROM documents WHERE file = ?"
    kept = sorted(database.execute(query, (file,)).fetchall(), key=lambda row: tuple(row[2:]))
    moved = sorted(documents, key=_content)
    if [tuple(row[2:]) for row in kept] != [_content(document) for document in moved]:
        return None
    taken = "SELECT 1 FROM documents WHERE id = ? AND file != ?"
    if any(database.execute(taken, (document.id, file)).fetchone() for document in documents):
        return None
    change = 0
    for (key, id, _, content, _), document in zip(kept, moved, strict=True):
        _update_document(database, key, to, document)
        change += _fingerprint(document.id, document.sha256) - _fingerprint(id, content)
    database.execute("DELETE FROM files WHERE name = ?", (file,))
    return change


def _content(document: Document) -> tuple[str, str, str]:
    return document.title, document.sha256, blocks_json(document)


def _keep_passages(
    database: sqlite3.Connection,
    key: int,
    title: str,
    version: Document,
    passages: Sequence[Passage],
    generation: int,
) -> dict[int, int]:
    """Remove the passages of a document that its new version lacks; return the keys of the others by their places."""
    query = f"SELECT passages.key, {PASSAGE_COLUMNS} FROM passages, documents WHERE document = ? AND documents.key = ?"
    before: dict[PassageKey, list[int]] = defaultdict(list)
    for passage_id, *row in database.execute(query, (key, key)):
        before[passage_key(title, passage_from(row))].append(passage_id)
    kept: dict[int, int] = {}
    for place, passage in enumerate(passages):
        if same := before.get(passage_key(version.title, passage)):
            kept[place] = same.pop()
    # With the title that they were indexed with, which is about to change.
    _remove_passages(database, [(one,) for rest in before.values() for one in rest], generation)
    return kept


def _write_passages(
    database: sqlite3.Connection, document: int, passages: Sequence[Passage], vectors: Vectors, kept: dict[int, int]
) -> None:
    """Store passages with their vectors and words; of those with a key in `kept` only the place changes."""
    for place, (passage, vector) in enumerate(zip(passages, pack(vectors), strict=True)):
        where = (passage.start, passage.end, json.dumps(passage.sentences), json.dumps(passage.cells))
        if key := kept.get(place):
            database.execute(
                "UPDATE passages SET start = ?, end = ?, sentences = ?, cells = ? WHERE key = ?", (*where, key)
            )
            continue
        row = database.execute(
            "INSERT INTO passages (start, end, sentences, cells, document, text, context, vector) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*where, document, passage.text, passage.context, vector.tobytes()),
        ).lastrowid
        database.execute(f"INSERT INTO words (rowid, title, context, text) {WORDS_SQL}", (row,))


def _remove_passages(database: sqlite3.Connection, removed: Sequence[tuple[int]], generation: int) -> None:
    """Remove passages with their words, and record their keys as gone."""
    database.executemany(
        f"INSERT INTO words (words, rowid, title, context, text) SELECT 'delete', * FROM ({WORDS_SQL})", removed
    )
    database.executemany("INSERT INTO gone VALUES (?, ?)", [(key, generation) for (key,) in removed])
    database.executemany("DELETE FROM passages WHERE key = ?", removed)


def _update_document(database: sqlite3.Connection, key: int, file: str, document: Document) -> None:
    sets = ", ".join(f"{field} = ?" for field in DOCUMENT_COLUMNS.split(", "))
    database.execute(f"UPDATE documents SET file = ?, {sets} WHERE key = ?", (file, *document_row(document), key))


def _insert_document(database: sqlite3.Connection, file: str, document: Document) -> int:
    values = document_row(document)
    query = f"INSERT INTO documents (file, {DOCUMENT_COLUMNS}) VALUES (?{', ?' * len(values)})"
    try:
        return int(database.execute(query, (file, *values)).lastrowid or 0)
    except sqlite3.IntegrityError as error:
        raise IdTaken(f"another file already has the id {document.id!r}; make ids unique") from error


def _fingerprint(id: str, content: str) -> int:
    return int.from_bytes(sha256(repr((id, content)).encode()).digest()[:16], "big")
