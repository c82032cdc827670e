"""Documents to passages with vectors, batch by batch: one is embedded while the one before it is stored."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from embeddings.types import Encoder
from qa.chunking import CONTEXT_TOKENS, chunk
from qa.progress import Meter
from qa.rows import Embedded
from qa.types import Document, Passage

BATCH = 256
"""Passages embedded at once: enough to sort by length (512 would be 0.3 % less padding), little enough that a run which
is interrupted ends soon, for what has been begun is computed to its end."""


class Ahead:
    """The documents of a file with their passages and vectors, in order, once; the first batch is under way already.

    Cutting and storing keep one core busy, embedding has the others; on two cores without AVX-512, where embedding is
    nine tenths of the work, a file takes 0.96 of the time.
    """

    def __init__(self, documents: Sequence[Document], encoder: Encoder, meter: Meter, beside: Executor) -> None:
        self.characters = sum(len(document.text) for document in documents)
        """Of the documents' texts."""
        self._encoder, self._meter, self._beside = encoder, meter, beside
        self._batches = _batches(documents, encoder)
        self._next = self._begin()

    def __iter__(self) -> Iterator[Embedded]:
        while self._next:
            batch, embedding = self._next
            self._next = self._begin()
            yield from embedding.result()
            self._meter.embedded(batch.passages, batch.share)

    def _begin(self) -> "tuple[_Batch, Future[list[Embedded]]] | None":
        batch = next(self._batches, None)
        return None if batch is None else (batch, self._beside.submit(_embedded, batch, self._encoder))


Embed: TypeAlias = Callable[[Sequence[Document]], Ahead]


@contextmanager
def embedding_beside(encoder: Encoder, meter: Meter) -> Iterator[Embed]:
    """What begins to embed documents in a thread of its own; what is not done at the end of the block is dropped."""
    beside = ThreadPoolExecutor(1)
    try:
        yield lambda documents: Ahead(documents, encoder, meter, beside)
    finally:
        beside.shutdown(cancel_futures=True)


def with_title(document: Document, passage: Passage, encoder: Encoder) -> str:
    """What is embedded: the passage after its document's title, which says what "he" and "the talks" are."""
    tokens = encoder.token_spans(document.title)[:CONTEXT_TOKENS]
    title = document.title[: tokens[-1][1]] if tokens else ""
    return f"{title}\n{passage.text}"


@dataclass(frozen=True, slots=True)
class _Batch:
    """Whole documents, cut."""

    documents: list[tuple[Document, list[Passage]]]
    passages: int
    share: float
    """Of the file's documents that are in it or in one before."""


def _batches(documents: Sequence[Document], encoder: Encoder) -> Iterator[_Batch]:
    cut: list[tuple[Document, list[Passage]]] = []
    passages = 0
    for done, document in enumerate(documents, 1):
        cut.append((document, chunk(document, encoder)))
        passages += len(cut[-1][1])
        if passages >= BATCH or done == len(documents):
            yield _Batch(cut, passages, done / len(documents))
            cut, passages = [], 0


def _embedded(batch: _Batch, encoder: Encoder) -> list[Embedded]:
    texts = [with_title(document, passage, encoder) for document, passages in batch.documents for passage in passages]
    vectors = encoder.embed_passages(texts)
    embedded: list[Embedded] = []
    start = 0
    for document, passages in batch.documents:
        embedded.append((document, passages, vectors[start : start + len(passages)]))
        start += len(passages)
    return embedded
