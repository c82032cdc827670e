"""Files that were handed over on the page: kept in the data directory, indexed with those that a corpus is of."""

import os
import re
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from embeddings.files import atomic_write
from qa.errors import DocumentError
from qa.ingest.files import SourceFile, max_file_mb, suffixes
from qa.paths import uploads_folder

PREFIX = "uploads/"
"""What the name of such a file begins with in the corpus."""

MAX_NAME_CHARS = 120
"""Characters of a name that are kept, its suffix included."""

UNSAFE_CHARACTERS = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
"""What a file may not be called everywhere, or what hides how it ends."""


def uploaded_files(roots: Sequence[Path], known: Iterable[str] = ()) -> list[SourceFile]:
    """The files handed over for the corpus of `roots`, by name, but for names that are `known` already."""
    taken = set(known)
    try:
        files = sorted(uploads_folder(roots).iterdir()) if roots else []
    except FileNotFoundError:
        return []
    named = [SourceFile(path, PREFIX + path.name) for path in files if not path.name.startswith(".")]
    return [file for file in named if file.name not in taken and f".{file.suffix}" in suffixes()]


def save_upload(roots: Sequence[Path], given: Path, used: Iterable[str] = ()) -> str:
    """Move a file that was handed over to where it stays; the name that it has in the corpus.

    It takes the place of an earlier one of its name, but not of one of `used`: beside that it gets a number.

    Raises:
        DocumentError: no loader reads its kind.
    """
    name = safe_name(given.name)
    stem, suffix = os.path.splitext(name)
    if suffix.lower() not in suffixes():
        raise DocumentError(f"is of no kind that is read here ({suffix or 'no suffix'})")
    taken, number = set(used), 1
    while PREFIX + name in taken:
        number += 1
        name = f"{stem} ({number}){suffix}"
    folder = uploads_folder(roots)
    folder.mkdir(parents=True, exist_ok=True)
    with atomic_write(folder / name) as part:
        shutil.move(given, part)  # may be to another drive
    return PREFIX + name


def delete_upload(roots: Sequence[Path], name: str) -> bool:
    """Delete a file that was handed over, by its name in the corpus; False where there is none of that name."""
    files = [file for file in uploaded_files(roots) if file.name == name]
    for file in files:
        file.path.unlink(missing_ok=True)
    return bool(files)


def max_upload_bytes() -> int:
    """Bytes of one file that is handed over: the limit of one that is read whole.

    Raises:
        CorpusError: see qa.ingest.files.max_file_mb.
    """
    return int(max_file_mb() * 1e6)


def safe_name(given: str) -> str:
    """The last part of a path as a name that every system takes, no longer than NAME_AT_MOST."""
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    name = UNSAFE_CHARACTERS.sub("", last.encode("utf-8", "replace").decode()).strip(" .") or "unnamed"
    stem, suffix = os.path.splitext(name)
    return stem[: MAX_NAME_CHARS - len(suffix)] + suffix if len(suffix) < MAX_NAME_CHARS else name[:MAX_NAME_CHARS]
