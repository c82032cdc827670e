"""Erase a file from the corpus and the chats about it, and verify that no byte of it is left."""

import json
import mmap
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.errors import CorpusError
from qa.history.store import ChatStore
from qa.store.corpus import Corpus
from qa.store.lock import writer_lock
from qa.store.queries import FORGOTTEN, Entry, utc_now
from qa.store.vector_index import pack
from qa.types import Passage

MAX_PROBES = 200
"""Number of sentences (the longest), and of vectors, that are searched for afterwards."""

MIN_SENTENCE_CHARS = 24
"""Length from which a sentence is searched for; shorter ones may occur elsewhere by chance."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was removed, and what a search of all bytes found of it."""

    name: str
    documents: int
    passages: int
    """Passages, and as many vectors."""
    turns: int
    """Turns of chats from which excerpts were removed."""
    searched: tuple[str, ...]
    """Files that were searched, to the last byte."""
    bytes: int
    """Size of these files."""
    probes: int
    """Sentences and vectors that were searched for."""
    found: tuple[str, ...]
    """Files that still contain one of them; empty if all is well."""

    def __str__(self) -> str:
        removed = f"{self.documents:,} documents, {self.passages:,} passages with their vectors and words"
        place = f"{self.bytes:,} bytes of {len(self.searched)} files"
        left = [f"still in {file}" for file in self.found] or ["none is left"]
        return (
            f"forgotten: {self.name}\nremoved: {removed}, excerpts in {self.turns:,} turns of chats\n"
            f"searched for {self.probes:,} of its sentences and vectors in {place}: {', '.join(left)}"
        )


def forget(corpus: Corpus, chats: ChatStore, name: str) -> Receipt:
    """Remove a file's documents and everything derived from them, then search every stored byte for remains.

    The file itself is not touched, and is not indexed again as long as it exists. Sentences that another document
    contains word for word stay there and are not searched for.

    Raises:
        CorpusError: the corpus has no such file.
    """
    if name not in {entry.name for entry in corpus.ledger() if entry.status not in (FORGOTTEN, "skipped")}:
        raise CorpusError(f"{name} is not in this corpus; type: qa status")
    with writer_lock(corpus.folder):
        ids, passages, vectors = corpus.contents_of_file(name)
        corpus.remove_files(name)
        corpus.write_entries(Entry(name, "", 0, FORGOTTEN, "is left out; type: qa forget --undo", 0, 0.0, utc_now()))
        corpus.purge()
    turns = chats.remove_excerpts(ids)
    sentences = [sentence for sentence in _sentences(passages) if not corpus.contains_text(sentence)]
    wanted = [form for sentence in sentences for form in _forms(sentence)]
    wanted += [form for vector in vectors[:MAX_PROBES] for form in (pack(vector).tobytes(), vector.tobytes())]
    folders = [corpus.folder, *corpus.folder.parent.glob(f"{corpus.folder.name}.set-aside-*")]
    files = [*sorted(file for folder in folders for file in folder.iterdir() if file.is_file()), *chats.files()]
    return Receipt(
        name=name,
        documents=len(ids),
        passages=len(passages),
        turns=turns,
        searched=tuple(map(str, files)),
        bytes=sum(file.stat().st_size for file in files),
        probes=len(sentences) + len(vectors[:MAX_PROBES]),
        found=tuple(str(file) for file in files if _contains(file, wanted)),
    )


def undo_forget(corpus: Corpus, name: str) -> None:
    """Let a forgotten file be read again the next time the corpus is indexed.

    Raises:
        CorpusError: the file was not forgotten.
    """
    if name not in {entry.name for entry in corpus.ledger() if entry.status == FORGOTTEN}:
        raise CorpusError(f"{name} is not a forgotten file of this corpus; type: qa status")
    with writer_lock(corpus.folder):
        corpus.remove_files(name)
        corpus.save()


def _sentences(passages: Sequence[Passage]) -> list[str]:
    """Return the longest sentences of the passages, at most MAX_PROBES."""
    every = {p.text[start - p.start : end - p.start] for p in passages for start, end in p.sentences}
    return sorted((s for s in every if len(s) >= MIN_SENTENCE_CHARS), key=lambda s: (-len(s), s))[:MAX_PROBES]


def _forms(text: str) -> Iterator[bytes]:
    """Yield the text as the database stores it, and as JSON does if that differs."""
    yield text.encode()
    if (escaped := json.dumps(text)[1:-1]) != text:
        yield escaped.encode()


def _contains(file: Path, wanted: Sequence[bytes]) -> bool:
    with file.open("rb") as opened:
        if not os.fstat(opened.fileno()).st_size:
            return False
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return any(data.find(one) >= 0 for one in wanted)
