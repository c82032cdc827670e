"""Render the documents beside the chat: a time line and a list to search, filter, add to, open and delete from."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from qa.history.rendering import one_line
from qa.ingest.uploads import PREFIX
from qa.types import DocumentSummary
from qa.web.document_filter import DocumentFilter
from qa.web.html import strings
from qa.web.html.rendering import render
from qa.web.html.timeline import render_timeline

MAX_DOCUMENTS_LISTED = 200
"""A longer list would make the page slow to open."""

MAX_NOT_READ_LISTED = 200
"""Files that were not read of which more are only counted."""

PUBLISHER_CHARS = 60
"""Length at which a publisher's name is cut."""


@dataclass(frozen=True, slots=True)
class DocumentList:
    """What the page says about the corpus."""

    name: str
    documents: tuple[DocumentSummary, ...]
    passages: int
    not_read: tuple[tuple[str, str], ...] = ()
    """Names of the files that were not read, or not wholly, each with the reason in words."""
    titles: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "titles", {document.id: document.title for document in self.documents})

    def title(self, id: str) -> str:
        """Return a document's title, or its id if it is not in the list."""
        return self.titles.get(id, id)

    @property
    def size(self) -> str:
        """Number of documents and passages, in words."""
        return f"{strings.documents(len(self.documents))} · {strings.passages(self.passages)}"

    def counts(self, within: frozenset[str] | None) -> tuple[int, int]:
        """Count the documents and passages that may be used; `within` holds their ids, None stands for all."""
        if within is None:
            return len(self.documents), self.passages
        return len(within), sum(document.passages for document in self.documents if document.id in within)


@dataclass(frozen=True, slots=True)
class Row:
    """A document in the list."""

    id: str
    title: str
    details: str
    is_used: bool
    """Whether its box is ticked."""
    confirmation: str
    """What is asked before it is deleted."""


def render_document_list(document_list: DocumentList, document_filter: DocumentFilter, find: str = "") -> Markup:
    """Render where files are added, the time line, the filter and the documents that match it.

    Every word in `find` is looked for in titles, ids and publishers, in any case.
    """
    documents = document_list.documents
    words = find.casefold().split()
    matching = [one for one in documents if document_filter.matches(one) and _contains(one, words)]
    within = document_filter.selected_ids(documents)
    used, _ = document_list.counts(within)
    return render(
        "document_list",
        name=document_list.name,
        size=document_list.size,
        note="" if within is None else strings.documents_used(used, len(documents)),
        timeline=render_timeline(documents, [within is None or one.id in within for one in documents]),
        filter=document_filter,
        find=find,
        has_dates=any(one.published for one in documents),
        publishers=_publishers(documents, document_filter.publisher),
        rows=list(_rows(documents, matching[:MAX_DOCUMENTS_LISTED], document_filter)),
        unlisted=len(matching) - MAX_DOCUMENTS_LISTED,
        not_read=document_list.not_read[:MAX_NOT_READ_LISTED],
        not_read_count=len(document_list.not_read),
    )


def render_corpus_size(document_list: DocumentList) -> Markup:
    """Render, hidden, the size of the corpus as it is now; the page's script shows it in the header."""
    return render("corpus_size", size=document_list.size)


def _contains(document: DocumentSummary, words: Sequence[str]) -> bool:
    if not words:
        return True
    searched = f"{document.title} {document.id} {document.publisher or ''}".casefold()
    return all(word in searched for word in words)


def _publishers(documents: Sequence[DocumentSummary], selected: str) -> list[tuple[str, str]]:
    """List (name, name as shown) by name; `selected` is among them even if no document has it any more."""
    names = {one.publisher for one in documents if one.publisher} | ({selected} if selected else set())
    return [(name, one_line(name, PUBLISHER_CHARS)) for name in sorted(names, key=str.casefold)]


def _rows(
    documents: Sequence[DocumentSummary], listed: Sequence[DocumentSummary], document_filter: DocumentFilter
) -> Iterator[Row]:
    per_file = Counter(one.file for one in documents)
    for one in listed:
        details = filter(None, [one.published, one.publisher, one.id, strings.passages(one.passages)])
        yield Row(
            one.id,
            one.title,
            " · ".join(details),
            one.id not in document_filter.excluded,
            strings.confirm_document_deletion(one.passages, per_file[one.file] - 1, one.file.startswith(PREFIX)),
        )
