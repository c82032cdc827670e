"""Files to documents: which files a path stands for, and which loader reads each."""

import math
import os
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from embeddings.plugins import find, names
from qa.errors import CorpusError, DocumentError
from qa.ingest import loaders
from qa.ingest.metadata import with_metadata
from qa.ingest.sandbox import parse
from qa.types import Document

MAX_FILE_MB = 32
"""Size of one file that is read whole; `QA_MAX_FILE_MB` sets another. A .jsonl holds many documents: 64 times it."""


TEXT_ONLY = frozenset({"csv", "jsonl", "md", "tsv", "txt"})
"""Suffixes whose loaders parse no markup and nothing binary; every other one does its work in qa.ingest.sandbox."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to index: where it is, and the name it has in the corpus."""

    path: Path
    name: str

    @property
    def suffix(self) -> str:
        """The loader's name: the suffix in lower case without its dot."""
        return self.path.suffix.lower().removeprefix(".")


def suffixes() -> list[str]:
    """The suffixes that a loader reads, with their dots."""
    return [f".{name}" for name in names(loaders)]


def check_roots(roots: Iterable[Path]) -> None:
    """See that each root can be read, without reading all of it.

    Raises:
        CorpusError: see source_files.
    """
    for root in roots:
        next(_walk(root), None)


def source_files(roots: Iterable[Path]) -> list[SourceFile]:
    """The files under `roots` that a loader reads; see survey."""
    return find_files(roots)[0]


def find_files(roots: Iterable[Path]) -> tuple[list[SourceFile], dict[str, str]]:
    """The files under `roots` (files and folders) that a loader reads, by name; the names of others, and why not.

    A name is the path from the deepest folder that holds every root. Hidden files are left out.

    Raises:
        CorpusError: a root does not exist or may not be read.
    """
    roots = list(roots)
    base = _common_folder(roots)
    found: dict[str, SourceFile] = {}
    others: dict[str, str] = {}
    for root in roots:
        for file, real, problem in _files_under(root, base):
            if problem:
                others[file.name] = problem
            else:
                found.setdefault(real, file)
    return sorted(found.values(), key=lambda file: file.name), others


def _files_under(root: Path, base: str) -> Iterator[tuple[SourceFile, str, str]]:
    """The files under a root, where each lies once links are followed, and why it is not to be read."""
    known = set(suffixes())
    for folder, held in _walk(root):
        # Once for a folder, not for each of its files: there may be a hundred thousand.
        real, before = os.path.realpath(folder), _name(folder / "-", base).removesuffix("-")
        for name in held:
            path = folder / name
            is_link = path.is_symlink()
            place = os.path.realpath(path) if is_link else os.path.join(real, name)
            file = SourceFile(path, before + _printable(name))
            yield file, place, _problem(path, is_link, root, known)


def corpus_name(path: Path, roots: Iterable[Path]) -> str:
    """The name that a file has, or had, in the corpus of `roots`; its path where it lies elsewhere."""
    base = _common_folder(list(roots))
    return _name(path, base) if Path(os.path.abspath(path)).is_relative_to(base) else str(path)


def _common_folder(roots: list[Path]) -> str:
    folders = [os.path.abspath(root if root.is_dir() else root.parent) for root in roots]
    try:
        return os.path.commonpath(folders)
    except ValueError:  # no root at all, or two drives
        return ""


def _name(path: Path, base: str) -> str:
    return _printable(Path(os.path.abspath(path)).relative_to(base).as_posix())


def _printable(name: str) -> str:
    """One in another encoding than the system's is spelt out; two such names stay two."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _walk(root: Path) -> Iterator[tuple[Path, list[str]]]:
    """The folders, each with the names of its files; of a file, its folder and its name."""
    try:
        is_file, exists = root.is_file(), root.exists()
    except OSError as error:
        _raise_unreadable(error)
    if is_file:
        if root.suffix.lower() not in suffixes():
            raise CorpusError(f"{root} is no file that is read here; give one of: {', '.join(suffixes())}")
        yield root.parent, [root.name]
        return
    if not exists:
        raise CorpusError(f"{root} does not exist; give a file, a folder or a .jsonl")
    for folder, subfolders, files in os.walk(root, onerror=_raise_unreadable):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        yield Path(folder), [name for name in files if not name.startswith(".")]


def _problem(path: Path, is_link: bool, root: Path, known: Container[str]) -> str:
    """Why the file is not to be read; empty where it is."""
    if path.suffix.lower() not in known:
        return f"is of no kind that is read here ({path.suffix or 'no suffix'})"
    # Folders that are links are not walked into, so only a file that is one can lead out.
    return "is a link that leads out of the folder" if is_link and not is_inside(path, root) else ""


def is_inside(path: Path, root: Path) -> bool:
    """Whether `path`, once links and `..` are followed, lies in `root`."""
    # Not Path.resolve, which raises where links lead in a circle.
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def _raise_unreadable(error: OSError) -> NoReturn:
    raise CorpusError(f"{error.filename} cannot be read ({error.strerror}); give its folder read permission")


def read_bytes(file: SourceFile) -> bytes:
    """The bytes of a file, within the limit.

    Raises:
        DocumentError: larger than the limit, not a plain file, or the system refuses to read it.
        CorpusError: the limit that is set is no number.
    """
    times = 64 if file.suffix == "jsonl" else 1
    limit = max_file_mb() * times
    try:
        if not file.path.is_file():
            raise DocumentError("is not a plain file")
        size = file.path.stat().st_size / 1e6
        if size > limit:
            enough = math.ceil(size / times)
            raise DocumentError(
                f"is {math.ceil(size):,} MB, the limit is {limit:g}; split it or set QA_MAX_FILE_MB={enough}"
            )
        return file.path.read_bytes()
    except OSError as error:
        raise DocumentError(f"cannot be read ({error.strerror})") from error


def max_file_mb() -> float:
    """Megabytes of one file that is read whole.

    Raises:
        CorpusError: `QA_MAX_FILE_MB` is no number.
    """
    given = os.environ.get("QA_MAX_FILE_MB", str(MAX_FILE_MB))
    try:
        limit = float(given)
    except ValueError:
        limit = math.nan
    if not limit > 0:
        raise CorpusError(f"QA_MAX_FILE_MB is {given!r}, wanted a number of megabytes; type: unset QA_MAX_FILE_MB")
    return limit


def load(file: SourceFile, data: bytes) -> list[Document]:
    """The documents in a file's bytes, by the loader that its suffix names, with what their text tells of itself.

    Raises:
        DocumentError: the bytes are not what the suffix says, or cannot be read within qa.ingest.sandbox's limits.
    """
    if file.suffix in TEXT_ONLY:
        documents = find(loaders, file.suffix).load(data, file.name)
    else:
        documents = parse(file.suffix, file.name, data)
    return [with_metadata(document) for document in documents]
