"""A seal on a database at rest: its checksum beside it, so that a byte that changes while it lies there is noticed.

Whoever writes removes the seal first; who closes it last puts a new one on it. Where there is none, as after a process
was killed, nothing is checked.
"""

import json
import mmap
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from zlib import crc32

from embeddings.files import atomic_write

LARGEST = 256 << 20
"""Bytes of a database that is sealed: a checksum of more would take longer than opening it may."""

AT_ONCE = 1 << 24


def is_broken(path: Path) -> bool:
    """Whether a sealed database is there and not what was sealed."""
    seal = _of(path)
    try:
        noted = seal.read_bytes()
        wrong = noted != _sum(path)
    except OSError:
        return False
    # Another process may have removed it to write, while this one was reading.
    return wrong and seal.exists() and seal.read_bytes() == noted


def remove(path: Path) -> None:
    """Break the seal before a change."""
    _of(path).unlink(missing_ok=True)


def put_on(path: Path) -> None:
    """Seal a database that this process has closed, unless another one is using it or it is too large."""
    journal = path.with_name(f"{path.name}-wal")
    with suppress(OSError, sqlite3.Error):
        if _of(path).exists() or path.stat().st_size > LARGEST:
            return
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")  # nobody writes until this is sealed
            if not journal.exists() or not journal.stat().st_size:  # else some changes are not in the file yet
                with atomic_write(_of(path)) as part:
                    part.write_bytes(_sum(path))
            database.execute("ROLLBACK")


def _of(path: Path) -> Path:
    return path.with_name(f"{path.name}.sealed")


def _sum(path: Path) -> bytes:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        checked = 0
        if size:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                for start in range(0, size, AT_ONCE):
                    checked = crc32(data[start : start + AT_ONCE], checked)
    return json.dumps({"size": size, "crc32": checked}).encode()
