"""The vector store beside the database: derived from it, checked when opened, made again when it is not right."""

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
"""Vectors read from the database at once."""

WAITS = (0.0, 0.05, 0.1, 0.2)
"""Seconds before each look at a file that is not what is noted of it."""

MUCH = 10
"""Changes are much from one in so many passages on."""


def pack(vectors: Vectors) -> Vectors:
    """(n, d) as they are kept in the database: float16, half the bytes at cosines within 0.001."""
    packed: Vectors = np.asarray(vectors).astype(np.float16)
    return packed


def unpack(rows: Sequence[bytes], dimension: int) -> Vectors:
    """Unit vectors (n, d) float32 from the database's rows."""
    vectors = np.frombuffer(b"".join(rows), dtype=np.float16).reshape(-1, dimension).astype(np.float32)
    return np.ascontiguousarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


class DerivedStore:
    """A vector store that is exactly the database's vectors, whatever state its file was found in.

    The file is of some generation of the passages; what has changed since is taken from the database, so that a change
    costs the change. It is written anew once that has become much.
    """

    def __init__(self, folder: Path, plugin: str, encoder: Encoder, database: sqlite3.Connection) -> None:
        self.path = folder / f"vectors.{plugin}"
        self.repairs: tuple[str, ...] = ()
        self._key = f"store {plugin}"
        self._plugin, self._encoder, self._database = plugin, encoder, database
        self._store: VectorStore
        self._generation: int
        """Of the passages that the store holds."""
        self._last: int
        """The highest key that it has held."""
        self._open()

    @property
    def exact(self) -> bool:
        """See VectorStore."""
        return self._store.exact

    def search(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        """See VectorStore.search; first takes in what another process has changed."""
        self.catch_up()
        return self._store.search(query, k)

    def check(self) -> list[str]:
        """What is wrong with it, in words."""
        self.catch_up()
        held, wanted = len(self._store), self._passages()
        return [] if held == wanted else [f"{self.path.name} holds {held:,} vectors for {wanted:,} passages"]

    def catch_up(self) -> None:
        """Take in what was changed since, here or in another process, whose file may not be written yet."""
        if self._stored_generation() == self._generation:
            return
        with snapshot(self._database):
            if self._noted().get("generation", 0) <= self._generation:
                self._follow()
                return
        self._take()  # what was removed before that file was written is noted nowhere any more

    def save(self) -> None:
        """Write the store where much has changed: beside, flushed to disk, renamed; then note what was written."""
        self.catch_up()
        noted = self._noted()
        since = (noted.get("generation", 0), noted.get("last", 0))
        gone = self._one("SELECT count(*) FROM gone WHERE generation > ?", since[0])
        new = self._one("SELECT count(*) FROM passages WHERE key > ?", since[1])
        if not self.path.exists() or (gone + new) * MUCH >= len(self._store):
            self._write()

    def purge(self) -> None:
        """Write the store anew, and remove what other stores there were: set aside, or of another plugin."""
        self._hold(None)
        self._follow()
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
                self._note(written)
                if not self._store.exact:
                    self._store = find(stores, self._plugin).read(self.path)  # from the file, mapped into memory

    def _note(self, written: str) -> None:
        """Record what the file holds, and drop the removals that every store's file has caught up with."""
        note = {**self._wanted(), "count": len(self._store), "generation": self._generation, "last": self._last}
        self._database.execute(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)", (self._key, json.dumps({**note, "sha256": written}))
        )
        notes = self._database.execute("SELECT value FROM meta WHERE key LIKE 'store %'")
        oldest = min(_parsed(value).get("generation", 0) for (value,) in notes)
        self._database.execute("DELETE FROM gone WHERE generation <= ?", (oldest,))

    def _open(self) -> None:
        """The store in the file, or one made again; a bad file is kept aside."""
        problem = self._take()
        if problem and self.path.exists():
            aside = self.path.with_name(f"{self.path.name}.set-aside-{time.time_ns()}")
            self.path.replace(aside)
            said = f"{self.path.name} was made again from the database: {problem}; kept as {aside.name}"
            self.repairs = (*self.repairs, said)
        if problem and len(self._store):
            self._write()

    def _take(self) -> str:
        """Hold what the file has, brought to the database's generation; why it was of no use, empty where it was.

        A file that is not what is noted of it may have been written a moment ago by another process, whose note comes
        next: it is looked at again.
        """
        problem = ""
        for wait in WAITS:
            time.sleep(wait)
            with snapshot(self._database):
                problem = self._hold_file()
            if not problem or not self._noted():
                break
        if problem:
            with snapshot(self._database):
                self._hold(None)
                self._follow()
        return problem

    def _hold_file(self) -> str:
        """Hold what the file has, as far as it is right; why it is not."""
        store, problem = self._read()
        if problem:
            return problem
        self._hold(store)
        self._follow()
        passages = self._passages()
        return "" if len(self._store) == passages else f"it holds {len(self._store)} vectors of {passages} passages"

    def _hold(self, store: VectorStore | None) -> None:
        """Take the store of the file, with the generation noted of it; an empty one where there is none to be used."""
        noted = self._noted() if store is not None else {}
        self._store = store if store is not None else load_store(self._plugin, self._encoder.dimension)
        self._generation, self._last = int(noted.get("generation", 0)), int(noted.get("last", 0))

    def _follow(self) -> None:
        """Bring the store to the database's generation; nothing is embedded."""
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
        """The store in the file, or None and why the file is not to be used."""
        stamp = _stamp(self.path)
        if problem := self._problem():
            return None, problem
        try:
            store = find(stores, self._plugin).read(self.path)
        except EmbeddingError as error:
            return None, str(error)
        return (store, "") if _stamp(self.path) == stamp else (None, "it was replaced while it was read")

    def _problem(self) -> str:
        """Why the file is not to be used; empty when it is exactly what was written last."""
        if not self.path.exists():
            return "it is not there"
        noted, wanted = self._noted(), self._wanted()
        if different := [key for key, value in wanted.items() if noted.get(key) != value]:
            return f"its {different[0]} is {noted.get(different[0])}, wanted {wanted[different[0]]}"
        return "" if file_sha256(self.path) == noted.get("sha256") else "its content is not what was written"

    def _noted(self) -> dict[str, Any]:
        row = self._database.execute("SELECT value FROM meta WHERE key = ?", (self._key,)).fetchone()
        return _parsed(row[0]) if row else {}

    def _wanted(self) -> dict[str, Any]:
        encoder = self._encoder
        return {"plugin": self._plugin, "encoder": encoder.fingerprint, "dimension": encoder.dimension}

    def _stored_generation(self) -> int:
        """How often the passages have been changed, by whatever process."""
        row = self._database.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
        return int(row[0]) if row else 0

    def _passages(self) -> int:
        """How many there are; of all of them SQLite counts the small index, of a range the rows with their texts."""
        return int(self._database.execute("SELECT count(*) FROM passages").fetchone()[0])

    def _one(self, query: str, value: int) -> int:
        return int(self._database.execute(query, (value,)).fetchone()[0])


def _stamp(path: Path) -> tuple[int, int]:
    """Which file it is that lies there now."""
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
