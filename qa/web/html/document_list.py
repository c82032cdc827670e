"""The documents beside the chat: on a time line and in a list; found, chosen, added, opened and deleted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from qa.history.rendering import one_line
from qa.ingest.uploads import PREFIX
from qa.types import DocumentSummary
from qa.web.document_filter import DocumentFilter
from qa.web.html import strings
from qa.web.html.icons import icon
from qa.web.html.timeline import render_timeline

DOCUMENTS_LISTED = 200
"""In the list of documents; a page with more would be slow to open."""


@dataclass(frozen=True, slots=True)
class DocumentList:
    """What the page says about the corpus."""

    name: str
    documents: tuple[DocumentSummary, ...]
    passages: int
    titles: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "titles", {document.id: document.title for document in self.documents})

    def title(self, id: str) -> str:
        """Of a document; its id where it is not in the list."""
        return self.titles.get(id, id)

    @property
    def size(self) -> str:
        """Documents and passages, in words."""
        return f"{strings.documents(len(self.documents))} · {strings.passages(self.passages)}"

    def counts(self, within: frozenset[str] | None) -> tuple[int, int]:
        """How many documents and passages may be used."""
        if within is None:
            return len(self.documents), self.passages
        return len(within), sum(one.passages for one in self.documents if one.id in within)


def render_document_list(document_list: DocumentList, document_filter: DocumentFilter, find: str = "") -> str:
    """What stands in the pane: where files are added, the time line, the form, the documents that match.

    `find` is looked for in titles, ids and publishers, in any case.
    """
    matching = [one for one in document_list.documents if document_filter.matches(one) and _matches(one, find)]
    within = document_filter.selected_ids(document_list.documents)
    used, _ = document_list.counts(within)
    note = "" if within is None else escape(strings.documents_used(used, len(document_list.documents)))
    more = len(matching) - DOCUMENTS_LISTED
    rest = f'<p class="qa-hint">{escape(strings.more_documents(more))}</p>' if more > 0 else ""
    none = "" if matching else f'<p class="qa-hint">{escape(strings.NO_MATCH)}</p>'
    line = render_timeline(
        document_list.documents, [within is None or one.id in within for one in document_list.documents]
    )
    return (
        f'<div class="qa-list-pane" data-qa-document-list data-qa-note="{note}">{render_corpus_size(document_list)}'
        f"<h2>{escape(document_list.name)}</h2>"
        f"{render_drop_zone()}{line}{_form(document_list, document_filter, find)}"
        f'<p class="qa-hint" role="status" id="qa-filter-status">{note or escape(strings.ALL_DOCUMENTS_USED)}</p>'
        f"{_list(document_list, matching[:DOCUMENTS_LISTED], document_filter)}{none}{rest}</div>"
    )


def render_corpus_size(document_list: DocumentList) -> str:
    """What the bar says of the documents as they are now; the page's script puts it there."""
    label = escape(strings.list_documents(document_list.size))
    return f'<span hidden data-qa-size="{escape(document_list.size)}" data-qa-size-label="{label}"></span>'


def _matches(document: DocumentSummary, find: str) -> bool:
    said = f"{document.title} {document.id} {document.publisher or ''}".casefold()
    return all(word in said for word in find.casefold().split())


def render_drop_zone() -> str:
    """Where files are dropped, and the buttons that ask for some."""
    return (
        f'<div class="qa-drop" data-qa-drop><p>{escape(strings.DROP_FILES)}</p><div class="qa-actions">'
        f'<button type="button" class="qa-action" data-qa-add="files">{icon("add")}<span>{escape(strings.ADD_FILES)}</span>'  # noqa: E501
        f'</button><button type="button" class="qa-action" data-qa-add="folder">{icon("folder")}'
        f"<span>{escape(strings.ADD_FOLDER)}</span></button></div></div>"
    )


def _form(document_list: DocumentList, document_filter: DocumentFilter, find: str) -> str:
    publishers = Counter(one.publisher for one in document_list.documents if one.publisher)
    names = sorted({*publishers, *filter(None, [document_filter.publisher])}, key=str.casefold)
    options = "".join(
        f'<option value="{escape(name)}"{" selected" if name == document_filter.publisher else ""}>'
        f"{escape(one_line(name, 60))}</option>"
        for name in names
    )
    by = (
        f'<label><span>{escape(strings.PUBLISHER)}</span><select id="qa-publisher" name="publisher">'
        f'<option value="">{escape(strings.ANY_PUBLISHER)}</option>{options}</select></label>'
        if names
        else ""
    )
    ends = (("since", strings.SINCE, document_filter.since), ("until", strings.UNTIL, document_filter.until))
    days = "".join(
        f"<label><span>{escape(label)}</span>"
        f'<input type="date" id="qa-{key}" name="{key}" value="{escape(day)}"></label>'
        for key, label, day in ends
    )
    return (
        f'<form class="qa-filter" data-qa-filter autocomplete="off" aria-label="{escape(strings.FILTER_DOCUMENTS)}">'
        f'<label class="qa-find"><span>{escape(strings.FIND)}</span><input type="search" id="qa-find" name="find" '
        f'maxlength="200" value="{escape(find)}"></label>{days if _any_dated(document_list) else ""}{by}'
        f'<button type="button" class="qa-action" data-qa-use-all>{escape(strings.USE_ALL)}</button></form>'
    )


def _any_dated(document_list: DocumentList) -> bool:
    return any(one.published for one in document_list.documents)


def _list(document_list: DocumentList, listed: Sequence[DocumentSummary], document_filter: DocumentFilter) -> str:
    of_file = Counter(one.file for one in document_list.documents)
    items = "".join(_item(place, one, document_filter, of_file[one.file]) for place, one in enumerate(listed))
    return f'<ul class="qa-list">{items}</ul>' if items else ""


def _item(place: int, document: DocumentSummary, document_filter: DocumentFilter, in_file: int) -> str:
    id, title = escape(document.id), escape(document.title)
    checked = "" if document.id in document_filter.excluded else " checked"
    details = filter(None, [document.published, document.publisher, document.id, strings.passages(document.passages)])
    sure = strings.confirm_document_deletion(document.passages, in_file - 1, document.file.startswith(PREFIX))
    return (
        f'<li class="qa-document-row"><input type="checkbox" id="qa-use-{place}" data-qa-use="{id}"{checked} '
        f'aria-label="{escape(strings.action_on(strings.USE_FOR_ANSWERS, document.title))}">'
        f'<button type="button" class="qa-item" data-qa-document="{id}"><span dir="auto">{title}</span>'
        f'<span class="qa-details" dir="auto">{escape(" · ".join(details))}</span></button>'
        f'<button type="button" class="qa-action" data-qa-remove="{id}" data-qa-confirm="{escape(sure)}" '
        f'aria-label="{escape(strings.action_on(strings.DELETE, document.title))}">{icon("trash")}<span></span></button></li>'  # noqa: E501
    )
