"""The documents beside the chat: what is listed, chosen, drawn; whatever was sent and whatever they are called."""

import re

import pytest

from qa.types import DocumentSummary
from qa.web.document_filter import DocumentFilter
from qa.web.html.document_list import MAX_DOCUMENTS_LISTED, MAX_NOT_READ_LISTED, DocumentList, render_document_list
from tests.support.html_safety import OURS, PAYLOADS, assert_inert

PAGE = OURS | {"figcaption", "figure", "form", "input", "label", "option", "select"}

DOCUMENTS = (
    DocumentSummary("a", "Anna", 4, "a.txt", "2022-01-14", "stated", "TASS"),
    DocumentSummary("b", "Boris", 2, "b.txt", "2022-01-27", "inferred", "EIRNS"),
    DocumentSummary("c", "Clara", 1, "more.jsonl"),
    DocumentSummary("d", "Dora", 1, "more.jsonl"),
    DocumentSummary("e", "Emil", 3, "uploads/e.txt", "2022-01-27"),
)
DOCUMENT_LIST = DocumentList("Reports", DOCUMENTS, 11)


def listed(html):
    return re.findall(r'data-qa-use="(\w+)"', html)


def test_every_document_is_listed_used_and_can_be_opened_and_deleted():
    html = render_document_list(DOCUMENT_LIST, DocumentFilter())
    assert listed(html) == list("abcde")
    assert html.count(" checked") == 5 and "All documents are used" in html and 'data-qa-note=""' in html
    for id in "abcde":
        assert f'data-qa-remove="{id}"' in html and f'class="qa-item" data-qa-document="{id}"' in html


def test_what_goes_is_said_before_it_does():
    html = render_document_list(DOCUMENT_LIST, DocumentFilter())
    sure = dict(re.findall(r'data-qa-remove="(\w)" data-qa-confirm="([^"]+)"', html))
    assert sure["a"] == "Delete 4 passages and excerpts in chats? Your own file stays."
    assert sure["c"] == ("Delete 1 passage, 1 document in the same file and excerpts in chats? Your own file stays.")
    assert sure["e"] == "Delete 3 passages, excerpts in chats and the copy kept here?"


def test_a_choice_by_day_shortens_the_list_and_one_by_one_only_unticks():
    html = render_document_list(DOCUMENT_LIST, DocumentFilter(since="2022-01-20", excluded=frozenset("e")))
    assert listed(html) == ["b", "e"] and html.count(" checked") == 1
    assert 'data-qa-note="Answers come from 1 of 5 documents"' in html
    assert html.count("qa-unused") == 2, "of the three on the time line, those that are not used"
    assert 'value="2022-01-20"' in html


@pytest.mark.parametrize(
    ("find", "found"), [("ANNA", "a"), ("eirns", "b"), ("a", "abcde"[:1] + "cde"[:0]), ("clara zzz", ""), ("dora", "d")]
)
def test_words_are_found_in_titles_ids_and_publishers(find, found):
    html = render_document_list(DOCUMENT_LIST, DocumentFilter(), find)
    if find != "a":
        assert listed(html) == list(found)
    assert ("No document matches" in html) is (found == "")
    assert f'value="{find}"' in html


def test_a_long_list_is_cut_and_says_so_but_all_of_it_is_found():
    many = DocumentList("x", tuple(DocumentSummary(str(n), f"T{n}", 1) for n in range(MAX_DOCUMENTS_LISTED + 3)), 1)
    html = render_document_list(many, DocumentFilter())
    assert len(listed(html)) == MAX_DOCUMENTS_LISTED and "and 3 more" in html
    assert listed(render_document_list(many, DocumentFilter(), f"T{MAX_DOCUMENTS_LISTED + 2}")) == [
        str(MAX_DOCUMENTS_LISTED + 2)
    ]


def test_forms_are_there_only_for_what_is_known():
    plain = render_document_list(DocumentList("x", (DocumentSummary("a", "A", 1),), 1), DocumentFilter())
    assert 'type="date"' not in plain and "qa-publisher" not in plain and "qa-timeline" not in plain
    full = render_document_list(DOCUMENT_LIST, DocumentFilter(publisher="TASS"))
    assert '<option value="TASS" selected>' in full and full.count('type="date"') == 2


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_stay_text(payload):
    document = DocumentSummary(payload, payload, 1, payload, payload, payload, payload)
    dated = DocumentSummary(payload, payload, 1, payload, "2022-01-14", payload, payload)
    document_filter = DocumentFilter(publisher=payload, excluded=frozenset([payload]))
    for document_list in (DocumentList(payload, (document,), 1), DocumentList(payload, (dated,), 1)):
        assert_inert(render_document_list(document_list, document_filter, payload), PAGE)
        assert_inert(render_document_list(document_list, DocumentFilter(), ""), PAGE)


def test_files_not_read_are_named():
    files = tuple((f"{n}<b>.key", "has the unsupported file type .key") for n in range(MAX_NOT_READ_LISTED + 3))
    shown = render_document_list(DocumentList("x", (), 0, files), DocumentFilter())
    assert "203 files not read, or not wholly" in shown and "and 3 more files; qa status names them" in shown
    assert "0&lt;b&gt;.key" in shown and shown.count("has the unsupported file type .key") == MAX_NOT_READ_LISTED
    assert "not read" not in render_document_list(DocumentList("x", (), 0), DocumentFilter())
