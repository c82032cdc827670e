"""The vector store beside the database: derived from it, checked when opened, made again when it is not right."""

import json
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from embeddings import EmbeddingError, load_store, stores
from embeddings.checksums import digest
from embeddings.plugins import find
from embeddings.types import Encoder, Ids, Vectors, VectorStore

BATCH = 10_000
"""Vectors read from the database at once while the store is made again."""


def pack(vectors: Vectors) -> Vectors:
    """(n, d) as they are kept in the database: float16, half the bytes at cosines within 0.001."""
    packed: Vectors = np.asarray(vectors).astype(np.float16)
    return packed


def unpack(rows: Sequence[bytes], dimension: int) -> Vectors:
    """Unit vectors (n, d) float32 from the database's rows."""
    vectors = np.frombuffer(b"".join(rows), dtype=np.float16).reshape(-1, dimension).astype(np.float32)
    return np.ascontiguousarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


@dataclass(slots=True)
class Change:
    """What a transaction took out of the store and put into it."""

    removed: list[int] = field(default_factory=list)
    added: list[tuple[list[int], Vectors]] = field(default_factory=list)


class DerivedStore:
    """A vector store that is exactly the database's vectors, whatever state its file was found in."""

    def __init__(self, folder: Path, plugin: str, encoder: Encoder, database: sqlite3.Connection) -> None:
        self.path = folder / f"vectors.{plugin}"
        self.notes: tuple[str, ...] = ()
        self._key = f"store {plugin}"
        self._plugin, self._encoder, self._database = plugin, encoder, database
        self._generation = self._stored_generation()
        self._store = self._open()

    def search(self, query: Vectors, k: int) -> tuple[Ids, Vectors]:
        """See VectorStore.search; first takes in what another process has changed."""
        self._catch_up()
        return self._store.search(query, k)

    @contextmanager
    def change(self) -> Iterator[Change]:
        """Collect what one transaction changes; applied to the store once the block has ended well."""
        change = Change()
        yield change
        if self._stored_generation() != self._generation + 1:
            self._catch_up()  # another process has changed something since
            return
        keys = [key for added, _ in change.added for key in added]
        self._store.remove(np.array(change.removed, dtype=np.int64))
        if keys:
            self._store.add(np.array(keys, dtype=np.int64), np.concatenate([vectors for _, vectors in change.added]))
        self._generation += 1

    def save(self) -> None:
        """Write the store beside, flush it to disk, rename it, and note what was written."""
        self._catch_up()
        self._write()

    def _write(self) -> None:
        beside = self.path.with_suffix(f".{os.getpid()}")
        self._store.write(beside)
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        written = digest(beside)
        beside.replace(self.path)
        note = json.dumps({**self._wanted(), "sha256": written})
        self._database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (self._key, note))

    def _open(self) -> VectorStore:
        """The store in the file, or one made again; a bad file is kept aside."""
        store, problem = self._read()
        if store is None and self.path.exists():
            aside = self.path.with_name(f"{self.path.name}.set-aside-{time.time_ns()}")
            self.path.replace(aside)
            said = f"{self.path.name} was made again from the database: {problem}; kept as {aside.name}"
            self.notes = (*self.notes, said)
        if store is None:
            store = self._store = self._made_again()
            if len(store):
                self._write()
        return store

    def _catch_up(self) -> None:
        """Take in what another process has changed; its file may not be written yet, and is no damage."""
        stored = self._stored_generation()
        if stored != self._generation:
            self._generation = stored
            self._store = self._read()[0] or self._made_again()

    def _read(self) -> tuple[VectorStore | None, str]:
        """The store in the file, or None and why the file is not to be used."""
        if problem := self._problem():
            return None, problem
        try:
            return find(stores, self._plugin).read(self.path), ""
        except EmbeddingError as error:
            return None, str(error)

    def _problem(self) -> str:
        """Why the file is not to be used; empty when it is exactly what was written last, of this very state."""
        if not self.path.exists():
            return "it is not there"
        noted, wanted = self._noted(), self._wanted()
        if different := [key for key, value in wanted.items() if noted.get(key) != value]:
            return f"its {different[0]} is {noted.get(different[0])}, wanted {wanted[different[0]]}"
        return "" if digest(self.path) == noted.get("sha256") else "its content is not what was written"

    def _noted(self) -> dict[str, Any]:
        row = self._database.execute("SELECT value FROM meta WHERE key = ?", (self._key,)).fetchone()
        try:
            noted = json.loads(row[0]) if row else {}
        except ValueError:
            return {}
        return noted if isinstance(noted, dict) else {}

    def _wanted(self) -> dict[str, Any]:
        count = self._database.execute("SELECT count(*) FROM passages").fetchone()[0]
        return {
            "plugin": self._plugin,
            "encoder": self._encoder.fingerprint,
            "dimension": self._encoder.dimension,
            "count": count,
            "generation": self._generation,
        }

    def _made_again(self) -> VectorStore:
        """The store from the database's vectors; nothing is embedded."""
        store = load_store(self._plugin, self._encoder.dimension)
        rows = self._database.execute("SELECT key, vector FROM passages ORDER BY key")
        while batch := rows.fetchmany(BATCH):
            keys = np.array([key for key, _ in batch], dtype=np.int64)
            store.add(keys, unpack([vector for _, vector in batch], self._encoder.dimension))
        return store

    def _stored_generation(self) -> int:
        """How often the passages have been changed, by whatever process."""
        row = self._database.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
        return int(row[0]) if row else 0
