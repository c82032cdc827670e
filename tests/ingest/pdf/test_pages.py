"""Check what is read of each page."""

import pytest

from qa.errors import DocumentError
from qa.ingest.pdf.pages import read_file
from tests.support.pdf_files import Page, write


def texts(page):
    return [line.text for line in read_file(write([page])).pages[0].lines]


def test_title_and_labels_are_read():
    labels = b"/PageLabels << /Nums [0 << /S /r /St 3 >>] >>"
    file = read_file(write([Page().text(60, 60, "Anna"), Page()], title="On tea", catalog=labels))
    assert (file.title, file.labels) == ("On tea", ["iii", "iv"])


def test_field_stands_beside_its_label():
    page = Page().text(60, 100, "Home port:").form_field(220, 100, "port", "Vila do Conde")
    assert texts(page) == ["Home port: Vila do Conde"]


def test_checked_box_stands_before_its_label():
    page = Page().text(60, 100, "The vessel is").text(180, 100, "insured").form_field(160, 100, "x", "Yes", kind="Btn")
    assert texts(page) == ["The vessel is ☒ insured"]


def test_note_in_a_form_is_its_value():
    assert texts(Page().text(60, 100, "Home port:").note(220, 100, "Vila do Conde")) == ["Home port: Vila do Conde"]


def test_note_beside_prose_stays_apart():
    page = Page().text(60, 100, "The plan was approved").note(220, 100, "Rejected.")
    (read,) = read_file(write([page])).pages
    assert [line.text for line in read.lines] == ["The plan was approved"]
    assert [note.text for note in read.notes] == ["Rejected."]


def test_damaged_page_is_marked():
    file = read_file(write([Page().text(60, 60, "Anna"), Page(damaged=True)]))
    assert [page.is_damaged for page in file.pages] == [False, True]


def test_no_pdf_is_refused():
    with pytest.raises(DocumentError, match="is not a PDF"):
        read_file(b"%PDF-1.4\n")
