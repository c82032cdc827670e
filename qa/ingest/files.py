"""Find the files under a path, and read each into documents with the loader for its suffix."""

import math
import os
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from embeddings.plugins import find, names
from qa.errors import CorpusError, DocumentError
from qa.ingest import loaders
from qa.ingest.boilerplate import is_boilerplate
from qa.ingest.metadata import with_metadata
from qa.ingest.sandbox import parse
from qa.text.sentences import sentences_of_block
from qa.text.structure import plain_blocks
from qa.types import BlockKind, Document, Remark

MAX_FILE_MB = 32
"""Largest file that is read, unless `QA_MAX_FILE_MB` says otherwise. A .jsonl, which holds many documents, may have 64
times as much."""

TEXT_ONLY = frozenset({"csv", "jsonl", "md", "txt"})
"""Loaders that parse neither markup nor binary data; every other loader runs in qa.ingest.sandbox."""

ALIASES = {
    "docm": "docx", "dotm": "docx", "dotx": "docx", "fodt": "odt", "htm": "html", "ott": "odt", "ppsx": "pptx",
    "pptm": "pptx", "tab": "csv", "tsv": "csv", "xhtml": "html", "xlsm": "xlsx", "xltx": "xlsx",
}  # fmt: skip
"""Further suffixes, each with the loader that reads it."""

NOT_DOCUMENTS = (".", "~$")
"""Beginnings of names that no document has: hidden files, and the locks of open office documents (~$ and .~lock)."""

NO_TEXT = "holds no text that is read here"
"""Why a file with nothing to search has failed."""


MAX_JUDGED_CHARS = 2_000
"""Characters of a block that are looked at to see whether it holds anything to search."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to index: its path, and its name in the corpus."""

    path: Path
    name: str

    @property
    def loader(self) -> str:
        """The name of the loader for the file's suffix."""
        suffix = self.path.suffix.lower().removeprefix(".")
        return ALIASES.get(suffix, suffix)


def suffixes() -> list[str]:
    """Return the suffixes that a loader reads, with their dots."""
    return sorted(f".{name}" for name in (*names(loaders), *ALIASES))


def nothing_to_search(roots: Iterable[Path], failures: Sequence[str]) -> str:
    """Say in one line why there is nothing to search under `roots`; `failures` name files that cannot be read."""
    more = [f"and {len(failures) - 3} more files"] if len(failures) > 3 else []
    why = "; ".join([*failures[:3], *more]) or f"wanted files that end in {', '.join(suffixes())}"
    return f"no text to search in {', '.join(map(str, roots))}: {why}"


def check_roots(roots: Iterable[Path]) -> None:
    """Check that each root can be read, without reading all of it.

    Raises:
        CorpusError: see source_files.
    """
    for root in roots:
        next(_walk(root), None)


def source_files(roots: Iterable[Path]) -> list[SourceFile]:
    """Return the files under `roots` that a loader reads, as find_files does."""
    return find_files(roots)[0]


def find_files(roots: Iterable[Path]) -> tuple[list[SourceFile], dict[str, str]]:
    """Find the files under `roots`, which are files and folders; hidden files and office locks are left out.

    A file's name is its path relative to the deepest folder that contains every root.

    Returns:
        The files that a loader reads, sorted by name, and for the names of all others the reason why they are skipped.

    Raises:
        CorpusError: a root does not exist or cannot be read.
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
    """Yield each file under a root with its real path, and the reason to skip it (empty if there is none)."""
    known = set(suffixes())
    for folder, file_names in _walk(root):
        # Once per folder rather than per file: there may be a hundred thousand.
        real, before = os.path.realpath(folder), _name(folder / "-", base).removesuffix("-")
        for name in file_names:
            path = folder / name
            is_link = path.is_symlink()
            real_path = os.path.realpath(path) if is_link else os.path.join(real, name)
            file = SourceFile(path, before + _printable(name))
            yield file, real_path, _problem(path, is_link, root, known)


def corpus_name(path: Path, roots: Iterable[Path]) -> str:
    """Return the name of a file, existing or not, in the corpus of `roots`; its path if it is elsewhere."""
    base = _common_folder(list(roots))
    return _name(path, base) if Path(os.path.abspath(path)).is_relative_to(base) else str(path)


def _common_folder(roots: list[Path]) -> str:
    folders = [os.path.abspath(root if root.is_dir() else root.parent) for root in roots]
    try:
        return os.path.commonpath(folders)
    except ValueError:  # no roots, or on two drives
        return ""


def _name(path: Path, base: str) -> str:
    return _printable(Path(os.path.abspath(path)).relative_to(base).as_posix())


def _printable(name: str) -> str:
    """Escape the bytes of a name that is not in the system's encoding, so that two such names stay distinct."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _walk(root: Path) -> Iterator[tuple[Path, list[str]]]:
    """Yield each folder with the names of its files; for a root that is a file, its folder and its name."""
    try:
        is_file, exists = root.is_file(), root.exists()
    except OSError as error:
        _raise_unreadable(error)
    if is_file:
        if root.suffix.lower() not in suffixes():
            raise CorpusError(f"{root} is not a supported file; give one of: {', '.join(suffixes())}")
        yield root.parent, [root.name]
        return
    if not exists:
        raise CorpusError(f"{root} does not exist; give a file, a folder or a .jsonl")
    for folder, subfolders, files in os.walk(root, onerror=_raise_unreadable):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        yield Path(folder), [name for name in files if not name.startswith(NOT_DOCUMENTS)]


def _problem(path: Path, is_link: bool, root: Path, known: Container[str]) -> str:
    """Return the reason to skip a file, or an empty string if it is to be read."""
    if path.suffix.lower() not in known:
        return unsupported_type(path.suffix)
    # Linked folders are not walked into, so only a file that is itself a link can lead out.
    return "is a link out of the folder" if is_link and not is_inside(path, root) else ""


def unsupported_type(suffix: str) -> str:
    """Return why a file that no loader reads is left out."""
    return f"has the unsupported file type {suffix}" if suffix else "has no suffix, so its file type is unknown"


def is_inside(path: Path, root: Path) -> bool:
    """Return whether `path` is in `root` once links and `..` are resolved."""
    # Path.resolve would raise for links that form a circle.
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def _raise_unreadable(error: OSError) -> NoReturn:
    raise CorpusError(f"{error.filename} cannot be read ({error.strerror}); give its folder read permission")


def read_bytes(file: SourceFile) -> bytes:
    """Read the bytes of a file.

    Raises:
        DocumentError: the file is larger than the limit, no plain file, or unreadable.
        CorpusError: see max_file_mb.
    """
    factor = 64 if file.loader == "jsonl" else 1
    limit = max_file_mb() * factor
    try:
        if not file.path.is_file():
            raise DocumentError("is not a plain file")
        size = file.path.stat().st_size / 1e6
        if size > limit:
            enough = math.ceil(size / factor)
            raise DocumentError(
                f"is {math.ceil(size):,} MB, the limit is {limit:g}; split it or set QA_MAX_FILE_MB={enough}"
            )
        return file.path.read_bytes()
    except OSError as error:
        raise DocumentError(f"cannot be read ({error.strerror})") from error


def max_file_mb() -> float:
    """Return the size in megabytes of the largest file that is read.

    Raises:
        CorpusError: `QA_MAX_FILE_MB` is not a positive number.
    """
    given = os.environ.get("QA_MAX_FILE_MB", str(MAX_FILE_MB))
    try:
        limit = float(given)
    except ValueError:
        limit = math.nan
    if not limit > 0:
        raise CorpusError(f"QA_MAX_FILE_MB is {given!r}, wanted a number of megabytes; type: unset QA_MAX_FILE_MB")
    return limit


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loader made of one file."""

    documents: tuple[Document, ...]
    note: str
    """What was left out and why, in words; empty if nothing was."""


def load(file: SourceFile, data: bytes) -> Loaded:
    """Load the documents in a file's bytes with the loader for its suffix, and add what their texts tell about them.

    Raises:
        DocumentError: the bytes are not what the suffix says, hold no text, or exceed the limits of qa.ingest.sandbox.
    """
    if file.loader in TEXT_ONLY:
        found = list(find(loaders, file.loader).load(data, file.name))
    else:
        found = parse(file.loader, file.name, data)
    note = "; ".join(one.text for one in found if isinstance(one, Remark))
    documents = tuple(_completed(one) for one in found if isinstance(one, Document))
    if not any(_is_searchable(document) for document in documents):
        raise DocumentError(NO_TEXT + (f" ({note})" if note else ""))
    return Loaded(documents, note)


def _is_searchable(document: Document) -> bool:
    """Say whether a document has a sentence that is no boilerplate."""
    blocks = (block for block in document.blocks if block.kind is not BlockKind.FURNITURE)
    places = ((block.start, min(block.end, block.start + MAX_JUDGED_CHARS)) for block in blocks)
    spans = (span for place in places for span in sentences_of_block(document.text, *place))
    return any(not is_boilerplate(document.text, span) for span in spans)


def _completed(document: Document) -> Document:
    """Add the metadata and the structure that are found in a document's text."""
    described = with_metadata(document)
    return described if described.blocks else replace(described, blocks=plain_blocks(described.text))
