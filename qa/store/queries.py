"""What the rows of the database hold: ledger entries, documents, passages and excerpts."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from embeddings.types import Vectors
from qa.types import PAGED_MEDIA_TYPES, Block, BlockKind, Document, Passage

FORGOTTEN = "forgotten"
"""Status of a file that exists and must not be read."""

DOCUMENT_COLUMNS = (
    "id, title, text, source, published, media_type, sha256, publisher, language, dated, blocks, page_labels"
)

DESCRIPTION_COLUMNS = DOCUMENT_COLUMNS.replace("text, ", "")
"""Everything that two equal documents have in common; their texts are compared by hash."""

PASSAGE_COLUMNS = "id, start, end, passages.text, sentences, context, cells"

SUMMARY_COLUMNS = (
    "id, title, (SELECT count(*) FROM passages WHERE document = documents.key), file, published, dated, publisher"
)

Embedded = tuple[Document, list[Passage], Vectors]
"""A document with its passages and their vectors (n, d)."""

EXCERPT = """
SELECT id, title, source, published, publisher, dated, substr(text, :start + 1, :length), media_type,
    length(substr(text, 1, :start)) - length(replace(substr(text, 1, :start), char(12), '')), page_labels
FROM documents WHERE id = :id
"""
"""The last column but one counts the form feeds before the excerpt: each ends a page."""


PassageKey: TypeAlias = tuple[str, str, tuple[tuple[int, str], ...], str]
"""Title of the document, context, cells and text of a passage."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Part of a document's text, with what a citation says about the document."""

    document_id: str
    title: str
    source: str
    published: str | None
    publisher: str | None
    dated: str | None
    text: str
    page: int | None
    """Page of the first character, from 1; None if the document has no pages."""
    page_label: str | None
    """What is printed on that page as its number, where that is another."""

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> "Excerpt":
        """Return the excerpt in a row of EXCERPT."""
        id, title, source, published, publisher, dated, text, media_type, form_feeds, labels = row
        page = form_feeds + 1 if media_type in PAGED_MEDIA_TYPES else None
        printed = json.loads(labels)[form_feeds : form_feeds + 1] if page else []
        label = next((label for label in printed if label and label != str(page)), None)
        return cls(id, title, source, published, publisher, dated, text, page, label)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the ledger: the outcome of indexing one file."""

    name: str
    sha256: str
    size: int
    status: str
    """indexed, unchanged, replaced, renamed, skipped, failed, deleted or forgotten."""
    reason: str
    """Why it failed or is left out; empty otherwise."""
    passages: int
    seconds: float
    at: str
    """Time in UTC, ISO 8601."""
    modified: int = 0
    """Time of the last change to the file, in nanoseconds since 1970; 0 if its content must be read in any case."""
    note: str = ""
    """What was left out of the file and why, in words; empty if nothing was."""


def utc_now() -> str:
    """Return the time in UTC, ISO 8601, as it is stored in the ledger and with chats."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_entry(database: sqlite3.Connection, entry: Entry) -> None:
    """Write a ledger entry, replacing the file's previous one."""
    database.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
        " sha256 = excluded.sha256, size = excluded.size, status = excluded.status, reason = excluded.reason,"
        " passages = excluded.passages, seconds = excluded.seconds, at = excluded.at, modified = excluded.modified,"
        " note = excluded.note",
        tuple(getattr(entry, field) for field in Entry.__slots__),
    )


def passage_key(title: str, passage: Passage) -> PassageKey:
    """Return what two passages with the same vector and the same words have in common."""
    cells = tuple((start - passage.start, header) for start, header in passage.cells)
    return title, passage.context, cells, passage.text


def document_row(document: Document) -> tuple[Any, ...]:
    """Return the values of DOCUMENT_COLUMNS."""
    as_json = {"blocks": blocks_json(document), "page_labels": json.dumps(document.page_labels)}
    return tuple(as_json.get(field) or getattr(document, field) for field in DOCUMENT_COLUMNS.split(", "))


def description(document: Document) -> tuple[Any, ...]:
    """Return the values of DESCRIPTION_COLUMNS."""
    id, title, _, *others = document_row(document)
    return (id, title, *others)


def document_from(row: Sequence[Any]) -> Document:
    """Return the document in a row of DOCUMENT_COLUMNS."""
    fields = dict(zip(DOCUMENT_COLUMNS.split(", "), row, strict=True))
    blocks = tuple(_block(*values) for values in json.loads(fields["blocks"]))
    return Document(**fields | {"blocks": blocks, "page_labels": tuple(json.loads(fields["page_labels"]))})


def passage_from(row: Sequence[Any]) -> Passage:
    """Return the passage in a row of PASSAGE_COLUMNS."""
    id, start, end, text, sentences, context, cells = row
    spans = tuple((first, last) for first, last in json.loads(sentences))
    return Passage(id, start, end, text, spans, context, tuple((place, header) for place, header in json.loads(cells)))


def blocks_json(document: Document) -> str:
    """Return the structure of a document as it is stored."""
    return json.dumps([astuple(block) for block in document.blocks], separators=(",", ":"), ensure_ascii=False)


def _block(kind: str, start: int, end: int, level: int, context: str, cells: Sequence[Sequence[Any]]) -> Block:
    return Block(BlockKind(kind), start, end, level, context, tuple((place, header) for place, header in cells))
