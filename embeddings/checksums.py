"""SHA-256 of large files, computed once for each version of a file and remembered."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from embeddings.files import atomic_write
from embeddings.paths import cache_folder


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file; a file whose path, size and time are unchanged is not read again."""
    stat = path.stat()
    key = f"{path.resolve()}|{stat.st_size}|{stat.st_mtime_ns}"
    memory = cache_folder() / "sha256.json"
    known = _read(memory)
    if key not in known:
        known[key] = digest(path)
        _write(memory, known)
    return known[key]


def digest(path: Path) -> str:
    """Hexadecimal SHA-256 of a file as it is now."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(memory: Path) -> dict[str, str]:
    try:
        known = json.loads(memory.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _write(memory: Path, known: dict[str, str]) -> None:
    with suppress(OSError):  # a read-only cache costs time, not correctness
        memory.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(memory) as part:
            part.write_text(json.dumps(known, indent=1), "utf-8")
