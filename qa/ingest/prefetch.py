"""Embed documents in batches in the background, ahead of the thread that stores them."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from embeddings.types import Encoder, Vectors
from qa.ingest.chunking import CONTEXT_TOKENS, TITLE_TOKENS, chunk
from qa.ingest.progress import Meter
from qa.store.queries import Embedded, PassageKey, passage_key
from qa.text.reading import passage_reading
from qa.types import Document, Passage

KnownVectors: TypeAlias = Mapping[PassageKey, Vectors]
"""The unit vectors (d,) of passages that were embedded before."""

BATCH_PASSAGES = 256
"""Passages embedded at once: enough to sort by length (512 would save only 0.3 % of padding), and few enough that an
interrupted run ends soon, for a batch that has begun is always completed."""

MAX_PREFETCHED_PASSAGES = 2 * BATCH_PASSAGES
"""Passages cut before the first file among them is stored: one batch being embedded, as many waiting."""


class PrefetchedDocuments:
    """Iterate once over a file's documents, in order, with their passages and vectors.

    Embedding of the first batch begins at once. Cutting and storing keep one core busy and embedding uses the others:
    even on two cores without AVX-512, where embedding is nine tenths of the work, a file takes 0.96 of the time.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        encoder: Encoder,
        meter: Meter,
        embedder: "_BackgroundEmbedder",
        known: KnownVectors | None = None,
    ) -> None:
        self.characters = sum(len(document.text) for document in documents)
        """Length of the documents' texts together."""
        self._meter, self._embedder = meter, embedder
        self._batches = _batches(documents, encoder, known or {})
        self._next = self._begin()

    def __iter__(self) -> Iterator[Embedded]:
        while self._next:
            batch, embedding = self._next
            self._next = self._begin()
            yield from embedding.result()
            self._meter.add_passages(batch.passages, batch.share)

    @property
    def ready(self) -> bool:
        """Whether the first batch is embedded."""
        return self._next is None or self._next[1].done()

    @property
    def passages(self) -> int:
        """How many passages the batch in progress has."""
        return self._next[0].passages if self._next else 0

    def _begin(self) -> "tuple[_Batch, Future[list[Embedded]]] | None":
        batch = next(self._batches, None)
        return None if batch is None else (batch, self._embedder.embed(batch))


class StartEmbedding(Protocol):
    """Starts embedding documents; passages among `known` keep the vectors that they have."""

    def __call__(self, documents: Sequence[Document], known: KnownVectors | None = None) -> PrefetchedDocuments:
        """Start, and return the documents as they become ready."""
        ...


@contextmanager
def background_embedding(encoder: Encoder, meter: Meter) -> Iterator[StartEmbedding]:
    """Yield a function that starts embedding documents in a thread; at the end of the block, drop what is not done."""
    embedder = _BackgroundEmbedder(encoder)
    try:
        yield lambda documents, known=None: PrefetchedDocuments(documents, encoder, meter, embedder, known)
    finally:
        embedder.drop()


def embedded_text(title: str, passage: Passage, encoder: Encoder) -> str:
    """Return the text to embed: the passage as it is read, after the title and context that explain "he" and "it"."""
    head = _first_tokens(title, encoder)
    context = _last_tokens(passage.context, encoder) if passage.context else ""
    return "\n".join(part for part in (head, context, passage_reading(passage).text) if part or part is head)


def _first_tokens(title: str, encoder: Encoder) -> str:
    tokens = encoder.token_spans(title)[:TITLE_TOKENS]
    return title[: tokens[-1][1]] if tokens else ""


def _last_tokens(context: str, encoder: Encoder) -> str:
    """Return the end of a context, which is nearest to the passage."""
    tokens = encoder.token_spans(context)[-CONTEXT_TOKENS:]
    return context[tokens[0][0] :] if tokens else ""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Whole documents, cut into passages."""

    documents: list[tuple[Document, list[Passage]]]
    known: KnownVectors
    passages: int
    share: float
    """Share of the file's documents that are in this batch or an earlier one, 0 to 1."""


def _batches(documents: Sequence[Document], encoder: Encoder, known: KnownVectors) -> Iterator[_Batch]:
    cut: list[tuple[Document, list[Passage]]] = []
    passages = 0
    for done, document in enumerate(documents, 1):
        cut.append((document, chunk(document, encoder)))
        passages += len(cut[-1][1])
        if passages >= BATCH_PASSAGES or done == len(documents):
            yield _Batch(cut, known, passages, done / len(documents))
            cut, passages = [], 0


class _BackgroundEmbedder:
    """Embed batches in order in one thread, those that wait together: small files' passages then need less padding."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._thread = ThreadPoolExecutor(1)
        self._waiting: deque[tuple[_Batch, Future[list[Embedded]]]] = deque()

    def embed(self, batch: _Batch) -> Future[list[Embedded]]:
        """Queue a batch; the result is its embedded documents."""
        embedding: Future[list[Embedded]] = Future()
        self._waiting.append((batch, embedding))
        self._thread.submit(self._work)
        return embedding

    def drop(self) -> None:
        """Stop the thread, and drop the batches that wait."""
        self._thread.shutdown(cancel_futures=True)

    def _work(self) -> None:
        taken: list[tuple[_Batch, Future[list[Embedded]]]] = []
        passages = 0
        while self._waiting and (not taken or passages + self._waiting[0][0].passages <= BATCH_PASSAGES):
            taken.append(self._waiting.popleft())
            passages += taken[-1][0].passages
        if taken:  # else the previous call took all
            self._embed(taken)

    def _embed(self, taken: "Sequence[tuple[_Batch, Future[list[Embedded]]]]") -> None:
        try:
            embedded = iter(_embed_batches([batch for batch, _ in taken], self._encoder))
        except Exception as error:
            if len(taken) == 1:
                taken[0][1].set_exception(error)
            else:  # so that only the batch at fault fails, and none before it
                for one in taken:
                    self._embed([one])
            return
        for batch, embedding in taken:
            embedding.set_result([next(embedded) for _ in batch.documents])


def _embed_batches(batches: Sequence[_Batch], encoder: Encoder) -> list[Embedded]:
    """Return the documents of the batches with their vectors; only passages without known ones are embedded."""
    passages = [(batch, d, passage) for batch in batches for d, cut in batch.documents for passage in cut]
    known = [batch.known.get(passage_key(d.title, passage)) if batch.known else None for batch, d, passage in passages]
    texts = [
        embedded_text(document.title, passage, encoder)
        for (_, document, passage), vector in zip(passages, known, strict=True)
        if vector is None
    ]
    new = iter(encoder.embed_passages(texts))
    rows = [next(new) if vector is None else vector for vector in known]
    vectors = np.array(rows, dtype=np.float32).reshape(-1, encoder.dimension)
    embedded: list[Embedded] = []
    start = 0
    for document, cut in (one for batch in batches for one in batch.documents):
        embedded.append((document, cut, vectors[start : start + len(cut)]))
        start += len(cut)
    return embedded
