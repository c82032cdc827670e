"""Check a corpus on disk, and set a damaged one aside."""

import shutil
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from qa.errors import DamagedCorpus
from qa.store.lock import LOCK_FILE
from qa.store.schema import Row

SQL = Callable[[str], list[Row]]
"""Runs a query."""

KEYS = "SELECT key FROM documents"

# SQLite's text functions stop at a NUL.
DIFFERING = """
SELECT count(*) FROM passages JOIN documents ON documents.key = document
WHERE substr(documents.text, start + 1, end - start) != passages.text AND instr(documents.text, char(0)) = 0
"""


def find_problems(rows: SQL) -> list[str]:
    """Read all of a database, and return what is wrong with it in words.

    Checks the file as SQLite does, every document against its hash, every passage against its document, and every word
    against both.
    """
    found = [str(row[0]) for row in rows("PRAGMA integrity_check") if row[0] != "ok"]
    texts = (rows(f"SELECT text, sha256 FROM documents WHERE key = {key}")[0] for (key,) in rows(KEYS))
    if changed := sum(sha256(text.encode()).hexdigest() != written for text, written in texts):
        found.append(f"{changed} documents are not what was written")
    if wrong := rows(DIFFERING)[0][0]:
        found.append(f"{wrong} passages differ from their documents")
    return found if not _words_differ(rows) else [*found, "the full-text index does not match the passages"]


def _words_differ(rows: SQL) -> bool:
    """Run FTS5's own check, which is written as a change and makes none."""
    rows("BEGIN")
    try:
        rows("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    except DamagedCorpus:
        return True
    finally:
        rows("ROLLBACK")
    return False


def set_aside(folder: Path) -> Path:
    """Copy a corpus to a folder beside it, then empty its own; return the copy.

    Raises:
        OSError: it cannot be copied; nothing is removed then.
    """
    copy = folder.with_name(f"{folder.name}.set-aside-{time.time_ns()}")
    shutil.copytree(folder, copy)
    for file in folder.iterdir():
        if file.name != LOCK_FILE:  # its holder must keep holding it
            file.unlink()
    return copy
