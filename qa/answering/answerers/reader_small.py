"""Answer with the small reader alone: the span that answers, in whole sentences from every place that says it."""

from collections.abc import Sequence

import numpy as np

from embeddings.types import Encoder, Vectors
from qa.answering.evidence import evidence_quote, merged, passages_of, quote_of
from qa.answering.protocol import Answerer, Quote, Reply
from qa.reader.answer_types import YES_OR_NO
from qa.reader.candidates import Candidate, extract_candidates, same_answer, sigmoid
from qa.reader.cascade import hits_to_read, read_in_stages
from qa.reader.model import Reader, ScoredSpan
from qa.text.reading import passage_reading
from qa.text.words import stems
from qa.types import Hit

MAX_QUOTES = 3
"""Quotes in one reply."""

MAX_LOG_ODDS_BEHIND = 1.5
"""Another answer is quoted after the best when its log-odds are at most this much lower."""

# Logistic regression for "what is quoted for the best candidate is right": coefficients of its score and of each of
# SmallReaderAnswerer.confidence_features, the greatest among the candidates with the same answer, and the intercept.
# Printed by: python -m qa.training.calibration DIR
CONFIDENCE_WEIGHTS = (0.58, 4.73, 0.88)
INTERCEPT = -5.57

THRESHOLD = 0.18
"""Chosen on the risk-coverage curve: of 34 questions about the built-in reports it refuses those that have no answer
and no other."""

NULL_THRESHOLD = 3.8
"""The reader's own score, in log-odds, below which it had better answer nothing: where SQuAD 2.0's F1 is highest."""


class SmallReaderAnswerer(Answerer):
    """Ranks the reader's spans together with what retrieval says about their passages."""

    threshold = THRESHOLD

    def __init__(self, reader: Reader, encoder: Encoder) -> None:
        self._reader = reader
        self._encoder = encoder

    def answer(self, question: str, hits: Sequence[Hit], vector: Vectors | None = None) -> Reply:
        """Reply with the likeliest answer, quoted from the best places that say it, and with close other answers."""
        near = hits_to_read(hits)
        return self._reply(question, hits, read_in_stages(question, near, self._read), vector)

    def alone(self, question: str, hits: Sequence[Hit]) -> Reply:
        """Reply with the reader's own likeliest span, not ranked; `short` holds it too where the reader is sure."""
        readings = zip(hits, self._read(question, hits), strict=True)
        spans = [(r.score, hit.passage.document_id, hit.passage.start, r) for hit, found in readings for r in found]
        if not spans:
            return Reply((), 0.0)
        score, document_id, start, reading = max(spans, key=lambda span: span[0])
        quote = Quote(document_id, start + reading.start, start + reading.end)
        return Reply((quote,), sigmoid(score - NULL_THRESHOLD), quote if score >= NULL_THRESHOLD else None)

    def candidates(self, question: str, hits: Sequence[Hit]) -> list[Candidate]:
        """Return every candidate answer in the hits that would be read, with all of them read."""
        near = hits_to_read(hits)
        return extract_candidates(question, near, self._read(question, near))

    def confidence_features(
        self, question: str, candidates: Sequence[Candidate], hits: Sequence[Hit], vector: Vectors | None = None
    ) -> Vectors:
        """Return (n, 2): what the confidence depends on besides the score of each candidate.

        First the cosine of the question with the sentences shown or with their whole passage, whichever is higher: "He
        sold it in 1962." by itself is near to nothing. Then the share of the question's words that some hit has.
        """
        quotes = [evidence_quote(question, candidate, hits) for candidate in candidates]
        passages = [next(passages_of(quote, hits)) for quote in quotes]
        texts = [p.text[q.start - p.start : q.end - p.start] for q, p in zip(quotes, passages, strict=True)]
        vector = self._encoder.embed_query(question) if vector is None else vector
        shown = self._encoder.embed_passages(texts) @ vector
        cosines = np.maximum(shown, [candidate.cosine for candidate in candidates])
        return np.stack([cosines, np.full(len(cosines), _share_of_words_found(question, hits))], axis=1).astype(
            np.float32
        )

    def _read(self, question: str, hits: Sequence[Hit]) -> list[list[ScoredSpan]]:
        return self._reader.read(question, [passage_reading(hit.passage, hit.passage.context) for hit in hits])

    def _reply(
        self,
        question: str,
        hits: Sequence[Hit],
        candidates: Sequence[tuple[float, Candidate]],
        vector: Vectors | None,
    ) -> Reply:
        if not candidates:
            return Reply((), 0.0)
        score, best = candidates[0]
        same = supporting_candidates(candidates)
        near = [
            other for own, other in candidates if own >= score - MAX_LOG_ODDS_BEHIND and not same_answer(other, best)
        ]
        shown = evidence_quote(question, best, hits)
        features = self.confidence_features(question, same[:MAX_QUOTES], hits, vector).max(axis=0)
        confidence = sigmoid(float(np.dot(CONFIDENCE_WEIGHTS, [score, *features])) + INTERCEPT)
        quotes = merged([shown, *(quote_of(candidate) for candidate in (*same, *near))])
        short = None if YES_OR_NO.match(question) else Quote(best.document_id, *best.span)
        return Reply(tuple(quotes[:MAX_QUOTES]), confidence, short)


def supporting_candidates(candidates: Sequence[tuple[float, Candidate]]) -> list[Candidate]:
    """Return the best candidate and those with the same answer, best first; near-duplicate documents count as one."""
    kept: list[Candidate] = []
    for _, one in candidates:
        copied = any(one.source == other.source and one.document_id != other.document_id for other in kept)
        if same_answer(one, candidates[0][1]) and not copied:
            kept.append(one)
    return kept


def _share_of_words_found(question: str, hits: Sequence[Hit]) -> float:
    """Return the share of the question's words that some hit has."""
    asked = stems(question)
    had = {word for hit in hits for word in stems(hit.passage.text)}
    return sum(word in had for word in asked) / max(len(asked), 1)


def create(encoder: Encoder) -> SmallReaderAnswerer:
    """Return the answerer. It has its own network, so it works with every encoder.

    Raises:
        ReaderError: see qa.reader.model.Reader.
    """
    return SmallReaderAnswerer(Reader(), encoder)
