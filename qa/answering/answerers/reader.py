"""Answer with both readers: what they and retrieval say of each sentence decides which one is quoted."""

import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.types import Encoder, Vectors
from qa.answering.answerers.reader_small import SmallReaderAnswerer
from qa.answering.evidence import evidence_quote, merged, quote_of
from qa.answering.protocol import Answerer, Quote, Reply
from qa.reader.answer_types import YES_OR_NO
from qa.reader.candidates import Candidate, rank_candidates, sigmoid
from qa.reader.choice import (
    CHOICE_WEIGHTS,
    ReadHit,
    certainty_features,
    quotable,
    sentence_candidates,
)
from qa.reader.large import LargeReader
from qa.reader.memory import free_bytes
from qa.reader.model import Reader
from qa.text.reading import passage_reading
from qa.types import Hit

READ_HITS = 6
"""Hits that are read. Letting the small reader choose them among 24 found no more answers than their order does."""

MIN_FREE_BYTES = 2 * 2**30
"""With less free memory the large reader is left out."""

LOG = logging.getLogger(__name__)

MAX_QUOTES = 3
"""Quotes in one reply."""

MAX_LOG_ODDS_BEHIND = 1.5
"""A sentence is quoted after the best when its log-odds are at most this much lower."""

# Logistic regression for "what is quoted first is right": coefficients of qa.reader.choice.then the
# intercept.
CONFIDENCE_WEIGHTS = np.array([-0.11, 0.44, 2.93, 0.18, 0.23, 5.98, 0.79, 1.07, 0.06, 0.09, -2.17, -2.47])
INTERCEPT = -5.03

THRESHOLD = 0.25
"""Read off samples of eighteen sets. At 0.2 three of ten questions about the built-in reports that have no answer get
one; at 0.3 a third of the questions about contracts and meetings that have an answer are refused."""

NULL_THRESHOLD = 0.0
"""The large reader's own score, in log-odds, below which it had better answer nothing: where SQuAD 2.0's F1 is best."""


class ReaderAnswerer:
    """Ranks the sentences of the best hits by what both readers and retrieval say about them."""

    threshold = THRESHOLD

    def __init__(self, small: Reader, large: LargeReader, encoder: Encoder) -> None:
        self._small, self._large, self._encoder = small, large, encoder

    def answer(self, question: str, hits: Sequence[Hit], vector: Vectors | None = None) -> Reply:
        """Reply with the sentence that answers best, and with others that do as well."""
        vector = self._encoder.embed_query(question) if vector is None else vector
        read = self.read(question, hits)
        ranked = rank_candidates(quotable(self.candidates(question, read, hits, vector)), CHOICE_WEIGHTS)
        return _reply(question, ranked, hits) if ranked else Reply((), 0.0)

    def alone(self, question: str, hits: Sequence[Hit]) -> Reply:
        """Reply with the large reader's own likeliest span, not ranked; `short` holds it too where it is sure."""
        readings = zip(hits, self._large.read(question, [hit.passage for hit in hits]), strict=True)
        spans = [(s.span, hit.passage) for hit, reading in readings for s in reading.sentences if s.span is not None]
        if not spans:
            return Reply((), 0.0)
        span, passage = max(spans, key=lambda found: found[0].score)
        quote = Quote(passage.document_id, passage.start + span.start, passage.start + span.end)
        sure = span.score >= NULL_THRESHOLD
        return Reply((quote,), sigmoid(span.score - NULL_THRESHOLD), quote if sure else None)

    def read(self, question: str, hits: Sequence[Hit], most: int = READ_HITS) -> list[ReadHit]:
        """Read the first hits by both readers."""
        near = hits[:most]
        readings = self._large.read(question, [hit.passage for hit in near])
        spans = self._small.read(question, [passage_reading(hit.passage, hit.passage.context) for hit in near])
        return [ReadHit(*read) for read in zip(near, range(len(near)), readings, spans, strict=True)]

    def candidates(
        self, question: str, read: Sequence[ReadHit], hits: Sequence[Hit], vector: Vectors
    ) -> list[Candidate]:
        """Return a candidate for each sentence that was read."""
        return sentence_candidates(question, read, hits, self.sentence_cosines(read, vector))

    def sentence_cosines(self, read: Sequence[ReadHit], vector: Vectors) -> list[NDArray[np.float32]]:
        """Return, for each hit, the cosines of the question with its sentences."""
        texts = [
            place.hit.passage.text[s.sentence[0] - place.hit.passage.start : s.sentence[1] - place.hit.passage.start]
            for place in read
            for s in place.reading.sentences
        ]
        cosines = self._encoder.embed_passages(texts) @ vector if texts else np.zeros(0, np.float32)
        ends = np.cumsum([len(place.reading.sentences) for place in read])
        return np.split(cosines, ends[:-1]) if read else []


def _reply(question: str, ranked: Sequence[tuple[float, Candidate]], hits: Sequence[Hit]) -> Reply:
    score, best = ranked[0]
    known = certainty_features(question, ranked, hits)
    confidence = sigmoid(float(CONFIDENCE_WEIGHTS @ known) + INTERCEPT)
    near = [candidate for own, candidate in ranked[1:] if own >= score - MAX_LOG_ODDS_BEHIND]
    quotes = merged([evidence_quote(question, best, hits), *(quote_of(candidate) for candidate in near)])
    has_short = best.span != best.quoted and not YES_OR_NO.match(question)
    short = Quote(best.document_id, *best.span) if has_short else None
    return Reply(tuple(quotes[:MAX_QUOTES]), confidence, short)


def create(encoder: Encoder) -> Answerer:
    """Return the answerer, or the small reader alone where memory is short. Both work with every encoder.

    Raises:
        ReaderError: see qa.reader.model.Reader and qa.reader.large.LargeReader.
    """
    free = free_bytes()
    if free is not None and free < MIN_FREE_BYTES:
        LOG.warning(
            "%.1f GB of memory are free and the large reader wants %.0f: the small one answers alone",
            free / 2**30,
            MIN_FREE_BYTES / 2**30,
        )
        return SmallReaderAnswerer(Reader(), encoder)
    return ReaderAnswerer(Reader(), LargeReader(), encoder)
