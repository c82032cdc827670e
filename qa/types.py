"""The nouns of the package. Offsets count characters (code points) of a document's stored text."""

import hashlib
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

Span = tuple[int, int]
"""(start, end) with 0 <= start < end: the characters from start up to, but without, end."""

Scope = frozenset[str] | None
"""The ids of the documents that may be used; None is all."""

TITLE_AT_MOST = 500
"""Characters that are kept of a title: it is read with every passage of its document."""

BREAK = "\f"

PAGED = ("application/pdf",)
"""Media types of documents that have pages. In other texts a form feed is a character like any other."""


@dataclass(frozen=True, slots=True)
class _Dictable:
    """Dataclasses that turn into plain dicts, lists, strings and numbers."""

    def to_dict(self) -> dict[str, Any]:
        """Every field by its name, nested ones as dicts and lists, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Document(_Dictable):
    """One text with its name. `text` is never altered after loading: it is what offsets point into."""

    id: str
    title: str
    text: str
    source: str
    """Where it came from: a path, or the address that a .jsonl record gives."""
    published: str | None
    """Day of publication as YYYY-MM-DD, or None where it is not known; never a day that is merely mentioned."""
    media_type: str
    sha256: str
    """Of the text in UTF-8."""
    publisher: str | None = None
    """Who published it: a site, a news agency, the sender of a message."""
    language: str | None = None
    """Of the text, as ISO 639 writes it ("en"), or None where that cannot be told."""
    dated: str | None = None
    """How `published` is known: "stated" in the file, "inferred" from the text's own words, None where it is not."""


@dataclass(frozen=True, slots=True)
class DocumentSummary(_Dictable):
    """A document in a list, without its text."""

    id: str
    title: str
    passages: int
    file: str = ""
    """The name of the file that it is in, as the ledger has it."""
    published: str | None = None
    dated: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class Passage(_Dictable):
    """A run of whole sentences: `text == document.text[start:end]`, always."""

    document_id: str
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    """The sentences inside, as offsets into the document."""


@dataclass(frozen=True, slots=True)
class Hit(_Dictable):
    """A passage that was retrieved, with the account of why it stands where it does."""

    passage: Passage
    score: float
    """Fused, in [0, 1]; comparable within one search."""
    cosine: float
    """Of question and passage, in [-1, 1]."""
    bm25: float
    """0 or more; 0 when no word is shared."""
    dense_rank: int | None
    """Place by cosine, from 1; None when beyond the candidates."""
    bm25_rank: int | None
    """Place by BM25, from 1; None when no word is shared or beyond the candidates."""
    duplicates: tuple[Passage, ...] = ()
    """Near-identical passages that ranked lower and were folded into this one."""
    duplicate_group: int | None = None
    """A number that documents share which are near-copies of one text; None where there is no other."""


@dataclass(frozen=True, slots=True)
class Citation(_Dictable):
    """Where the words of an answer stand: `text == document.text[start:end]`, checked at answer time."""

    marker: int
    document_id: str
    title: str
    source: str
    published: str | None
    page: int | None
    """Of its first character, from 1; None where the document has no pages."""
    start: int
    end: int
    text: str
    publisher: str | None = None
    dated: str | None = None
    """How `published` is known; see Document."""
    copies: tuple[str, ...] = ()
    """Ids of the near-copies of its document that hold the same words: no sources of their own."""


@dataclass(frozen=True, slots=True)
class Answer(_Dictable):
    """What `ask` returns."""

    question: str
    """As it was asked."""
    standalone_question: str
    """As it was understood: a follow-up with what it left out."""
    text: str
    """Quoted sentences with [1] markers, or the one sentence that says the documents do not answer."""
    short: str | None
    """The shortest span that answers, or None."""
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    """All that was retrieved, best first; of a refusal, the nearest, which are not an answer."""
    confidence: float
    """Calibrated probability in [0, 1] that the documents hold the answer."""
    abstained: bool
    corpus_fingerprint: str
    """Differs when the documents, their passages or the encoder differ."""
    missing_terms: tuple[str, ...] = ()
    """Of a refusal: words of the question that no document has, the first few."""
    question_language: str | None = None
    """Of a refusal: the question's language as ISO 639 writes it where it is surely not English, "und" where only that
    is sure; None otherwise."""


def make_document(
    *,
    id: str,
    title: str,
    text: str,
    source: str,
    media_type: str,
    published: str | None = None,
    publisher: str | None = None,
) -> Document:
    """A document with its hash; a lone surrogate, which no file can hold, becomes U+FFFD.

    `published` and `publisher` are what the file itself states beside its text.
    """
    id, text = storable(id), storable(text)
    return Document(
        id=id,
        title=" ".join(storable(title).split())[:TITLE_AT_MOST] or PurePath(id).stem or id,
        text=text,
        source=storable(source),
        published=published and storable(published),
        media_type=media_type,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        publisher=" ".join(storable(publisher or "").split())[:TITLE_AT_MOST] or None,
        dated="stated" if published else None,
    )


def storable(text: str) -> str:
    """`text` with U+FFFD for every lone surrogate, one for one, so that every offset stays."""
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text) if not _is_utf8(text) else text


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def join_pages(pages: list[str]) -> str:
    """One text of the pages' texts; a form feed inside a page becomes a line feed, so that the count is right."""
    return BREAK.join(page.replace(BREAK, "\n") for page in pages)


def page_at(document: Document, offset: int) -> int | None:
    """The page, from 1, that the character at `offset` stands on; None where the document has no pages."""
    return document.text.count(BREAK, 0, offset) + 1 if document.media_type in PAGED else None
