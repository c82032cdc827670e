"""Keep a checksum beside a closed database, so that a byte that changes while it is at rest is noticed.

Writers remove the checksum before they change anything; the last one to close the database writes a new one. Without a
checksum, as after a process was killed, nothing is verified.
"""

import json
import mmap
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from zlib import crc32

from embeddings.files import atomic_write

MAX_BYTES = 256 << 20
"""Size up to which a database gets a checksum; verifying a larger one would slow down opening it too much."""

CHUNK_BYTES = 1 << 24


def is_damaged(path: Path) -> bool:
    """Tell whether a database differs from its checksum; False if either is not there."""
    file = checksum_file(path)
    try:
        noted = file.read_bytes()
        differs = noted != _checksum(path)
    except OSError:
        return False
    # Another process may have removed the checksum in order to write, while this one was reading.
    return differs and file.exists() and file.read_bytes() == noted


def remove(path: Path) -> None:
    """Remove the checksum before a change."""
    checksum_file(path).unlink(missing_ok=True)


def write(path: Path) -> None:
    """Write the checksum of a database that this process has closed, unless it is too large or in use elsewhere."""
    journal = path.with_name(f"{path.name}-wal")
    with suppress(OSError, sqlite3.Error):
        if checksum_file(path).exists() or path.stat().st_size > MAX_BYTES:
            return
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")  # nobody writes until the checksum is there
            if not journal.exists() or not journal.stat().st_size:  # else some changes are not in the file yet
                with atomic_write(checksum_file(path)) as part:
                    part.write_bytes(_checksum(path))
            database.execute("ROLLBACK")


def checksum_file(path: Path) -> Path:
    """Return where the checksum of the database `path` is."""
    return path.with_name(f"{path.name}.crc32")


def _checksum(path: Path) -> bytes:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        checksum = 0
        if size:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                for start in range(0, size, CHUNK_BYTES):
                    checksum = crc32(data[start : start + CHUNK_BYTES], checksum)
    return json.dumps({"size": size, "crc32": checksum}).encode()
