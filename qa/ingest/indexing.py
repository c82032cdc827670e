"""Bring a corpus up to date with its files: index new and changed ones, remove deleted ones."""

import hashlib
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

from embeddings.types import Encoder
from qa import paths
from qa.errors import DiskFull, DocumentError, FolderEmptied, IdTaken
from qa.ingest import sandbox
from qa.ingest.chunking import MIN_TOKENS, OVERLAP_SENTENCES, SENTENCES_PER_PASSAGE
from qa.ingest.files import SourceFile, corpus_name, find_files, load, read_bytes
from qa.ingest.prefetch import (
    MAX_PREFETCHED_PASSAGES,
    PrefetchedDocuments,
    StartEmbedding,
    background_embedding,
)
from qa.ingest.progress import Meter, OnProgress
from qa.ingest.uploads import PREFIX, uploaded_files
from qa.store.corpus import Corpus
from qa.store.lock import PATIENCE_SECONDS, Notify, writer_lock
from qa.store.queries import FORGOTTEN, Entry, description, passage_key, utc_now
from qa.types import Document

PIPELINE_VERSION = f"6/{SENTENCES_PER_PASSAGE}/{MIN_TOKENS}/{OVERLAP_SENTENCES}"
"""Version of how documents become passages. It is part of the corpus folder's name: another version, another corpus."""

RECENT_NANOSECONDS = 2_000_000_000
"""Time within which a file may change twice and get the same timestamp from its file system."""

DISK_BYTES_PER_CHARACTER = 16
"""Disk space for a character of text while it is stored: the text twice, its words, its vectors, and the journal."""

READ_AHEAD_BYTES = 8_000_000
"""Size of the files that may be read before the first of them is stored; larger files are read one at a time."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an index run did with each file."""

    entries: tuple[Entry, ...]
    note: str = ""
    """Anything else the user should know about the run."""

    def count(self, status: str) -> int:
        """Return how many files have that status."""
        return sum(entry.status == status for entry in self.entries)

    @property
    def failures(self) -> list[str]:
        """The files that failed, each with the reason."""
        return [f"{entry.name} {entry.reason}" for entry in self.entries if entry.status == "failed"]

    def __str__(self) -> str:
        kinds = ("indexed", "replaced", "renamed", "unchanged", "skipped", "forgotten", "deleted", "failed")
        counts = [f"{self.count(kind)} {kind}" for kind in kinds if self.count(kind)]
        return ", ".join(counts) or "no files"


def corpus_folder(roots: Sequence[Path], encoder: Encoder) -> Path:
    """Return where the corpus of `roots` is kept; another encoder or PIPELINE_VERSION makes another corpus."""
    return paths.corpus_folder(roots, encoder.fingerprint, PIPELINE_VERSION)


def index(
    corpus: Corpus,
    roots: Sequence[Path],
    on_progress: OnProgress | None = None,
    *,
    notify: Notify | None = None,
    patience: float = PATIENCE_SECONDS,
    may_empty: bool = False,
) -> Report:
    """Bring `corpus` up to date with the files under `roots` and the files uploaded on its page.

    Files whose bytes are unchanged are not embedded again. A file that cannot be read is recorded as failed with the
    reason; the corpus keeps what it had of it, and indexing continues. If another process is indexing the corpus, wait
    for it; see qa.store.lock.

    Args:
        corpus: The corpus to update.
        roots: Files and folders.
        on_progress: Called whenever more is done.
        notify: Called with a message when this process has to wait for another.
        patience: Seconds to wait for another process.
        may_empty: Accept that a folder holds no file any more, and remove those that it held.

    Raises:
        CorpusError: a root does not exist or cannot be read; the corpus is unchanged.
        FolderEmptied: a folder holds no file any more; the corpus is unchanged.
        Busy: another process took longer than `patience`.
    """
    with writer_lock(corpus.folder, notify, patience):
        files, skipped = find_files(roots)
        if not may_empty:
            _check_not_emptied(corpus, roots, {file.name for file in files} | skipped.keys())
        given = uploaded_files(roots, [file.name for file in files])
        return _index(corpus, [*files, *given], skipped, on_progress)


def _check_not_emptied(corpus: Corpus, roots: Sequence[Path], there: Set[str]) -> None:
    """Check that no folder has lost all of its files at once, as one does whose drive is not mounted.

    Raises:
        FolderEmptied: one has.
    """
    held = [entry.name for entry in corpus.ledger() if entry.status not in ("skipped", FORGOTTEN)]
    for root in (root for root in roots if root.is_dir()):
        inside = corpus_name(root / "-", roots).removesuffix("-")
        gone = [name for name in held if name.startswith(inside) and not name.startswith(PREFIX)]
        if gone and not any(name.startswith(inside) for name in there):
            raise FolderEmptied(
                f"{root} holds no file now, but {len(gone):,} files of it are indexed, which are kept; if its drive is "
                f"not mounted, mount it; if you emptied it, type: qa index --emptied {root}"
            )


def _index(
    corpus: Corpus, files: list[SourceFile], skipped: Mapping[str, str], on_progress: OnProgress | None
) -> Report:
    note = "the last run was interrupted; this one continued it" if corpus.unfinished else ""
    ledger = {entry.name: entry for entry in corpus.ledger()}
    known = {name: entry for name, entry in ledger.items() if entry.status != "skipped"}
    there = {file.name for file in files}
    gone = {name: entry for name, entry in known.items() if name not in there}
    renamed = _find_renamed(corpus, [file for file in files if file.name not in known], gone)
    settled = [*renamed.values(), *(known[name] for name in there & known.keys() if known[name].status == FORGOTTEN)]
    files = [file for file in files if file.name not in {entry.name for entry in settled}]
    entries = settled + _remove_and_skip(corpus, ledger, gone.keys() - renamed.keys(), skipped)
    entries += _index_each(corpus, files, known, Meter([_size_bytes(file) for file in files], on_progress))
    sandbox.stop()
    if corpus.unfinished:
        corpus.save()
    return Report(tuple(sorted(entries, key=lambda entry: entry.name)), note)


def _remove_and_skip(
    corpus: Corpus, ledger: Mapping[str, Entry], gone: Set[str], skipped: Mapping[str, str]
) -> list[Entry]:
    """Remove the files that are gone, and record those that no loader reads."""
    over = {name for name, entry in ledger.items() if entry.status == "skipped"} - skipped.keys()
    if gone | over:  # before anything is stored, for a document may have moved to another file
        corpus.remove_files(*sorted(gone | over))
    left = [Entry(name, "", 0, "skipped", why, 0, 0.0, utc_now()) for name, why in sorted(skipped.items())]
    if new := [entry for entry in left if entry.name not in ledger or ledger[entry.name].reason != entry.reason]:
        corpus.write_entries(*new)
    return left + [replace(ledger[name], status="deleted", at=utc_now()) for name in sorted(gone - skipped.keys())]


def _find_renamed(corpus: Corpus, new: Sequence[SourceFile], gone: Mapping[str, Entry]) -> dict[str, Entry]:
    """Give new files that are renamed old ones the old ones' passages; return their new entries by old name."""
    renamed: dict[str, Entry] = {}
    for file in new:
        size = _size_bytes(file)
        alike = [e for e in gone.values() if e.size == size and e.sha256 and not e.reason and e.name not in renamed]
        if not alike:
            continue
        read, documents = _read(file, None)
        for entry in alike:
            moved = replace(read, status="renamed", passages=entry.passages)
            if documents and entry.sha256 == read.sha256 and corpus.rename(entry.name, moved, documents):
                renamed[entry.name] = moved
                break
    return renamed


_Read = tuple[Entry, PrefetchedDocuments | None, Set[str]]
"""A file's entry after reading it, its documents that are new or changed, and the ids of all that it holds; None and no
ids if the whole file is as before."""


def _index_each(corpus: Corpus, files: Sequence[SourceFile], known: Mapping[str, Entry], meter: Meter) -> list[Entry]:
    """Index each file and return their entries; while one is stored, the next are read and embedded."""
    entries: list[Entry] = []
    taken: list[SourceFile] = []
    with background_embedding(corpus.encoder, meter) as embed:
        for file, read in _read_ahead(corpus, files, known, embed):
            meter.start_file(file.name)
            try:
                entries += _store(corpus, [read], known)
            except IdTaken:
                taken.append(file)
            meter.end_file()
        return entries + _retry_taken_ids(corpus, taken, known, embed)


def _read_ahead(
    corpus: Corpus, files: Sequence[SourceFile], known: Mapping[str, Entry], embed: StartEmbedding
) -> Iterator[tuple[SourceFile, _Read]]:
    """Yield each file that was read, in order.

    A file waits until it is embedded and the next one is read, or until READ_AHEAD_BYTES or MAX_PREFETCHED_PASSAGES is
    reached.
    """
    waiting = _Waiting()
    for file in files:
        size = _size_bytes(file)
        while waiting.files and waiting.bytes + size > READ_AHEAD_BYTES:
            yield waiting.first()
        try:
            waiting.add(file, _read_and_embed(corpus, file, known.get(file.name), embed), size)
        except Exception:
            while waiting.files:  # an error that ends the run loses none of the files before it
                yield waiting.first()
            raise
        while len(waiting.files) > 1 and (waiting.ready or waiting.passages > MAX_PREFETCHED_PASSAGES):
            yield waiting.first()
    while waiting.files:
        yield waiting.first()


class _Waiting:
    """A queue of the files that are read but not stored yet."""

    def __init__(self) -> None:
        self.files: deque[tuple[SourceFile, _Read, int, int]] = deque()
        self.bytes = self.passages = 0

    def add(self, file: SourceFile, read: _Read, size: int) -> None:
        """Append a file of `size` bytes."""
        passages = read[1].passages if read[1] else 0
        self.files.append((file, read, size, passages))
        self.bytes += size
        self.passages += passages

    def first(self) -> tuple[SourceFile, _Read]:
        """Remove and return the first file."""
        file, read, size, passages = self.files.popleft()
        self.bytes -= size
        self.passages -= passages
        return file, read

    @property
    def ready(self) -> bool:
        """Whether the first file can be stored without waiting."""
        _, (_, documents, _), _, _ = self.files[0]
        return documents is None or documents.ready


def _store(corpus: Corpus, read: Sequence[_Read], known: Mapping[str, Entry]) -> list[Entry]:
    """Store the files that are new or changed in one transaction, and return the entries of all.

    Raises:
        DiskFull: the documents do not fit; the corpus is unchanged.
        IdTaken: a file outside of `read` has a document with the same id; the corpus is unchanged.
    """
    began = time.perf_counter()
    changed = [(entry, documents, ids) for entry, documents, ids in read if documents is not None]
    if changed:
        try:
            corpus.replace(*changed)
        except DiskFull as error:
            needed = sum(DISK_BYTES_PER_CHARACTER * documents.characters for _, documents, _ in changed)
            raise DiskFull(f"{error}; free about {needed / 1e6 + 1:,.0f} MB, then type the same again") from error
    for entry, *_ in read:
        before = known.get(entry.name)
        if entry.status == "failed":
            corpus.write_entries(entry)
        elif before and entry.status == "unchanged" and entry.modified != before.modified:
            corpus.write_entries(replace(before, modified=entry.modified))
    seconds = (time.perf_counter() - began) / len(read)
    return [entry if documents is None else replace(entry, seconds=seconds) for entry, documents, _ in read]


def _retry_taken_ids(
    corpus: Corpus, files: Sequence[SourceFile], known: Mapping[str, Entry], embed: StartEmbedding
) -> list[Entry]:
    """Retry the files with an id of another file: that file may have changed since, or the two exchanged documents."""
    if not files:
        return []
    try:
        return _store(corpus, [_read_and_embed(corpus, file, known.get(file.name), embed) for file in files], known)
    except IdTaken as error:
        if len(files) > 1:
            return [entry for file in files for entry in _retry_taken_ids(corpus, [file], known, embed)]
        failed = _failed_entry(files[0], known.get(files[0].name), str(error))
        corpus.write_entries(failed)
        return [failed]


def _read_and_embed(corpus: Corpus, file: SourceFile, known: Entry | None, embed: StartEmbedding) -> _Read:
    """Read a file and start embedding what is new in it: unchanged documents stay, unchanged passages keep vectors."""
    entry, documents = _read(file, known)
    if documents is None:
        return entry, None, frozenset()
    before = corpus.descriptions(file.name) if known else {}
    changed = [document for document in documents if before.get(document.id) != description(document)]
    passages, vectors = corpus.passages_of([document.id for document in changed if document.id in before])
    vectors_before = {passage_key(*one): vector for one, vector in zip(passages, vectors, strict=True)}
    return entry, embed(changed, vectors_before), frozenset(document.id for document in documents)


def _read(file: SourceFile, known: Entry | None) -> tuple[Entry, Sequence[Document] | None]:
    """Read a file, unless it is unchanged; return its entry, and its documents if they are new or changed."""
    try:
        modified = _modified_nanoseconds(file)
        if known and known.modified == modified != 0 and not known.reason:
            return replace(known, status="unchanged"), None
        data = read_bytes(file)
        sha256 = hashlib.sha256(data).hexdigest()
        if known and known.sha256 == sha256 and not known.reason:
            return replace(known, status="unchanged", modified=modified), None
        status = "replaced" if known else "indexed"
        loaded = load(file, data)
        entry = Entry(file.name, sha256, len(data), status, "", 0, 0.0, utc_now(), modified, loaded.note)
        return entry, loaded.documents
    except DocumentError as error:
        return _failed_entry(file, known, str(error)), None


def _size_bytes(file: SourceFile) -> int:
    try:
        return file.path.stat().st_size
    except OSError:
        return 0  # reading it will report what is wrong


def _modified_nanoseconds(file: SourceFile) -> int:
    """Return when a file's content or metadata last changed, in nanoseconds since 1970.

    Return 0 if that is so recent that another change could get the same timestamp, or if it is unknown.
    """
    try:
        stat = file.path.stat()
    except OSError:
        return 0
    changed = max(stat.st_mtime_ns, stat.st_ctime_ns)
    return changed if changed < time.time_ns() - RECENT_NANOSECONDS else 0


def _failed_entry(file: SourceFile, known: Entry | None, reason: str) -> Entry:
    kept = known.passages if known else 0
    return Entry(file.name, "", 0, "failed", reason, kept, 0.0, utc_now())
