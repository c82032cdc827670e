"""Turn a reply into an answer: every quote is checked against the stored text before it is shown."""

from collections.abc import Sequence

from qa.answering.protocol import Quote, Reply
from qa.errors import CitationError
from qa.store.corpus import Corpus
from qa.text.english import STOP_WORDS
from qa.text.language import foreign_language
from qa.text.words import content_words
from qa.types import Answer, Citation, Hit, Passage

REFUSAL = "The documents do not answer this."

MAX_TERMS_LOOKED_UP, MAX_MISSING_TERMS = 40, 5
"""How many of a refused question's words are looked up, and how many of those that are missing are kept."""

MAX_TERM_CHARS = 40
"""Longer missing terms are cut."""

ASKING_WORDS = STOP_WORDS | {"many", "much"}
"""Words that a question is asked with: nobody wonders whether the documents have them."""


def cite(
    corpus: Corpus, question: str, standalone_question: str, hits: tuple[Hit, ...], reply: Reply, threshold: float
) -> Answer:
    """Return the reply's quotes with markers, or a refusal; see `Reply.is_refused`.

    Raises:
        CitationError: a quote lies in none of the hits, or differs from the text stored at its offsets.
    """
    abstained = reply.is_refused(threshold)
    quotes = () if abstained else reply.quotes
    citations = tuple(_citation(corpus, hits, marker, quote) for marker, quote in enumerate(quotes, 1))
    return Answer(
        question=question,
        standalone_question=standalone_question,
        text=" ".join(f"{citation.text} [{citation.marker}]" for citation in citations) or REFUSAL,
        short=None if abstained or reply.short is None else quoted(hits, reply.short),
        citations=citations,
        passages=hits,
        confidence=reply.confidence_of_refusal if abstained else reply.confidence,
        abstained=abstained,
        corpus_fingerprint=corpus.fingerprint,
        missing_terms=missing_terms(corpus, standalone_question) if abstained else (),
        question_language=foreign_language(standalone_question) if abstained else None,
    )


def small_talk_answer(corpus: Corpus, question: str, line: str) -> Answer:
    """Return an answer that quotes nothing: to a greeting, to thanks, or about the corpus itself."""
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


def missing_terms(corpus: Corpus, question: str) -> tuple[str, ...]:
    """Return the question's words that no document has, at most MAX_MISSING_TERMS of them."""
    terms = (word.removesuffix("'s") for word in content_words(question)[:MAX_TERMS_LOOKED_UP])
    missing = corpus.vocabulary.missing(dict.fromkeys(term for term in terms if term not in ASKING_WORDS))
    return tuple(_shortened(term) for term in missing[:MAX_MISSING_TERMS])


def quoted(hits: Sequence[Hit], quote: Quote) -> str:
    """Return the words at a quote's offsets, taken from a retrieved passage: nothing else can be cited.

    Raises:
        CitationError: no hit holds the quote.
    """
    passage = _holding(hits, quote)
    return passage.text[quote.start - passage.start : quote.end - passage.start]


def _holding(hits: Sequence[Hit], quote: Quote) -> Passage:
    for hit in hits:
        for passage in (hit.passage, *hit.duplicates):
            inside = passage.start <= quote.start < quote.end <= passage.end
            if passage.document_id == quote.document_id and inside:
                return passage
    raise CitationError(f"{quote.document_id} at {quote.start}-{quote.end} was not retrieved, so it cannot be cited")


def _shortened(term: str) -> str:
    return term if len(term) <= MAX_TERM_CHARS else f"{term[:MAX_TERM_CHARS]}…"


def _citation(corpus: Corpus, hits: Sequence[Hit], marker: int, quote: Quote) -> Citation:
    text = quoted(hits, quote)
    stored = corpus.excerpt(quote.document_id, quote.start, quote.end)
    if stored.text != text:
        corpus.document(quote.document_id)  # says so where the stored text is damaged
        raise CitationError(
            f"{quote.document_id} at {quote.start}-{quote.end} is not what was indexed; type: qa doctor"
        )
    return Citation(
        marker=marker,
        document_id=stored.document_id,
        title=stored.title,
        source=stored.source,
        published=stored.published,
        page=stored.page,
        start=quote.start,
        end=quote.end,
        text=text,
        publisher=stored.publisher,
        dated=stored.dated,
        context=_holding(hits, quote).context,
        page_label=stored.page_label,
        copies=corpus.near_duplicates_containing(stored.document_id, text),
    )
