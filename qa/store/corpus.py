"""Store documents, passages and vectors on disk; search them by meaning and by word, and read them back."""

import json
import threading
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.ranking import rank_exactly
from embeddings.types import Encoder, Ids, Vectors
from qa.errors import CorpusError, DamagedCorpus
from qa.store.changes import FINGERPRINT_MODULUS, delete, move, store
from qa.store.filtering import FILTER_SQL, MAX_COMPARED_PASSAGES, PASSAGE_KEYS_SQL, nearest_allowed
from qa.store.integrity import find_problems
from qa.store.near_duplicates import GROUPED_SQL, GROUPS_OF_SQL, ids_by_group
from qa.store.queries import (
    DESCRIPTION_COLUMNS,
    DOCUMENT_COLUMNS,
    EXCERPT,
    PASSAGE_COLUMNS,
    SUMMARY_COLUMNS,
    Embedded,
    Entry,
    Excerpt,
    document_from,
    passage_from,
    write_entry,
)
from qa.store.schema import (
    CURE,
    DATABASE_FILE,
    Row,
    check_encoder,
    close,
    connect,
    snapshot,
    transaction,
    translated_errors,
)
from qa.store.vector_index import DerivedStore, unpack
from qa.store.vocabulary import MATCHING_SQL, Vocabulary, any_of
from qa.types import Document, DocumentSummary, Passage, Scope, storable

# Deleted words stay in FTS5's segments until these are merged.
MERGE_WORDS = "INSERT INTO words (words) VALUES ('optimize')"

OF_DOCUMENTS = "JOIN documents ON documents.key = document"

MAX_KEYS_PER_QUERY = 500
"""Passages named in one SQL query."""

MIN_SPARE = 10
"""A store that is not exact is asked for twice as many passages as wanted, and at least this many more; these are then
compared by their own vectors. 10 more find 0.990 of the ten nearest of a million, and so do 100 more."""


class Corpus:
    """One folder on disk. SQLite is the source of truth; the vector store is derived from it and can be rebuilt."""

    def __init__(self, folder: Path, encoder: Encoder, store: str = "faiss") -> None:
        """Open the corpus in `folder`, or create an empty one.

        Raises:
            OtherEncoder: its vectors come from another encoder.
            CorpusError, DamagedCorpus: see qa.store.schema.connect.
        """
        self.folder = folder
        self.encoder = encoder
        self.vocabulary = Vocabulary(self._rows)
        self._lock = threading.RLock()
        self._mark = folder / "unfinished"
        self._deleted = self.unfinished
        """Whether words of removed passages may still be on disk."""
        self._database = connect(folder)
        try:
            check_encoder(self._database, folder, encoder.name, encoder.fingerprint)
            with translated_errors(folder / DATABASE_FILE):
                self._store = DerivedStore(folder, store, encoder, self._database)
        except Exception:
            self._database.close()
            raise

    def close(self) -> None:
        """Close the database; the corpus cannot be used afterwards."""
        close(self._database, self.folder)

    # Contents

    def __len__(self) -> int:
        """Count the passages."""
        return int(self._rows("SELECT count(*) FROM passages")[0][0])

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that differ when the documents, their passages or the encoder differ."""
        return sha256(f"{self.encoder.fingerprint} {self._meta('documents', '0')}".encode()).hexdigest()[:16]

    @property
    def unfinished(self) -> bool:
        """Whether changes are not saved yet: a process is writing now, or one was cut short."""
        return self._mark.exists()

    @property
    def repairs(self) -> tuple[str, ...]:
        """What was repaired when the corpus was opened, in words."""
        return self._store.repairs

    def documents(self) -> list[DocumentSummary]:
        """Return every document without its text, ordered by id."""
        return [DocumentSummary(*row) for row in self._rows(f"SELECT {SUMMARY_COLUMNS} FROM documents ORDER BY id")]

    def document(self, id: str) -> Document:
        """Return a document with its text.

        Raises:
            CorpusError: no document has this id.
            DamagedCorpus: its text is not what was written.
        """
        rows = self._rows(f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE id = ?", (storable(id),))
        if not rows:
            raise CorpusError(f"no document {id!r} in {self.folder}; type: qa status")
        document = document_from(rows[0])
        if sha256(document.text.encode()).hexdigest() != document.sha256:
            raise DamagedCorpus(
                f"{self.folder / DATABASE_FILE} is damaged (the text of {id!r} is not what was written); {CURE}"
            )
        return document

    def excerpt(self, id: str, start: int, end: int) -> Excerpt:
        """Return the characters from `start` up to `end` of a document's text, without loading the rest of it.

        Raises:
            CorpusError: no document has this id.
            DamagedCorpus: see `document`.
        """
        rows = self._rows(EXCERPT, {"id": storable(id), "start": start, "length": end - start})
        if rows and len(rows[0][6]) == end - start:
            return Excerpt.from_row(rows[0])
        document = self.document(id)  # SQLite ends a text at a NUL, which a .jsonl may hold
        about = (document.id, document.title, document.source, document.published, document.publisher, document.dated)
        form_feeds = document.text.count("\f", 0, start)
        labels = json.dumps(document.page_labels)
        return Excerpt.from_row((*about, document.text[start:end], document.media_type, form_feeds, labels))

    def duplicate_groups(self, ids: Sequence[str]) -> dict[str, int]:
        """Return the group of each document that has near-duplicates, by document id."""
        return dict(self._rows(GROUPS_OF_SQL, (json.dumps(list(ids)),)))

    def near_duplicates_containing(self, id: str, words: str) -> tuple[str, ...]:
        """Return the ids of a document's near-duplicates whose text contains `words` too."""
        same = "duplicate_group = (SELECT duplicate_group FROM documents WHERE id = ?) AND id != ? AND instr(text, ?)"
        rows = self._rows(f"SELECT id FROM documents WHERE {same} ORDER BY key", (id, id, words))
        return tuple(row[0] for row in rows)

    def near_duplicate_groups(self) -> list[list[str]]:
        """Return the ids of the documents in each group of near-duplicates."""
        return ids_by_group(self._rows(GROUPED_SQL))

    def ledger(self) -> list[Entry]:
        """Return the outcome of indexing each file, ordered by name."""
        return [Entry(*row) for row in self._rows("SELECT * FROM files ORDER BY name")]

    def check(self) -> list[str]:
        """Check everything on disk, and return what is wrong in words."""
        return [*find_problems(self._rows), *self._store.check()]

    # Search

    @contextmanager
    def consistent_reads(self) -> Iterator[None]:
        """Let everything read in the block see one state, whatever another process changes meanwhile."""
        with self._lock, translated_errors(self.folder / DATABASE_FILE):
            self._store.catch_up()
            with snapshot(self._database):
                yield

    def nearest(self, query: Vectors, k: int, within: Scope = None) -> tuple[Ids, Vectors]:
        """Return the keys and cosines of the k passages nearest to a unit vector (d,), fewer if there are fewer."""
        with self._lock, translated_errors(self.folder / DATABASE_FILE):
            if within is None:
                return self._nearest(query, k)
            allowed = self.keys_of(within)
            if len(allowed) <= MAX_COMPARED_PASSAGES:
                return rank_exactly(allowed, self.vectors(allowed.tolist()), query, k)
            return nearest_allowed(lambda asked: self._nearest(query, asked), allowed, k, len(self))

    def matching(self, words: Sequence[str], k: int, within: Scope = None) -> dict[int, float]:
        """Return the key and BM25 score (SQLite's, k1 = 1.2, b = 0.75) of at most k passages, best first.

        A passage matches if it has any of `words`. Words that are too frequent are left out; see Vocabulary.rarest.
        """
        rarest = self.vocabulary.rarest(words)
        if not rarest:
            return {}
        only, filtered = ("", []) if within is None else (FILTER_SQL, [json.dumps(sorted(within))])
        return dict(self._rows(MATCHING_SQL.format(only), (any_of(rarest), *filtered, k)))

    def vectors(self, keys: Sequence[int]) -> Vectors:
        """Return the passages' unit vectors (n, d), in the order of `keys`.

        Raises:
            CorpusError: a passage has been removed.
        """
        rows: dict[int, bytes] = dict(self._by_keys("SELECT key, vector FROM passages WHERE key IN", keys))
        return unpack([rows[key] for key in self._present(keys, rows)], self.encoder.dimension)

    def keys_of(self, ids: Collection[str]) -> Ids:
        """Return the keys of all passages of some documents, (n,)."""
        return np.array(self._rows(PASSAGE_KEYS_SQL, (json.dumps(sorted(ids)),)), dtype=np.int64).reshape(-1)

    def passages(self, keys: Sequence[int]) -> list[Passage]:
        """Return the passages, in the order of `keys`.

        Raises:
            CorpusError: a passage has been removed.
        """
        query = f"SELECT passages.key, {PASSAGE_COLUMNS} FROM passages {OF_DOCUMENTS} WHERE passages.key IN"
        rows = {row[0]: row[1:] for row in self._by_keys(query, keys)}
        return [passage_from(rows[key]) for key in self._present(keys, rows)]

    # Changes

    def replace(self, *files: tuple[Entry, Iterable[Embedded], Collection[str]]) -> None:
        """Store new documents and new versions of files' documents, and record the files; all or nothing.

        Each file comes with the ids of all documents that it holds now; those that it held before and are not among
        them are removed, and those that are not given anew stay as they are.

        Raises:
            IdTaken: a document of another file has the same id; nothing is changed then.
        """
        with self._changing() as generation:
            change = -sum(delete(self._database, entry.name, generation, ids) for entry, _, ids in files)
            for entry, documents, _ in files:
                write_entry(self._database, entry)
                change += store(self._database, entry.name, documents, generation)
            self._deleted = self._deleted or bool(
                self._rows("SELECT 1 FROM gone WHERE generation = ? LIMIT 1", (generation,))
            )
            self._refingerprint(change)

    def rename(self, name: str, entry: Entry, documents: Sequence[Document]) -> bool:
        """Move a file's documents and passages to another name if they equal `documents`; tell whether they do."""
        with self._lock, translated_errors(self.folder / DATABASE_FILE), transaction(self._database):
            write_entry(self._database, entry)
            change = move(self._database, name, entry.name, documents)
            if change is None:
                self._database.execute("DELETE FROM files WHERE name = ?", (entry.name,))
            else:
                self._refingerprint(change)
        return change is not None

    def remove_files(self, *names: str) -> None:
        """Remove files with their documents, passages, vectors, words and ledger entries; all or nothing."""
        with self._changing() as generation:
            self._refingerprint(-sum(self._delete(name, generation) for name in names))
            self._database.executemany("DELETE FROM files WHERE name = ?", [(name,) for name in names])

    def descriptions(self, file: str) -> dict[str, tuple[Any, ...]]:
        """Return everything about each document of a file but its text, by id; see qa.store.queries.description."""
        rows = self._rows(f"SELECT {DESCRIPTION_COLUMNS} FROM documents WHERE file = ?", (file,))
        return {row[0]: tuple(row) for row in rows}

    def passages_of(self, ids: Sequence[str]) -> tuple[list[tuple[str, Passage]], Vectors]:
        """Return the passages of some documents, each with the document's title, and their vectors (n, d)."""
        chosen = "id IN (SELECT value FROM json_each(?))"
        query = f"SELECT title, vector, {PASSAGE_COLUMNS} FROM passages {OF_DOCUMENTS} WHERE {chosen}"
        rows = self._rows(query, (json.dumps(list(ids)),))
        passages = [(row[0], passage_from(row[2:])) for row in rows]
        return passages, unpack([row[1] for row in rows], self.encoder.dimension)

    def contents_of_file(self, name: str) -> tuple[list[str], list[Passage], Vectors]:
        """Return the ids of a file's documents, their passages, and the passages' vectors (n, d)."""
        ids = [row[0] for row in self._rows("SELECT id FROM documents WHERE file = ? ORDER BY key", (name,))]
        query = f"SELECT passages.key FROM passages {OF_DOCUMENTS} WHERE file = ?"
        keys = [row[0] for row in self._rows(query, (name,))]
        return ids, self.passages(keys), self.vectors(keys)

    def contains_text(self, text: str) -> bool:
        """Tell whether any document contains this text, character for character."""
        return bool(self._rows("SELECT 1 FROM documents WHERE instr(text, ?) LIMIT 1", (text,)))

    def purge(self) -> None:
        """Erase everything removed from disk as well: words, vectors, set-aside files, free pages and the journal."""
        with self._lock, translated_errors(self.folder / DATABASE_FILE):
            self._merge_words()
            self._store.purge()
            self._database.execute("VACUUM")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._mark.unlink(missing_ok=True)

    def write_entries(self, *entries: Entry) -> None:
        """Write ledger entries, replacing those of the same files."""
        with self._lock, translated_errors(self.folder / DATABASE_FILE), transaction(self._database):
            for entry in entries:
                write_entry(self._database, entry)

    def save(self) -> None:
        """Write the vector store and erase deleted words from disk; call it once after a run of changes."""
        with self._lock, translated_errors(self.folder / DATABASE_FILE):
            if self._deleted:
                self._merge_words()
            self._store.save()
            self._mark.unlink(missing_ok=True)

    # Internals

    def _nearest(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        if self._store.exact:
            return self._store.search(query, k)
        ids, _ = self._store.search(query, k + max(k, MIN_SPARE))
        return rank_exactly(ids, self.vectors([int(id) for id in ids]), query, k)

    @contextmanager
    def _changing(self) -> Iterator[int]:
        """Open a transaction that changes passages, and yield their new generation; then update the store."""
        with self._lock, translated_errors(self.folder / DATABASE_FILE):
            self._mark.touch()
            with transaction(self._database):
                generation = int(self._meta("generation", "0")) + 1
                self._set_meta("generation", str(generation))
                yield generation
            self._store.catch_up()

    def _delete(self, file: str, generation: int) -> int:
        removed = delete(self._database, file, generation)
        self._deleted = self._deleted or removed > 0
        return removed

    def _merge_words(self) -> None:
        with transaction(self._database):
            self._database.execute(MERGE_WORDS)
        self._deleted = False

    def _refingerprint(self, change: int) -> None:
        known = int(self._meta("documents", "0"), 16)
        self._set_meta("documents", f"{(known + change) % FINGERPRINT_MODULUS:x}")

    def _meta(self, key: str, default: str) -> str:
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else default

    def _set_meta(self, key: str, value: str) -> None:
        self._database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def _present(self, keys: Sequence[int], rows: Container[int]) -> Sequence[int]:
        if missing := [key for key in keys if key not in rows]:
            raise CorpusError(f"passage {missing[0]} is no longer in {self.folder}; ask again")
        return keys

    def _by_keys(self, query: str, keys: Sequence[int]) -> list[Row]:
        parts = (keys[start : start + MAX_KEYS_PER_QUERY] for start in range(0, len(keys), MAX_KEYS_PER_QUERY))
        rows = (self._rows(f"{query} ({', '.join('?' * len(part))})", tuple(map(int, part))) for part in parts)
        return list(chain.from_iterable(rows))

    def _rows(self, query: str, values: Sequence[object] | Mapping[str, object] = ()) -> list[Row]:
        with self._lock, translated_errors(self.folder / DATABASE_FILE):
            return self._database.execute(query, values).fetchall()
