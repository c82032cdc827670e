"""Which documents a filter selects, whatever the page's script sends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.types import DocumentSummary
from qa.web.document_filter import MAX_EXCLUDED_DOCUMENTS, DocumentFilter

DOCUMENTS = (
    DocumentSummary("a", "Anna", 4, "a.txt", "2022-01-14", "stated", "TASS"),
    DocumentSummary("b", "Boris", 2, "b.txt", "2022-01-27", "inferred", "EIRNS"),
    DocumentSummary("c", "Clara", 1, "more.jsonl"),
    DocumentSummary("d", "Dora", 1, "more.jsonl"),
    DocumentSummary("e", "Emil", 3, "uploads/e.txt", "2022-01-27"),
)


@pytest.mark.parametrize(
    ("payload", "selected"),
    [
        ({}, None),
        ({"since": "2022-01-14"}, {"a", "b", "e"}),
        ({"since": "2022-01-15", "until": "2022-01-31"}, {"b", "e"}),
        ({"until": "2022-01-20"}, {"a"}),
        ({"publisher": "EIRNS"}, {"b"}),
        ({"publisher": "Nobody"}, set()),
        ({"excluded": ["a", "c", "no such id"]}, {"b", "d", "e"}),
        ({"since": "2022-01-27", "excluded": ["e"]}, {"b"}),
        ({"excluded": ["no such id"]}, None),
        *((odd, None) for odd in ("x", None, [], {"since": "yesterday"}, {"excluded": "abc"}, {"excluded": [1, None]})),
        ({"since": 5, "publisher": ["TASS"], "until": {}}, None),
    ],
)
def test_conditions_select_and_malformed_ones_are_ignored(payload, selected):
    assert DocumentFilter.from_payload(payload).selected_ids(DOCUMENTS) == (
        selected if selected is None else frozenset(selected)
    )


@given(
    payload=st.recursive(
        st.none() | st.integers() | st.text(), lambda of: st.lists(of) | st.dictionaries(st.text(), of)
    )
)
def test_payload_of_any_shape_is_accepted(payload):
    DocumentFilter.from_payload(payload).selected_ids(DOCUMENTS)


def test_no_condition_selects_everything():
    assert DocumentFilter().selected_ids(DOCUMENTS) is None
    assert all(DocumentFilter().matches(document) for document in DOCUMENTS)


def test_excluded_document_still_matches():
    """The list goes on showing it, so that it can be ticked again."""
    document_filter = DocumentFilter(excluded=frozenset("a"))
    assert document_filter.matches(DOCUMENTS[0]) and "a" not in document_filter.selected_ids(DOCUMENTS)


def test_days_are_inclusive():
    same_day = DocumentFilter(since="2022-01-27", until="2022-01-27")
    assert same_day.selected_ids(DOCUMENTS) == {"b", "e"}


def test_excluded_list_is_cut():
    ids = [str(number) for number in range(MAX_EXCLUDED_DOCUMENTS + 5)]
    assert len(DocumentFilter.from_payload({"excluded": ids}).excluded) == MAX_EXCLUDED_DOCUMENTS
