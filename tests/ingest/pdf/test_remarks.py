"""Check what is said about pages that were not read."""

import pytest

from qa.ingest.pdf.forms import Note
from qa.ingest.pdf.pages import File, Page
from qa.ingest.pdf.remarks import remarks


def said(pages, has_text, **more):
    return [remark.text for remark in remarks(File("", pages, [], **more), has_text)]


@pytest.mark.parametrize(
    ("has_text", "words"),
    [
        ([True, False, True], "page 2 holds no text, so it may be scanned"),
        ([True, False, False, False, True, False], "pages 2-4, 6 hold no text, so they may be scanned"),
    ],
)
def test_pages_without_text_are_named(has_text, words):
    (remark,) = said([Page() for _ in has_text], has_text)
    assert remark.startswith(words)


def test_damaged_pages_are_named():
    assert said([Page(), Page(is_damaged=True)], [True, False]) == ["page 2 is damaged and could not be read"]


def test_page_with_a_note_is_read():
    assert said([Page(notes=[Note("Rejected.", 0, 0, 1, 1, False)])], [False]) == []


def test_many_ranges_stay_short():
    (remark,) = said([Page() for _ in range(99)], [n % 2 == 0 for n in range(99)])
    assert len(remark) < 300
    assert "more" in remark


def test_hidden_form_is_named():
    assert "XFA form" in said([Page()], [True], is_xfa=True)[0]
