"""The package's value types. Offsets count characters (code points) of a document's stored text."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Any

Span = tuple[int, int]
"""(start, end) with 0 <= start < end: the characters from start up to but not including end."""

Scope = frozenset[str] | None
"""Ids of the documents that may be used; None means all."""

MAX_TITLE_CHARS = 500
"""Longer titles are cut, because the title is read with every passage of its document."""

MAX_PAGE_LABEL_CHARS = 20

PAGE_BREAK = "\f"
"""Separates the pages of a paged document's text."""

PAGED_MEDIA_TYPES = ("application/pdf",)
"""Media types of documents that have pages. In any other text a form feed is an ordinary character."""


@dataclass(frozen=True, slots=True)
class _Dictable:
    """Base of the dataclasses that convert to plain dicts, lists, strings and numbers."""

    def to_dict(self) -> dict[str, Any]:
        """Return every field by name, ready for JSON; nested values become dicts and lists."""
        return asdict(self)


class BlockKind(StrEnum):
    """What a block is to its document."""

    TEXT = "text"
    """A paragraph, or another run of sentences."""
    ITEM = "item"
    """A list item, or a term with its definition: a unit that may lack a full stop."""
    HEADING = "heading"
    """Begins a section. Kept with the passages of its section as their context; a sentence of none."""
    ROW = "row"
    """A row of a table, a passage of its own."""
    HEADER = "header"
    """A table's caption or header row. Kept with the rows below as their context."""
    FURNITURE = "furniture"
    """Navigation, a running head, a page number: in the text, in no passage."""


@dataclass(frozen=True, slots=True)
class Block(_Dictable):
    """A unit of a document's structure; no sentence and no passage crosses its ends, but passages may hold several."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    """Of a heading: 1 for a chapter, 2 for a section, and so on; 0 otherwise."""
    context: str = ""
    """What the block stands under besides headings: a speaker, a table's caption."""
    cells: tuple[tuple[int, str], ...] = ()
    """Of a row: where each cell that is not blank starts, and the header of its column, which may be empty."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What a loader says about a file besides its documents: what it left out, and why. Shown in the ledger."""

    text: str
    """In plain words that follow the file's name: "page 3 holds no text, so it may be scanned"."""


@dataclass(frozen=True, slots=True)
class Document(_Dictable):
    """A text with its metadata. `text` never changes after loading, because offsets point into it."""

    id: str
    title: str
    text: str
    source: str
    """Where the document came from: a path, or the address that a .jsonl record gives."""
    published: str | None
    """Day of publication as YYYY-MM-DD, or None if unknown; never a day that the text only mentions."""
    media_type: str
    sha256: str
    """Checksum of the text in UTF-8, in hexadecimal."""
    publisher: str | None = None
    """Who published the document: a site, a news agency or the sender of a message."""
    language: str | None = None
    """ISO 639 code of the text's language ("en"), or None if it cannot be detected."""
    dated: str | None = None
    """How `published` is known: "stated" in the file, "inferred" from the text, or None if it is unknown."""
    blocks: tuple[Block, ...] = ()
    """The structure of the text, in order, without overlaps; empty until it is found in the text itself."""
    page_labels: tuple[str, ...] = ()
    """What is printed on each page as its number ("xii"); empty if no label differs from the count of pages."""


@dataclass(frozen=True, slots=True)
class DocumentSummary(_Dictable):
    """A document without its text, as lists of documents show it."""

    id: str
    title: str
    passages: int
    file: str = ""
    """Name of the file that holds the document, as recorded in the ledger."""
    published: str | None = None
    dated: str | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class Passage(_Dictable):
    """A run of whole sentences of one document; always `text == document.text[start:end]`."""

    document_id: str
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    """Spans of the passage's sentences, as offsets into the document."""
    context: str = ""
    """What the passage stands under, outermost first: headings, a speaker, a table's caption. Searched and read with
    the passage, never part of a quote."""
    cells: tuple[tuple[int, str], ...] = ()
    """Of a table's row: where each cell that is not blank starts in the document, and the header of its column."""


@dataclass(frozen=True, slots=True)
class Hit(_Dictable):
    """A retrieved passage with the scores and ranks that explain its position; named ones move up."""

    passage: Passage
    score: float
    """Fusion of cosine and BM25, in [0, 1]; comparable only within one search."""
    cosine: float
    """Cosine similarity of question and passage, in [-1, 1]."""
    bm25: float
    """BM25 score, 0 or more; 0 if question and passage share no word."""
    dense_rank: int | None
    """Rank by cosine, from 1; None if the passage is not among the candidates by cosine."""
    bm25_rank: int | None
    """Rank by BM25, from 1; None if no word is shared or the passage is not among the candidates by BM25."""
    duplicates: tuple[Passage, ...] = ()
    """Near-identical passages that ranked lower and were folded into this hit."""
    duplicate_group: int | None = None
    """Number shared by the near-duplicates of one document; None if the document has none."""
    named: bool = False
    """Whether the question names the passage's document; see qa.answering.naming."""


@dataclass(frozen=True, slots=True)
class Citation(_Dictable):
    """The span that an answer quotes: `text == document.text[start:end]`, checked when answering."""

    marker: int
    document_id: str
    title: str
    source: str
    published: str | None
    page: int | None
    """Page of the first character, from 1; None if the document has no pages."""
    start: int
    end: int
    text: str
    publisher: str | None = None
    dated: str | None = None
    """How `published` is known, as in `Document.dated`."""
    context: str = ""
    """The headings that the quote stands under, a speaker, a table's caption; see `Passage.context`."""
    page_label: str | None = None
    """What is printed on the page as its number, where that is not `page`."""
    copies: tuple[str, ...] = ()
    """Ids of near-duplicate documents with the same words, which do not count as further sources."""


@dataclass(frozen=True, slots=True)
class Answer(_Dictable):
    """The result of `ask`: a cited answer, a small-talk reply or a refusal."""

    question: str
    """The question as it was asked."""
    standalone_question: str
    """The question as it was understood; follow-ups completed, misspellings corrected."""
    text: str
    """Quoted sentences with [1] markers, a small-talk reply, or the sentence that the documents do not answer."""
    short: str | None
    """The shortest span that answers the question, or None."""
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    """All retrieved passages, best first; in a refusal they are only the nearest, not an answer."""
    confidence: float
    """Calibrated probability in [0, 1] that the documents contain the answer."""
    abstained: bool
    """Whether this is a refusal."""
    corpus_fingerprint: str
    """Changes whenever the documents, their passages or the encoder change."""
    missing_terms: tuple[str, ...] = ()
    """In a refusal, the first few words of the question that no document contains."""
    question_language: str | None = None
    """In a refusal, the ISO 639 code of a question that is certainly not English, or "und" if no more than that is
    certain; None otherwise."""


def make_document(
    *,
    id: str,
    title: str,
    text: str,
    source: str,
    media_type: str,
    published: str | None = None,
    publisher: str | None = None,
    blocks: tuple[Block, ...] = (),
    page_labels: Sequence[str] = (),
) -> Document:
    """Return a document with its checksum; a lone surrogate, which no file can hold, becomes U+FFFD.

    `published` and `publisher` are what the file itself states apart from its text.
    """
    id, text = storable(id), storable(text)
    return Document(
        id=id,
        title=" ".join(storable(title).split())[:MAX_TITLE_CHARS] or PurePath(id).stem or id,
        text=text,
        source=storable(source),
        published=published and storable(published),
        media_type=media_type,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        publisher=" ".join(storable(publisher or "").split())[:MAX_TITLE_CHARS] or None,
        dated="stated" if published else None,
        blocks=blocks,
        page_labels=_page_labels(page_labels),
    )


def _page_labels(stated: Sequence[str]) -> tuple[str, ...]:
    """Return the labels of pages on one line each; none if all of them only count the pages."""
    labels = tuple(" ".join(storable(label).split())[:MAX_PAGE_LABEL_CHARS] for label in stated)
    return labels if any(label and label != str(number) for number, label in enumerate(labels, 1)) else ()


def storable(text: str) -> str:
    """Replace each lone surrogate with one U+FFFD, so that all offsets stay valid."""
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text) if not _is_utf8(text) else text


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def join_pages(pages: list[str]) -> str:
    """Join the pages into one text; a form feed inside a page becomes a line feed, so that page numbers stay right."""
    return PAGE_BREAK.join(page.replace(PAGE_BREAK, "\n") for page in pages)


def page_at(document: Document, offset: int) -> int | None:
    """Return the page, from 1, of the character at `offset`, or None if the document has no pages."""
    return document.text.count(PAGE_BREAK, 0, offset) + 1 if document.media_type in PAGED_MEDIA_TYPES else None
