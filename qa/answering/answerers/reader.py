"""The trained reader over the best hits: the span that answers, in its whole sentences, from every place it stands."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from embeddings.types import Encoder, Vectors
from qa.answering.protocol import Quote, Reply
from qa.reader.candidates import Candidate, extract_candidates, same_answer, sigmoid
from qa.reader.cascade import hits_to_read, read_in_stages
from qa.reader.model import Reader, ScoredSpan
from qa.text.words import stems
from qa.types import Hit, Passage

QUOTES = 3
"""Places cited, at most, in one reply."""

CLOSE = 1.5
"""Log-odds by which another answer may stay behind the best and still be quoted after it."""

# Logistic regression for "what is quoted for the best candidate is right": coefficients of its score and of each of
# ReaderAnswerer.confidence_features, the greatest among the candidates with the same answer, and the intercept. Printed
# by: python -m qa.training.calibration DIR
CONFIDENCE_WEIGHTS = (0.58, 4.73, 0.88)
INTERCEPT = -5.57

THRESHOLD = 0.18
"""Chosen on the risk-coverage curve: of 34 questions about the built-in reports those that have no answer are refused,
and none that has one."""

NULL_THRESHOLD = 3.8
"""Of the reader's own score, below which it does better to say nothing: where SQuAD 2.0's F1 is highest."""

EXPLAINING = re.compile(
    r"\s*(?:and\s+)?(?:why\b|how\b(?! (?:many|much|old|long|far|often|big|large|high|tall|fast|soon|late|deep)\b)"
    r"|(?:what|how)\b.{0,60}\b(?:say|said|says|explain\w*|describe\w*|comment\w*|react\w*|respond\w*|think|mean)\b)",
    re.IGNORECASE,
)
"""Questions whose answer is a statement rather than a name, a place or a number."""

EXPLANATION = 3
"""Sentences quoted for one, at most."""

GOING_ON = re.compile(
    r"[“\"'(]*(?:he|she|it|they|this|that|these|those|so|thus|therefore|because|but|and|then|instead|moreover)\b",
    re.IGNORECASE,
)
"""How a sentence begins that cannot stand without the one before it."""

POINTING_BACK = re.compile(
    r"(?:both|these|those|such|this|that|the (?:two|three|latter|former|same)|he|she|it|they|his|her|its|their)\b",
    re.IGNORECASE,
)
"""How an answer begins that only the sentence before explains: "both declarations"."""

YES_OR_NO = re.compile(
    r"\s*(?:and\s+)?(?:is|are|was|were|am|do|does|did|has|have|had|will|would|can|could|shall|should|may|might|must)"
    r"(?:n['’]t)?\b(?! (?:what|who|when|where|why|how)\b)",
    re.IGNORECASE,
)
"""Questions that a quoted sentence answers, and never a bare yes."""


class ReaderAnswerer:
    """Weighs the reader's spans with what retrieval says of their passages."""

    threshold = THRESHOLD

    def __init__(self, reader: Reader, encoder: Encoder) -> None:
        self._reader = reader
        self._encoder = encoder

    def answer(self, question: str, hits: Sequence[Hit], vector: Vectors | None = None) -> Reply:
        """The likeliest span and where else it stands; the sentences around it where the question asks for more."""
        near = hits_to_read(hits)
        return self._reply(question, hits, read_in_stages(question, near, self._read), vector)

    def alone(self, question: str, hits: Sequence[Hit]) -> Reply:
        """What the reader makes of hits by itself: its likeliest span, as `short` too where it is sure."""
        readings = zip(hits, self._read(question, hits), strict=True)
        spans = [(r.score, hit.passage.document_id, hit.passage.start, r) for hit, found in readings for r in found]
        if not spans:
            return Reply((), 0.0)
        score, document_id, start, reading = max(spans, key=lambda span: span[0])
        quote = Quote(document_id, start + reading.start, start + reading.end)
        return Reply((quote,), sigmoid(score - NULL_THRESHOLD), quote if score >= NULL_THRESHOLD else None)

    def candidates(self, question: str, hits: Sequence[Hit]) -> list[Candidate]:
        """All that may answer in the hits that are considered, each of them read."""
        near = hits_to_read(hits)
        return extract_candidates(question, near, self._read(question, near))

    def confidence_features(
        self, question: str, candidates: Sequence[Candidate], hits: Sequence[Hit], vector: Vectors | None = None
    ) -> Vectors:
        """(n, 2): what tells, besides its score, how sure each candidate is.

        The cosine of the question and what is nearer to it, the sentences shown or their whole passage: by itself "He
        sold it in 1962." is near to nothing. Then the share of the question's words that any of the hits has.
        """
        quotes = [evidence_quote(question, candidate, hits) for candidate in candidates]
        passages = [next(_passages_of(quote, hits)) for quote in quotes]
        texts = [p.text[q.start - p.start : q.end - p.start] for q, p in zip(quotes, passages, strict=True)]
        vector = self._encoder.embed_query(question) if vector is None else vector
        shown = self._encoder.embed_passages(texts) @ vector
        cosines = np.maximum(shown, [candidate.cosine for candidate in candidates])
        return np.stack([cosines, np.full(len(cosines), _mentioned(question, hits))], axis=1).astype(np.float32)

    def _read(self, question: str, hits: Sequence[Hit]) -> list[list[ScoredSpan]]:
        return self._reader.read(question, [hit.passage.text for hit in hits])

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
        near = [other for own, other in candidates if own >= score - CLOSE and not same_answer(other, best)]
        shown = evidence_quote(question, best, hits)
        confidence_features = self.confidence_features(question, same[:QUOTES], hits, vector).max(axis=0)
        confidence = sigmoid(float(np.dot(CONFIDENCE_WEIGHTS, [score, *confidence_features])) + INTERCEPT)
        quotes = _merged([shown, *(_quoted(candidate) for candidate in (*same, *near))])
        short = None if YES_OR_NO.match(question) else Quote(best.document_id, *best.span)
        return Reply(tuple(quotes[:QUOTES]), confidence, short)


def supporting_candidates(candidates: Sequence[tuple[float, Candidate]]) -> list[Candidate]:
    """Of the candidates, best first, the best and those that say the same; near-copies of a document count as one."""
    kept: list[Candidate] = []
    for _, one in candidates:
        copied = any(one.source == other.source and one.document_id != other.document_id for other in kept)
        if same_answer(one, candidates[0][1]) and not copied:
            kept.append(one)
    return kept


def evidence_quote(question: str, best: Candidate, hits: Sequence[Hit]) -> Quote:
    """The candidate's sentences, with those beside them that its answer needs."""
    return _widened(best, hits) if EXPLAINING.match(question) else _supported(best, question, hits)


def _mentioned(question: str, hits: Sequence[Hit]) -> float:
    """The share of the question's words that any of the hits has."""
    asked = stems(question)
    had = {word for hit in hits for word in stems(hit.passage.text)}
    return sum(word in had for word in asked) / max(len(asked), 1)


def _merged(given: Sequence[Quote]) -> list[Quote]:
    """The quotes in order, each place once."""
    quotes: list[Quote] = []
    for quote in given:
        if not any(_overlap(quote, other) for other in quotes):
            quotes.append(quote)
    return quotes


def _overlap(one: Quote, other: Quote) -> bool:
    return one.document_id == other.document_id and one.start < other.end and other.start < one.end


def _widened(best: Candidate, hits: Sequence[Hit]) -> Quote:
    """The best sentences with those beside them that the statement goes on in, EXPLANATION at most.

    A sentence that begins with a word that points back belongs to the one before it; one that leaves a quotation
    open to the one after it.
    """
    start, end = best.quoted
    passage = next(_passages_of(_quoted(best), hits))
    spans = passage.sentences
    first = next((n for n, span in enumerate(spans) if span[1] > start), 0)
    last = next((n for n, span in enumerate(spans) if span[1] >= end), len(spans) - 1)

    def said(place: int) -> str:
        return passage.text[spans[place][0] - passage.start : spans[place][1] - passage.start]

    if first > 0 and last - first + 1 < EXPLANATION and GOING_ON.match(said(first)):
        first -= 1
    while last + 1 < len(spans) and last - first + 1 < EXPLANATION:
        if not GOING_ON.match(said(last + 1)) and not _left_open(said(last)):
            break
        last += 1
    return Quote(best.document_id, spans[first][0], spans[last][1])


def _supported(best: Candidate, question: str, hits: Sequence[Hit]) -> Quote:
    """The best sentences with the one before or after them, where only that one says most of what was asked.

    "Who shrugged?" "Mr. Blinken did not reply. He only shrugged.": the name alone is no evidence. Nor is an answer that
    points back, like "both declarations", without the sentence that names them.
    """
    start, end = best.quoted
    passage = next(_passages_of(_quoted(best), hits))
    asked = set(stems(question))

    def shared(first: int, last: int) -> int:
        return len(asked & set(stems(passage.text[first - passage.start : last - passage.start])))

    if POINTING_BACK.match(best.text):
        before = [span for held in _passages_of(_quoted(best), hits) for span in held.sentences if span[1] <= start]
        return Quote(best.document_id, max(before, default=(start, end))[0], end)
    beside = [span for span in passage.sentences if span[1] <= start][-1:]
    beside += [span for span in passage.sentences if span[0] >= end][:1]
    wider = [(min(start, span[0]), max(end, span[1])) for span in beside]
    widest = max(wider, key=lambda place: shared(*place), default=(start, end))
    enough = 2 * (shared(*widest) - shared(start, end)) >= len(asked)
    return Quote(best.document_id, *(widest if enough else (start, end)))


def _quoted(candidate: Candidate) -> Quote:
    return Quote(candidate.document_id, *candidate.quoted)


def _passages_of(quote: Quote, hits: Sequence[Hit]) -> Iterator[Passage]:
    """Those that hold what is quoted, best first; neighbours overlap."""
    passages = (hit.passage for hit in hits if hit.passage.document_id == quote.document_id)
    return (passage for passage in passages if passage.start <= quote.start and quote.end <= passage.end)


def _left_open(sentence: str) -> bool:
    return sentence.count("“") > sentence.count("”") or sentence.count('"') % 2 == 1


def create(encoder: Encoder) -> ReaderAnswerer:
    """The answerer; it has its own network, and so serves every encoder.

    Raises:
        ReaderError: see qa.reader.model.Reader.
    """
    return ReaderAnswerer(Reader(), encoder)
