"""Pages follow from offsets and the stored text alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.types import join_pages, make_document, page_at
from tests.support import sample_files
from tests.support.documents import document


def paged(text):
    return make_document(id="a.pdf", title="", text=text, source="a.pdf", media_type="application/pdf")


@given(st.lists(st.text(max_size=20), min_size=1, max_size=6))
def test_every_character_is_on_the_page_it_came_from(pages):
    whole = paged(join_pages(pages))
    start = 0
    for number, page in enumerate(pages, 1):
        for offset in range(start, start + len(page)):
            assert page_at(whole, offset) == number
        start += len(page) + 1
    assert len(whole.text) == start - 1


def test_a_form_feed_inside_a_page_does_not_count():
    assert [page_at(paged(join_pages(["a\fb", "c"])), offset) for offset in range(5)] == [1, 1, 1, 1, 2]


@pytest.mark.parametrize("text", ["a\fb", "a"])
def test_a_document_without_pages_has_none(text):
    assert page_at(document(text), len(text) - 1) is None


def test_a_citation_of_a_pdf_has_its_page(tmp_path, hashing):
    from qa import Assistant

    pages = [["The tea was served at four."], ["It rained."], ["Boris mends the red clock in Oslo."]]
    (tmp_path / "a.pdf").write_bytes(sample_files.pdf(pages))
    with Assistant.open(tmp_path / "a.pdf", encoder=hashing, answerer="extractive") as assistant:
        answer = assistant.ask("Who mends the red clock in Oslo?", min_confidence=0.0)
        assert [(c.page, c.text) for c in answer.citations if "Boris" in c.text] == [(3, pages[2][0])]
        assert all(assistant.document(c.document_id).text[c.start : c.end] == c.text for c in answer.citations)
