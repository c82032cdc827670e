"""Keep the vector store derived from the database: check its file when opening, and rebuild it if it is wrong."""

import json
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from embeddings import EmbeddingError, load_store, stores
from embeddings.checksums import file_sha256
from embeddings.files import sync, temporary_beside
from embeddings.plugins import find
from embeddings.types import Encoder, Ids, Vectors, VectorStore
from qa.store.schema import snapshot, transaction

BATCH = 10_000
"""Vectors read from the database at a time."""

RETRY_DELAYS_SECONDS = (0.0, 0.05, 0.1, 0.2)
"""Delays before each attempt to read a file that differs from its note."""

PASSAGES_PER_CHANGE = 10
"""The file is rewritten once there is one change to so many passages."""


def pack(vectors: Vectors) -> Vectors:
    """Convert vectors (n, d) to the float16 of the database: half the bytes, cosines within 0.001."""
    packed: Vectors = np.asarray(vectors).astype(np.float16)
    return packed


def unpack(rows: Sequence[bytes], dimension: int) -> Vectors:
    """Return unit vectors (n, d) float32 from the database's rows."""
    vectors = np.frombuffer(b"".join(rows), dtype=np.float16).reshape(-1, dimension).astype(np.float32)
    return np.ascontiguousarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


class DerivedStore:
    """A vector store that holds exactly the database's vectors, whatever state its file was in.

    The file belongs to some generation of the passages. What has changed since is taken from the database, so that an
    update costs only what changed. The file is rewritten once enough has changed.
    """

    def __init__(self, folder: Path, plugin: str, encoder: Encoder, database: sqlite3.Connection) -> None:
        self.path = folder / f"vectors.{plugin}"
        self.repairs: tuple[str, ...] = ()
        self._key = f"store {plugin}"
        self._plugin, self._encoder, self._database = plugin, encoder, database
        self._store: VectorStore
        self._generation: int
        """Generation of the passages that the store holds."""
        self._last: int
        """Highest key that it has held."""
        self._open()

    @property
    def exact(self) -> bool:
        """See VectorStore."""
        return self._store.exact

    def search(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        """Search as VectorStore.search does, after taking in what another process has changed."""
        self.catch_up()
        return self._store.search(query, k)

    def check(self) -> list[str]:
        """Return what is wrong with it in words."""
        self.catch_up()
        held, wanted = len(self._store), self._count_passages()
        return [] if held == wanted else [f"{self.path.name} holds {held:,} vectors for {wanted:,} passages"]

    def catch_up(self) -> None:
        """Take in the changes made since, here or in another process, whose file may not be written yet."""
        if self._stored_generation() == self._generation:
            return
        with snapshot(self._database):
            if self._read_note().get("generation", 0) <= self._generation:
                self._apply_changes()
                return
        self._load()  # what was removed before that file was written is no longer recorded

    def save(self) -> None:
        """Write the store if enough has changed, with a note of what the file holds."""
        self.catch_up()
        noted = self._read_note()
        since = (noted.get("generation", 0), noted.get("last", 0))
        gone = self._count("SELECT count(*) FROM gone WHERE generation > ?", since[0])
        new = self._count("SELECT count(*) FROM passages WHERE key > ?", since[1])
        if not self.path.exists() or (gone + new) * PASSAGES_PER_CHANGE >= len(self._store):
            self._write()

    def purge(self) -> None:
        """Rewrite the store, and delete all other store files: set aside, unfinished, or of another plugin."""
        self._use(None)
        self._apply_changes()
        for file in self.path.parent.glob("vectors.*"):
            file.unlink()
        with transaction(self._database):
            self._database.execute("DELETE FROM meta WHERE key LIKE 'store %'")
        self._write()

    def _write(self) -> None:
        with temporary_beside(self.path) as part:
            self._store.write(part)
            sync(part)
            written = file_sha256(part)
            with transaction(self._database):  # so that of two processes each file has its own note
                part.replace(self.path)
                self._write_note(written)
                if not self._store.exact:
                    self._store = find(stores, self._plugin).read(self.path)  # from the file, mapped into memory

    def _write_note(self, written: str) -> None:
        """Record what the file holds, and drop the removals that every store's file has caught up with."""
        note = {**self._expected_note(), "count": len(self._store), "generation": self._generation, "last": self._last}
        self._database.execute(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)", (self._key, json.dumps({**note, "sha256": written}))
        )
        notes = self._database.execute("SELECT value FROM meta WHERE key LIKE 'store %'")
        oldest = min(_parsed(value).get("generation", 0) for (value,) in notes)
        self._database.execute("DELETE FROM gone WHERE generation <= ?", (oldest,))

    def _open(self) -> None:
        """Open the store from its file, or rebuild it; a bad file is set aside."""
        problem = self._load()
        if problem and self.path.exists():
            aside = self.path.with_name(f"{self.path.name}.set-aside-{time.time_ns()}")
            self.path.replace(aside)
            repair = f"{self.path.name} was rebuilt from the database: {problem}; kept as {aside.name}"
            self.repairs = (*self.repairs, repair)
        if problem and len(self._store):
            self._write()

    def _load(self) -> str:
        """Load the file and bring it to the database's generation; return why that failed, empty if it did not.

        A file that differs from its note may have been written a moment ago by another process, whose note comes next:
        it is read again.
        """
        problem = ""
        for wait in RETRY_DELAYS_SECONDS:
            time.sleep(wait)
            with snapshot(self._database):
                problem = self._load_file()
            if not problem or not self._read_note():
                break
        if problem:
            with snapshot(self._database):
                self._use(None)
                self._apply_changes()
        return problem

    def _load_file(self) -> str:
        """Load the file and catch up with the database; return why it cannot be used, empty if it can."""
        store, problem = self._read()
        if problem:
            return problem
        self._use(store)
        self._apply_changes()
        passages = self._count_passages()
        return "" if len(self._store) == passages else f"it holds {len(self._store)} vectors for {passages} passages"

    def _use(self, store: VectorStore | None) -> None:
        """Use the store from the file, with the generation in its note, or an empty store if given None."""
        noted = self._read_note() if store is not None else {}
        self._store = store if store is not None else load_store(self._plugin, self._encoder.dimension)
        self._generation, self._last = int(noted.get("generation", 0)), int(noted.get("last", 0))

    def _apply_changes(self) -> None:
        """Bring the store to the database's generation, without embedding anything."""
        generation = self._stored_generation()
        gone = self._database.execute("SELECT key FROM gone WHERE generation > ?", (self._generation,)).fetchall()
        if gone:
            self._store.remove(np.array(gone, dtype=np.int64)[:, 0])
        rows = self._database.execute("SELECT key, vector FROM passages WHERE key > ? ORDER BY key", (self._last,))
        while batch := rows.fetchmany(BATCH):
            keys = np.array([key for key, _ in batch], dtype=np.int64)
            self._store.add(keys, unpack([vector for _, vector in batch], self._encoder.dimension))
            self._last = int(keys[-1])
        self._generation = generation

    def _read(self) -> tuple[VectorStore | None, str]:
        """Return the store in the file, or None and why the file cannot be used."""
        stamp = _stamp(self.path)
        if problem := self._problem():
            return None, problem
        try:
            store = find(stores, self._plugin).read(self.path)
        except EmbeddingError as error:
            return None, str(error)
        return (store, "") if _stamp(self.path) == stamp else (None, "it was replaced while being read")

    def _problem(self) -> str:
        """Return why the file cannot be used; empty if it is exactly what was written last."""
        if not self.path.exists():
            return "it is missing"
        noted, wanted = self._read_note(), self._expected_note()
        if different := [key for key, value in wanted.items() if noted.get(key) != value]:
            return f"its {different[0]} is {noted.get(different[0])}, wanted {wanted[different[0]]}"
        return "" if file_sha256(self.path) == noted.get("sha256") else "its content is not what was written"

    def _read_note(self) -> dict[str, Any]:
        row = self._database.execute("SELECT value FROM meta WHERE key = ?", (self._key,)).fetchone()
        return _parsed(row[0]) if row else {}

    def _expected_note(self) -> dict[str, Any]:
        encoder = self._encoder
        return {"plugin": self._plugin, "encoder": encoder.fingerprint, "dimension": encoder.dimension}

    def _stored_generation(self) -> int:
        """Return how often the passages have been changed, by any process."""
        row = self._database.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
        return int(row[0]) if row else 0

    def _count_passages(self) -> int:
        """Count all passages: SQLite does that in a small index, but reads the rows with their texts for a range."""
        return int(self._database.execute("SELECT count(*) FROM passages").fetchone()[0])

    def _count(self, query: str, value: int) -> int:
        return int(self._database.execute(query, (value,)).fetchone()[0])


def _stamp(path: Path) -> tuple[int, int]:
    """Identify the file that is at `path` now."""
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_ino, stat.st_mtime_ns


def _parsed(note: str) -> dict[str, Any]:
    try:
        noted = json.loads(note)
    except ValueError:
        return {}
    return noted if isinstance(noted, dict) else {}
