"""Keep the files uploaded on the page in the data directory; they are indexed with the files of their corpus."""

import os
import re
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from embeddings.files import atomic_write
from qa.errors import DocumentError
from qa.ingest.files import SourceFile, max_file_mb, suffixes, unsupported_type
from qa.paths import uploads_folder

PREFIX = "uploads/"
"""Prefix of an uploaded file's name in the corpus."""

MAX_NAME_CHARS = 120
"""A longer file name is cut before its suffix."""

UNSAFE_CHARACTERS = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
"""Characters that some systems forbid in file names, and characters that can disguise a suffix."""


def uploaded_files(roots: Sequence[Path], known: Iterable[str] = ()) -> list[SourceFile]:
    """Return the files uploaded to the corpus of `roots`, sorted by name, without those whose name is in `known`."""
    taken = set(known)
    try:
        files = sorted(uploads_folder(roots).iterdir()) if roots else []
    except FileNotFoundError:
        return []
    named = [SourceFile(path, PREFIX + path.name) for path in files if not path.name.startswith(".")]
    return [file for file in named if file.name not in taken and file.path.suffix.lower() in suffixes()]


def save_upload(roots: Sequence[Path], given: Path, used: Iterable[str] = ()) -> str:
    """Move an uploaded file to the corpus's uploads folder, and return its name in the corpus.

    It replaces an earlier upload of the same name, unless that name is in `used`: then a number is added to its own.

    Raises:
        DocumentError: no loader reads files of this type.
    """
    name = safe_name(given.name)
    stem, suffix = os.path.splitext(name)
    if suffix.lower() not in suffixes():
        raise DocumentError(unsupported_type(suffix))
    taken, number = set(used), 1
    while PREFIX + name in taken:
        number += 1
        name = f"{stem} ({number}){suffix}"
    folder = uploads_folder(roots)
    folder.mkdir(parents=True, exist_ok=True)
    with atomic_write(folder / name) as part:
        shutil.move(given, part)  # works across drives, unlike os.replace
    return PREFIX + name


def delete_upload(roots: Sequence[Path], name: str) -> bool:
    """Delete an uploaded file by its name in the corpus; return False if there is none of that name."""
    files = [file for file in uploaded_files(roots) if file.name == name]
    for file in files:
        file.path.unlink(missing_ok=True)
    return bool(files)


def max_upload_bytes() -> int:
    """Return the size of the largest upload: the limit for files on disk.

    Raises:
        CorpusError: see qa.ingest.files.max_file_mb.
    """
    return int(max_file_mb() * 1e6)


def safe_name(given: str) -> str:
    """Return the last part of a path as a name that is valid on every system, no longer than MAX_NAME_CHARS."""
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    name = UNSAFE_CHARACTERS.sub("", last.encode("utf-8", "replace").decode()).strip(" .") or "unnamed"
    stem, suffix = os.path.splitext(name)
    return stem[: MAX_NAME_CHARS - len(suffix)] + suffix if len(suffix) < MAX_NAME_CHARS else name[:MAX_NAME_CHARS]
