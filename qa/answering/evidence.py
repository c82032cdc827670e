"""Choose the sentences to quote for a short answer: those that hold it, and those beside them that it needs."""

import re
from collections.abc import Iterator, Sequence

from qa.answering.protocol import Quote
from qa.reader.candidates import Candidate
from qa.text.words import stems
from qa.types import Hit, Passage

ASKS_FOR_STATEMENT = re.compile(
    r"\s*(?:and\s+)?(?:why\b|how\b(?! (?:many|much|old|long|far|often|big|large|high|tall|fast|soon|late|deep)\b)"
    r"|(?:what|how)\b.{0,60}\b(?:say|said|says|explain\w*|describe\w*|comment\w*|react\w*|respond\w*|think|mean)\b)",
    re.IGNORECASE,
)
"""Questions whose answer is a statement rather than a name, a place or a number."""

MAX_STATEMENT_SENTENCES = 3
"""Sentences quoted for such a question."""

CONTINUES = re.compile(
    r"[“\"'(]*(?:he|she|it|they|this|that|these|those|so|thus|therefore|because|but|and|then|instead|moreover)\b",
    re.IGNORECASE,
)
"""Beginnings of sentences that cannot stand without the one before them."""

POINTING_BACK = re.compile(
    r"(?:both|these|those|such|this|that|the (?:two|three|latter|former|same)|he|she|it|they|his|her|its|their)\b",
    re.IGNORECASE,
)
"""Beginnings of answers that only the sentence before explains: "both declarations"."""


def evidence_quote(question: str, best: Candidate, hits: Sequence[Hit]) -> Quote:
    """Return the sentences that hold a candidate's answer, with those beside them that it needs."""
    return _statement(best, hits) if ASKS_FOR_STATEMENT.match(question) else _with_context(best, question, hits)


def _statement(best: Candidate, hits: Sequence[Hit]) -> Quote:
    """Return the candidate's sentences with those that continue the statement, MAX_STATEMENT_SENTENCES at most.

    A sentence whose first word points back belongs to the sentence before it; one that leaves a quotation open belongs
    to the sentence after it.
    """
    start, end = best.quoted
    passage = next(passages_of(quote_of(best), hits))
    spans = passage.sentences
    first = next((n for n, span in enumerate(spans) if span[1] > start), 0)
    last = next((n for n, span in enumerate(spans) if span[1] >= end), len(spans) - 1)

    def said(place: int) -> str:
        return passage.text[spans[place][0] - passage.start : spans[place][1] - passage.start]

    if first > 0 and last - first + 1 < MAX_STATEMENT_SENTENCES and CONTINUES.match(said(first)):
        first -= 1
    while last + 1 < len(spans) and last - first + 1 < MAX_STATEMENT_SENTENCES:
        if not CONTINUES.match(said(last + 1)) and not _left_open(said(last)):
            break
        last += 1
    return Quote(best.document_id, spans[first][0], spans[last][1])


def _with_context(best: Candidate, question: str, hits: Sequence[Hit]) -> Quote:
    """Return the candidate's sentences, with the one before or after them where that one says most of the question.

    "Who shrugged?" "Mr. Blinken did not reply. He only shrugged.": the sentence with the name is not evidence by
    itself. Nor is an answer that points back, like "both declarations", without the sentence that names them.
    """
    start, end = best.quoted
    passage = next(passages_of(quote_of(best), hits))
    asked = set(stems(question))

    def shared(first: int, last: int) -> int:
        return len(asked & set(stems(passage.text[first - passage.start : last - passage.start])))

    if POINTING_BACK.match(best.text):
        before = [span for held in passages_of(quote_of(best), hits) for span in held.sentences if span[1] <= start]
        return Quote(best.document_id, max(before, default=(start, end))[0], end)
    beside = [span for span in passage.sentences if span[1] <= start][-1:]
    beside += [span for span in passage.sentences if span[0] >= end][:1]
    wider = [(min(start, span[0]), max(end, span[1])) for span in beside]
    widest = max(wider, key=lambda place: shared(*place), default=(start, end))
    enough = 2 * (shared(*widest) - shared(start, end)) >= len(asked)
    return Quote(best.document_id, *(widest if enough else (start, end)))


def quote_of(candidate: Candidate) -> Quote:
    """Return the quote of a candidate's own sentences."""
    return Quote(candidate.document_id, *candidate.quoted)


def merged(given: Sequence[Quote]) -> list[Quote]:
    """Return the quotes in order, without those that overlap an earlier one."""
    quotes: list[Quote] = []
    for quote in given:
        if not any(_overlap(quote, other) for other in quotes):
            quotes.append(quote)
    return quotes


def _overlap(one: Quote, other: Quote) -> bool:
    return one.document_id == other.document_id and one.start < other.end and other.start < one.end


def passages_of(quote: Quote, hits: Sequence[Hit]) -> Iterator[Passage]:
    """Yield the passages that hold a quote, best first; neighbouring passages overlap."""
    passages = (hit.passage for hit in hits if hit.passage.document_id == quote.document_id)
    return (passage for passage in passages if passage.start <= quote.start and quote.end <= passage.end)


def _left_open(sentence: str) -> bool:
    return sentence.count("“") > sentence.count("”") or sentence.count('"') % 2 == 1
