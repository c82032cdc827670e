"""Answer with the large reader: what it and retrieval say of each sentence decides which one is quoted."""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import TypeVar

from embeddings.types import Encoder, Vectors
from qa.answering.answerers.reader_small import SmallReaderAnswerer
from qa.answering.evidence import evidence_quote, merged, passages_of, quote_of
from qa.answering.protocol import Answerer, Quote, Reply
from qa.reader.answer_types import YES_OR_NO
from qa.reader.candidates import Candidate, rank_candidates, sigmoid
from qa.reader.certainty import ANSWERED, RIGHT, known_of_best, probability
from qa.reader.choice import CHOICE_WEIGHTS, FEATURES, ReadHit, sentence_candidates
from qa.reader.large import LargeReader
from qa.reader.memory import free_bytes
from qa.reader.model import Reader
from qa.types import Hit

READ_HITS, READ_HITS_SLOWLY = 5, 4
"""Hits that are read, and those on a processor without VNNI. Seventeen sets, each by weights fitted on the others, have
the first citation right as often with 4, 5 and 6 (.68), and one of three for .81, .81 and .82. Letting the small reader
choose them among 24 found no more answers than their order does."""

MIN_FREE_BYTES = 2 * 2**30
"""With less free memory the large reader is left out."""

LOG = logging.getLogger(__name__)

R = TypeVar("R")

MAX_QUOTES = 3
"""Quotes in one reply."""

MAX_LOG_ODDS_BEHIND = 1.5
"""A sentence is quoted after the best when its log-odds are at most this much lower."""

ASKS_FOR_FACT = re.compile(
    r"(?:.*[,;]\s*|.*\b(?:in|on|at|by|from|to|of|for|with|under)\s+|\s*(?:and\s+)?)"
    r"(?:who|whom|whose|when|where|which|what\s+(?:\w+\s+){0,2}?(?:year|date|day|name|number|age|time)"
    r"|how\s+(?:many|much|old|long|far|often|big|large|high|tall|fast|soon|late|deep))\b",
    re.IGNORECASE | re.DOTALL,
)
"""Questions whose answer is a name, a place, a time or a number: something shorter than a sentence."""

MIN_SPAN_SCORE = -2.0
"""For any other question the best span is the short answer from these log-odds on. On eight sets with short and with
long answers their F1 is .42 so, .39 with 0 for all questions, and .41 with the best span of every question."""

THRESHOLD = 0.3
"""Of the probability that there is an answer. By weights fitted on other sets, it refuses one question in twenty-three
that has an answer and six in ten of those that have none, in the mean of nineteen sets; 0.25 would refuse one in thirty
and four in seven, 0.45 one in ten and two in three."""

NULL_THRESHOLD = 0.0
"""The large reader's own score, in log-odds, below which it had better answer nothing. Over SQuAD 2.0 F1 is .62 so and
.66 at 2; over reports with tables (TAT-QA) it is .39 so and .30 at 2."""


class ReaderAnswerer(Answerer):
    """Ranks the sentences of the best hits by what the large reader and retrieval say of them."""

    threshold = THRESHOLD

    def __init__(self, large: LargeReader, small: Reader, encoder: Encoder) -> None:
        self._large, self._encoder = large, encoder
        self._drafter = SmallReaderAnswerer(small, encoder)

    @property
    def drafter(self) -> Answerer:
        """The small reader alone, which takes a quarter of the time."""
        return self._drafter

    def answer(self, question: str, hits: Sequence[Hit], vector: Vectors | None = None) -> Reply:
        """Reply with the sentence that answers best, and with others that do as well."""
        candidates = self.candidates(question, hits)
        if not candidates:
            return Reply((), 0.0)
        ranked = rank_candidates(candidates, CHOICE_WEIGHTS)
        score, best = ranked[0]
        vector = self._encoder.embed_query(question) if vector is None else vector
        first = shown_quote(question, best, hits)
        rivals = [(own, candidate) for own, candidate in ranked if not is_inside(candidate, first)]
        known = known_of_best(ranked, rivals, hits, self.cosine(vector, first, hits))
        near = [quote_of(candidate) for own, candidate in rivals if own >= score - MAX_LOG_ODDS_BEHIND]
        quotes = merged([first, *near])[:MAX_QUOTES]
        short = _short(question, first, candidates)
        return Reply(tuple(quotes), probability(known, RIGHT), short, probability(known, ANSWERED))

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

    def candidates(self, question: str, hits: Sequence[Hit]) -> list[Candidate]:
        """Read the first hits; return a candidate for each of their sentences."""
        near = hits[: READ_HITS if self._large.is_fast else READ_HITS_SLOWLY]
        readings = self._large.read(question, [hit.passage for hit in near])
        read = [ReadHit(*place) for place in zip(near, range(len(near)), readings, strict=True)]
        return sentence_candidates(question, read, hits)

    def cosine(self, vector: Vectors, quote: Quote, hits: Sequence[Hit]) -> float:
        """Return the cosine of the question's vector and a quote."""
        return float((self._encoder.embed_passages([_text(quote, hits)]) @ vector)[0])


def shown_quote(question: str, best: Candidate, hits: Sequence[Hit]) -> Quote:
    """Return what is quoted for a candidate: its sentence, with those beside it that it needs."""
    if ASKS_FOR_FACT.match(question):  # its span, however unlikely, may point back: "both declarations"
        best = replace(best, text=_text(Quote(best.document_id, *best.span), hits))
    return evidence_quote(question, best, hits)


def is_inside(candidate: Candidate, quote: Quote) -> bool:
    """Return whether a candidate's sentence is part of a quote."""
    start, end = candidate.quoted
    return candidate.document_id == quote.document_id and quote.start <= start and end <= quote.end


def _text(quote: Quote, hits: Sequence[Hit]) -> str:
    passage = next(passages_of(quote, hits))
    return passage.text[quote.start - passage.start : quote.end - passage.start]


def _short(question: str, quote: Quote, candidates: Sequence[Candidate]) -> Quote | None:
    """Return the best span inside a quote where the question asks for something short, or where the span is likely."""
    score = FEATURES.index("span")
    inside = [one for one in candidates if is_inside(one, quote) and one.span != one.quoted]
    best = max(inside, key=lambda candidate: candidate.features[score], default=None)
    if best is None or YES_OR_NO.match(question):
        return None
    if not ASKS_FOR_FACT.match(question) and 10 * best.features[score] < MIN_SPAN_SCORE:
        return None
    return Quote(best.document_id, *best.span)


@cache
def shared(reader: Callable[[], R]) -> R:
    """Return the process's one reader of a kind: each takes hundreds of megabytes, and all threads may use it."""
    return reader()


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
        return SmallReaderAnswerer(shared(Reader), encoder)
    return ReaderAnswerer(shared(LargeReader), shared(Reader), encoder)
