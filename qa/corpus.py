"""Documents, passages and vectors on disk: what is stored, found again by meaning and by word, and read back."""

import json
import sqlite3
import threading
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from embeddings.types import Encoder, Ids, Vectors
from qa.database import FILE, Row, connect, reporting_damage, transaction
from qa.derived import DerivedStore, pack, unpack
from qa.documents import storable
from qa.errors import CorpusError, IdTaken, OtherEncoder
from qa.types import Document, Passage
from qa.vocabulary import Vocabulary, any_of

NEXT_GENERATION = (
    "INSERT INTO meta VALUES ('generation', 1) ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"
)
# Deleted words stay in FTS5's segments until these are merged.
MERGE_WORDS = "INSERT INTO words (words) VALUES ('optimize')"
DOCUMENT = "id, title, text, source, published, media_type, sha256"

Embedded = tuple[Document, list[Passage], Vectors]
"""A document with its passages and their vectors (n, d)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger: what became of one file."""

    name: str
    sha256: str
    size: int
    status: str
    """indexed, unchanged, replaced, failed or deleted."""
    reason: str
    """Why it failed; empty otherwise."""
    passages: int
    seconds: float
    at: str
    """Time in UTC, ISO 8601."""


class Corpus:
    """One folder on disk. SQLite is the truth; the vector store is derived from it and can be made again."""

    def __init__(self, folder: Path, encoder: Encoder, store: str = "faiss") -> None:
        """Open the corpus in `folder`, an empty one where there is none.

        Raises:
            OtherEncoder: the vectors there are of another encoder.
            CorpusError, DamagedCorpus: see qa.database.connect.
        """
        self.folder = folder
        self.encoder = encoder
        self.vocabulary = Vocabulary(self._rows)
        self._lock = threading.RLock()
        self._deleted = False
        self._database = connect(folder)
        try:
            self._check_encoder()
            with reporting_damage(folder / FILE):
                self._store = DerivedStore(folder, store, encoder, self._database)
        except Exception:
            self._database.close()
            raise

    def close(self) -> None:
        """Close the database; the corpus cannot be used afterwards."""
        self._database.close()

    # What is there

    def __len__(self) -> int:
        """How many passages there are."""
        return int(self._rows("SELECT count(*) FROM passages")[0][0])

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that differ when the documents, their passages or the encoder differ."""
        return self._meta("fingerprint", "empty")

    @property
    def notes(self) -> tuple[str, ...]:
        """What was mended on opening, in words."""
        return self._store.notes

    def documents(self) -> list[tuple[str, str, int]]:
        """(id, title, passages) of every document, by id."""
        return self._rows(
            "SELECT id, title, (SELECT count(*) FROM passages WHERE document = documents.key) "
            "FROM documents ORDER BY id"
        )

    def document(self, id: str) -> Document:
        """A document with its text.

        Raises:
            CorpusError: there is none of that id.
        """
        rows = self._rows(f"SELECT {DOCUMENT} FROM documents WHERE id = ?", (storable(id),))
        if not rows:
            raise CorpusError(f"no document {id!r} in {self.folder}; type: qa status")
        return Document(*rows[0])

    def ledger(self) -> list[Entry]:
        """What became of each file, by name."""
        return [Entry(*row) for row in self._rows("SELECT * FROM files ORDER BY name")]

    def check(self) -> list[str]:
        """What is wrong on disk, in words: SQLite's own check, then every passage against its document."""
        problems = [str(row[0]) for row in self._rows("PRAGMA integrity_check") if row[0] != "ok"]
        wrong = self._rows(
            "SELECT count(*) FROM passages JOIN documents ON documents.key = document "
            "WHERE substr(documents.text, start + 1, end - start) != passages.text "
            "AND instr(documents.text, char(0)) = 0"  # SQLite's functions stop at a NUL
        )[0][0]
        return problems + ([f"{wrong} passages differ from their documents"] if wrong else [])

    # Finding

    def nearest(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        """Keys and cosines of the at most k passages nearest to a unit vector (d,), best first."""
        with self._lock:
            return self._store.search(query, k)

    def matching(self, words: Sequence[str], k: int) -> dict[int, float]:
        """Key and BM25 score (SQLite's, k1 = 1.2, b = 0.75) of at most k passages with any of `words`, best first."""
        if not words:
            return {}
        query = "SELECT rowid, -rank FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"
        return dict(self._rows(query, (any_of(words), k)))

    def vectors(self, keys: Sequence[int]) -> Vectors:
        """(n, d) unit vectors of the passages, in the order of `keys`.

        Raises:
            CorpusError: a passage that is not there (any more).
        """
        rows: dict[int, bytes] = dict(self._by_keys("SELECT key, vector FROM passages WHERE key IN", keys))
        return unpack([rows[key] for key in self._present(keys, rows)], self.encoder.dimension)

    def passages(self, keys: Sequence[int]) -> list[Passage]:
        """The passages, in the order of `keys`.

        Raises:
            CorpusError: a passage that is not there (any more).
        """
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
        with self._lock, reporting_damage(self.folder / FILE), self._store.change() as change:
            with transaction(self._database):
                self._database.execute(NEXT_GENERATION)
                for entry, _ in files:
                    change.removed.extend(self._delete(entry.name))
                for entry, documents in files:
                    self._note(entry)
                    for document, passages, vectors in documents:
                        keys = self._insert(entry.name, document, passages, vectors)
                        stored = unpack([vector.tobytes() for vector in pack(vectors)], self.encoder.dimension)
                        change.added.append((keys, stored))
                    self._count(entry.name)

    def forget(self, name: str) -> None:
        """Remove a file's documents, passages, vectors and words, and its line in the ledger."""
        with self._lock, reporting_damage(self.folder / FILE), self._store.change() as change:
            with transaction(self._database):
                self._database.execute(NEXT_GENERATION)
                change.removed.extend(self._delete(name))
                self._database.execute("DELETE FROM files WHERE name = ?", (name,))

    def note(self, entry: Entry) -> None:
        """Write a line of the ledger, in the place of the one that the file has."""
        with self._lock, transaction(self._database):
            self._note(entry)

    def save(self) -> None:
        """Write the derived vector store and the corpus's fingerprint, once after a run of changes.

        After a deletion the full-text index is merged, so that no word of what was deleted is left on disk.
        """
        with self._lock, reporting_damage(self.folder / FILE):
            digest = sha256(self.encoder.fingerprint.encode())
            for row in self._database.execute("SELECT id, sha256 FROM documents ORDER BY id"):
                digest.update(repr(row).encode())
            with transaction(self._database):
                self._set_meta("fingerprint", digest.hexdigest()[:16])
                if self._deleted:
                    self._database.execute(MERGE_WORDS)
            self._deleted = False
            self._store.save()

    # Inside

    def _check_encoder(self) -> None:
        wanted = self.encoder.fingerprint
        with transaction(self._database):
            found = self._meta("encoder", "")
            if not found:
                self._set_meta("encoder", wanted)
                self._set_meta("encoder_name", self.encoder.name)
        if found and found != wanted:
            raise OtherEncoder(
                f"{self.folder} was made with {self._meta('encoder_name', '?')} ({found}), "
                f"got {self.encoder.name} ({wanted}); "
                "name that encoder, or move the folder away and type: qa index PATH"
            )

    def _delete(self, file: str) -> list[int]:
        rows = self._database.execute(
            "SELECT passages.key, title, passages.text FROM passages "
            "JOIN documents ON documents.key = document WHERE file = ?",
            (file,),
        ).fetchall()
        self._deleted = self._deleted or bool(rows)
        self._database.executemany("INSERT INTO words (words, rowid, title, text) VALUES ('delete', ?, ?, ?)", rows)
        self._database.execute(
            "DELETE FROM passages WHERE document IN (SELECT key FROM documents WHERE file = ?)", (file,)
        )
        self._database.execute("DELETE FROM documents WHERE file = ?", (file,))
        return [row[0] for row in rows]

    def _insert(self, file: str, document: Document, passages: list[Passage], vectors: Vectors) -> list[int]:
        values = tuple(getattr(document, field) for field in DOCUMENT.split(", "))
        try:
            key = self._database.execute(
                f"INSERT INTO documents (file, {DOCUMENT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (file, *values)
            ).lastrowid
        except sqlite3.IntegrityError as error:
            raise IdTaken(f"the id {document.id!r} is another file's already; make ids unique") from error
        keys = []
        for passage, vector in zip(passages, pack(vectors), strict=True):
            row = self._database.execute(
                "INSERT INTO passages (document, start, end, text, sentences, vector) VALUES (?, ?, ?, ?, ?, ?)",
                (key, passage.start, passage.end, passage.text, json.dumps(passage.sentences), vector.tobytes()),
            ).lastrowid
            self._database.execute(
                "INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", (row, document.title, passage.text)
            )
            keys.append(int(row or 0))
        return keys

    def _note(self, entry: Entry) -> None:
        values = tuple(getattr(entry, field) for field in Entry.__slots__)
        self._database.execute(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
            " sha256 = excluded.sha256, size = excluded.size, status = excluded.status, reason = excluded.reason,"
            " passages = excluded.passages, seconds = excluded.seconds, at = excluded.at",
            values,
        )

    def _count(self, file: str) -> None:
        self._database.execute(
            "UPDATE files SET passages = (SELECT count(*) FROM passages "
            "JOIN documents ON documents.key = document WHERE file = ?) WHERE name = ?",
            (file, file),
        )

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
        marks = ", ".join("?" * len(keys))
        return self._rows(f"{query} ({marks})", tuple(int(key) for key in keys))

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Row]:
        with self._lock, reporting_damage(self.folder / FILE):
            return self._database.execute(query, values).fetchall()
