"""A reply to an answer: every quote is checked against the stored text before it is shown."""

from collections.abc import Sequence

from qa.answering.protocol import Quote, Reply
from qa.errors import CitationError
from qa.store.corpus import Corpus
from qa.text.english import STOP_WORDS
from qa.text.language import foreign_language
from qa.text.words import content_words
from qa.types import Answer, Citation, Hit, page_at

REFUSAL = "The documents do not answer this."

FOREIGN = "The question seems to be in another language than English, which the default model and reader are made for."

MISSING_AMONG, MISSING_NAMED = 40, 5
"""Words of a question that are looked up for a refusal, and those named in it, at most."""

WORD_AT_MOST = 40
"""Characters of such a word."""

ASKING = STOP_WORDS | {"many", "much"}
"""Words that a question asks with, so that nobody wonders whether the documents have them."""


def compose(
    corpus: Corpus, question: str, standalone_question: str, hits: tuple[Hit, ...], reply: Reply, min_confidence: float
) -> Answer:
    """The answer that is shown: the reply's quotes with markers, or a refusal below `min_confidence`.

    Raises:
        CitationError: a quote lies in no hit, or the stored text there is another.
    """
    abstained = not reply.quotes or reply.confidence < min_confidence
    quotes = () if abstained else reply.quotes
    citations = tuple(_cite(corpus, hits, marker, quote) for marker, quote in enumerate(quotes, 1))
    short = None if abstained or reply.short is None else quoted(hits, reply.short)
    return Answer(
        question=question,
        standalone_question=standalone_question,
        text=" ".join(f"{citation.text} [{citation.marker}]" for citation in citations)
        or _refusal(corpus, standalone_question),
        short=short,
        citations=citations,
        passages=hits,
        confidence=reply.confidence,
        abstained=abstained,
        corpus_fingerprint=corpus.fingerprint,
    )


def spoken(corpus: Corpus, question: str, line: str) -> Answer:
    """A line that is no quotation and cites nothing: to a greeting, to thanks, about the corpus itself."""
    return Answer(
        question=question,
        standalone_question=question,
        text=line,
        short=None,
        citations=(),
        passages=(),
        confidence=1.0,
        abstained=False,
        corpus_fingerprint=corpus.fingerprint,
    )


def lacking(corpus: Corpus, question: str) -> tuple[str, ...]:
    """Words of the question that no document has, MISSING_NAMED at most, long ones cut."""
    asked = (word.removesuffix("'s") for word in content_words(question)[:MISSING_AMONG] if word not in ASKING)
    missing = corpus.vocabulary.lacking(dict.fromkeys(asked))
    return tuple(_shortened(word) for word in missing[:MISSING_NAMED])


def _refusal(corpus: Corpus, question: str) -> str:
    """That the documents do not answer, and which of the question's words they do not even have."""
    named = ", ".join(f"“{word}”" for word in lacking(corpus, question))
    mention = f" They never mention {named}." if named else ""
    return f"{REFUSAL}{mention}{f' {FOREIGN}' if foreign_language(question) else ''}"


def _shortened(word: str) -> str:
    return word if len(word) <= WORD_AT_MOST else f"{word[:WORD_AT_MOST]}…"


def _cite(corpus: Corpus, hits: Sequence[Hit], marker: int, quote: Quote) -> Citation:
    text = quoted(hits, quote)
    document = corpus.document(quote.document_id)
    if document.text[quote.start : quote.end] != text:
        raise CitationError(
            f"{quote.document_id} at {quote.start}-{quote.end} is not what was indexed; type: qa doctor"
        )
    return Citation(
        marker=marker,
        document_id=document.id,
        title=document.title,
        source=document.source,
        published=document.published,
        page=page_at(document, quote.start),
        start=quote.start,
        end=quote.end,
        text=text,
        publisher=document.publisher,
        dated=document.dated,
        copies=corpus.copies(document.id, text),
    )


def quoted(hits: Sequence[Hit], quote: Quote) -> str:
    """The words at a quote's offsets, from the passage that was retrieved; nothing else can be cited."""
    for hit in hits:
        for passage in (hit.passage, *hit.duplicates):
            inside = passage.start <= quote.start < quote.end <= passage.end
            if passage.document_id == quote.document_id and inside:
                return passage.text[quote.start - passage.start : quote.end - passage.start]
    raise CitationError(f"{quote.document_id} at {quote.start}-{quote.end} was not retrieved, so it cannot be cited")
