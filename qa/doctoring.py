"""What is wrong with a corpus on disk; and making room for a new one once a copy of it is kept."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from qa.database import Row

SQL = Callable[[str], list[Row]]
"""Runs a query."""

# SQLite's functions on text stop at a NUL.
DIFFERING = """
SELECT count(*) FROM passages JOIN documents ON documents.key = document
WHERE substr(documents.text, start + 1, end - start) != passages.text AND instr(documents.text, char(0)) = 0
"""


def problems(rows: SQL) -> list[str]:
    """What is wrong with a database, in words: SQLite's own check, then every passage against its document."""
    found = [str(row[0]) for row in rows("PRAGMA integrity_check") if row[0] != "ok"]
    wrong = rows(DIFFERING)[0][0]
    return found + ([f"{wrong} passages differ from their documents"] if wrong else [])


def set_aside(folder: Path) -> Path:
    """Copy a corpus to a folder beside it, then empty its own; returns the copy.

    Raises:
        OSError: it cannot be copied; nothing is removed then.
    """
    copy = folder.with_name(f"{folder.name}.set-aside-{time.time_ns()}")
    shutil.copytree(folder, copy)
    for file in folder.iterdir():
        file.unlink()
    return copy
