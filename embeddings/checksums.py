"""SHA-256 of large files, computed once for each version of a file and cached on disk."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from embeddings.files import atomic_write
from embeddings.paths import cache_folder


def cached_sha256(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file, reading it only if its path, size or modification time is new."""
    stat = path.stat()
    key = f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}"
    cache_file = cache_folder() / "sha256.json"
    known = _read(cache_file)
    if key not in known:
        known[key] = file_sha256(path)
        _write(cache_file, known)
    return known[key]


def file_sha256(path: Path) -> str:
    """Read a file and return its hexadecimal SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(cache_file: Path) -> dict[str, str]:
    try:
        known = json.loads(cache_file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _write(cache_file: Path, known: dict[str, str]) -> None:
    with suppress(OSError):  # a read-only cache costs time, not correctness
        cache_file.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(cache_file) as part:
            part.write_text(json.dumps(known, indent=1), "utf-8")
