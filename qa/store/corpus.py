"""Documents, passages and vectors on disk: what is stored, found again by meaning and by word, and read back."""

import json
import threading
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import chain
from pathlib import Path

import numpy as np

from embeddings.ranking import rank_exactly
from embeddings.types import Encoder, Ids, Vectors
from qa.errors import CorpusError, DamagedCorpus
from qa.store.filtering import FILTER_SQL, MAX_COMPARED_PASSAGES, PASSAGE_KEYS_SQL, nearest_allowed
from qa.store.integrity import find_problems
from qa.store.near_duplicates import GROUPED_SQL, GROUPS_OF_SQL, ids_by_group
from qa.store.queries import (
    DOCUMENT_COLUMNS,
    EXCERPT,
    FINGERPRINT_MODULUS,
    SUMMARY_COLUMNS,
    Embedded,
    Entry,
    Excerpt,
    delete,
    insert,
    move,
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

MAX_KEYS_PER_QUERY = 500
"""Passages that are named in one query, at most."""

MIN_SPARE = 10
"""As many passages more as are wanted, and no fewer than these, are taken from a store that is not exact, and compared
by their own vectors: of the ten nearest of a million, 10 more find 0.990, and so do 100 more."""


class Corpus:
    """One folder on disk. SQLite is the truth; the vector store is derived from it and can be made again."""

    def __init__(self, folder: Path, encoder: Encoder, store: str = "faiss") -> None:
        """Open the corpus in `folder`, an empty one where there is none.

        Raises:
            OtherEncoder: the vectors there are of another encoder.
            CorpusError, DamagedCorpus: see qa.store.schema.connect.
        """
        self.folder = folder
        self.encoder = encoder
        self.vocabulary = Vocabulary(self._rows)
        self._lock = threading.RLock()
        self._mark = folder / "unfinished"
        self._deleted = self.unfinished
        """Whether words of passages that are gone may be on disk still."""
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

    # What is there

    def __len__(self) -> int:
        """How many passages there are."""
        return int(self._rows("SELECT count(*) FROM passages")[0][0])

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that differ when the documents, their passages or the encoder differ."""
        return sha256(f"{self.encoder.fingerprint} {self._meta('documents', '0')}".encode()).hexdigest()[:16]

    @property
    def unfinished(self) -> bool:
        """Whether changes were begun and, as yet, not saved: by whoever writes now, or by one who was cut short."""
        return self._mark.exists()

    @property
    def repairs(self) -> tuple[str, ...]:
        """What was mended on opening, in words."""
        return self._store.repairs

    def documents(self) -> list[DocumentSummary]:
        """Every document without its text, by id."""
        return [DocumentSummary(*row) for row in self._rows(f"SELECT {SUMMARY_COLUMNS} FROM documents ORDER BY id")]

    def document(self, id: str) -> Document:
        """A document with its text.

        Raises:
            CorpusError: there is none of that id.
            DamagedCorpus: its text is not what was written.
        """
        rows = self._rows(f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE id = ?", (storable(id),))
        if not rows:
            raise CorpusError(f"no document {id!r} in {self.folder}; type: qa status")
        document = Document(*rows[0])
        if sha256(document.text.encode()).hexdigest() != document.sha256:
            raise DamagedCorpus(f"{self.folder / DATABASE_FILE} is damaged (of {id!r} not what was written); {CURE}")
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
        return Excerpt.from_row((*about, document.text[start:end], document.media_type, form_feeds))

    def duplicate_groups(self, ids: Sequence[str]) -> dict[str, int]:
        """The number that each of the documents shares with its near-copies, of those that have any."""
        return dict(self._rows(GROUPS_OF_SQL, (json.dumps(list(ids)),)))

    def near_duplicates_containing(self, id: str, words: str) -> tuple[str, ...]:
        """The ids of the near-copies of a document that hold `words` of it too."""
        same = "duplicate_group = (SELECT duplicate_group FROM documents WHERE id = ?) AND id != ? AND instr(text, ?)"
        rows = self._rows(f"SELECT id FROM documents WHERE {same} ORDER BY key", (id, id, words))
        return tuple(row[0] for row in rows)

    def near_duplicate_groups(self) -> list[list[str]]:
        """The ids of documents that are near-copies of one another, group by group."""
        return ids_by_group(self._rows(GROUPED_SQL))

    def ledger(self) -> list[Entry]:
        """What became of each file, by name."""
        return [Entry(*row) for row in self._rows("SELECT * FROM files ORDER BY name")]

    def check(self) -> list[str]:
        """What is wrong on disk, in words."""
        return [*find_problems(self._rows), *self._store.check()]

    # Finding

    @contextmanager
    def consistent_reads(self) -> Iterator[None]:
        """All that is read in the block is of one state, whatever another process changes meanwhile."""
        with self._lock, translated_errors(self.folder / DATABASE_FILE):
            self._store.catch_up()
            with snapshot(self._database):
                yield

    def nearest(self, query: Vectors, k: int, within: Scope = None) -> tuple[Ids, Vectors]:
        """Keys and cosines of the at most k passages of documents in `within` nearest to a unit vector (d,)."""
        with self._lock, translated_errors(self.folder / DATABASE_FILE):
            if within is None:
                return self._nearest(query, k)
            allowed = np.array(self._rows(PASSAGE_KEYS_SQL, (json.dumps(sorted(within)),)), dtype=np.int64).reshape(-1)
            if len(allowed) <= MAX_COMPARED_PASSAGES:
                return rank_exactly(allowed, self.vectors(allowed.tolist()), query, k)
            return nearest_allowed(lambda asked: self._nearest(query, asked), allowed, k, len(self))

    def matching(self, words: Sequence[str], k: int, within: Scope = None) -> dict[int, float]:
        """Key and BM25 score (SQLite's, k1 = 1.2, b = 0.75) of at most k passages with any of `words`, best first.

        Of many passages only the more telling words are looked for; see Vocabulary.telling.
        """
        telling = self.vocabulary.rarest(words)
        if not telling:
            return {}
        only, chosen = ("", []) if within is None else (FILTER_SQL, [json.dumps(sorted(within))])
        return dict(self._rows(MATCHING_SQL.format(only), (any_of(telling), *chosen, k)))

    def vectors(self, keys: Sequence[int]) -> Vectors:
        """(n, d) unit vectors of the passages, in the order of `keys`; a CorpusError where one is gone."""
        rows: dict[int, bytes] = dict(self._by_keys("SELECT key, vector FROM passages WHERE key IN", keys))
        return unpack([rows[key] for key in self._present(keys, rows)], self.encoder.dimension)

    def passages(self, keys: Sequence[int]) -> list[Passage]:
        """The passages, in the order of `keys`; a CorpusError where one is gone."""
        rows = {
            row[0]: row[1:]
            for row in self._by_keys(
                "SELECT passages.key, id, start, end, passages.text, sentences "
                "FROM passages JOIN documents ON documents.key = document WHERE passages.key IN",
                keys,
            )
        }
        return [
            Passage(id, start, end, text, tuple((a, b) for a, b in json.loads(sentences)))
            for id, start, end, text, sentences in (rows[key] for key in self._present(keys, rows))
        ]

    # Changing

    def replace(self, *files: tuple[Entry, Iterable[Embedded]]) -> None:
        """Put files' documents, passages and vectors in the place of what they held, and note it; all or nothing.

        Raises:
            IdTaken: an id that a document of a file beside these has; nothing is changed then.
        """
        with self._changing() as generation:
            removed = sum(self._delete(entry.name, generation) for entry, _ in files)
            added = 0
            for entry, documents in files:
                write_entry(self._database, entry)
                added += insert(self._database, entry.name, documents)
            self._refingerprint(added - removed)

    def rename(self, name: str, entry: Entry, documents: Sequence[Document]) -> bool:
        """Let a file's documents be another file's, whose are these, with their passages; False where they differ."""
        with self._lock, translated_errors(self.folder / DATABASE_FILE), transaction(self._database):
            write_entry(self._database, entry)
            change = move(self._database, name, entry.name, documents)
            if change is None:
                self._database.execute("DELETE FROM files WHERE name = ?", (entry.name,))
            else:
                self._refingerprint(change)
        return change is not None

    def remove_files(self, *names: str) -> None:
        """Remove files' documents, passages, vectors and words, and their lines in the ledger; all or nothing."""
        with self._changing() as generation:
            self._refingerprint(-sum(self._delete(name, generation) for name in names))
            self._database.executemany("DELETE FROM files WHERE name = ?", [(name,) for name in names])

    def contents_of_file(self, name: str) -> tuple[list[str], list[Passage], Vectors]:
        """The ids of a file's documents, their passages, and these passages' vectors (n, d)."""
        ids = [row[0] for row in self._rows("SELECT id FROM documents WHERE file = ? ORDER BY key", (name,))]
        query = "SELECT passages.key FROM passages JOIN documents ON documents.key = document WHERE file = ?"
        keys = [row[0] for row in self._rows(query, (name,))]
        return ids, self.passages(keys), self.vectors(keys)

    def contains_text(self, text: str) -> bool:
        """Whether any document says this, word for word."""
        return bool(self._rows("SELECT 1 FROM documents WHERE instr(text, ?) LIMIT 1", (text,)))

    def purge(self) -> None:
        """Leave nothing on disk of what was removed: no word, vector, set-aside file, free page or journal."""
        with self._lock, translated_errors(self.folder / DATABASE_FILE):
            self._merge_words()
            self._store.purge()
            self._database.execute("VACUUM")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._mark.unlink(missing_ok=True)

    def write_entries(self, *entries: Entry) -> None:
        """Write lines of the ledger, in the place of those that the files have."""
        with self._lock, translated_errors(self.folder / DATABASE_FILE), transaction(self._database):
            for entry in entries:
                write_entry(self._database, entry)

    def save(self) -> None:
        """Write the derived vector store, once after a run of many changes; leave no deleted word on disk."""
        with self._lock, translated_errors(self.folder / DATABASE_FILE):
            if self._deleted:
                self._merge_words()
            self._store.save()
            self._mark.unlink(missing_ok=True)

    # Inside

    def _nearest(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        if self._store.exact:
            return self._store.search(query, k)
        ids, _ = self._store.search(query, k + max(k, MIN_SPARE))
        return rank_exactly(ids, self.vectors([int(id) for id in ids]), query, k)

    @contextmanager
    def _changing(self) -> Iterator[int]:
        """A transaction that changes passages: yields the number of their generation, then tells the store."""
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
