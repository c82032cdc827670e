"""Check which values of fields and which notes are read."""

import pypdfium2
import pytest

from qa.ingest.pdf.forms import CHECKED, read_notes
from tests.support.pdf_files import Page, write


def notes(page):
    pdf = pypdfium2.PdfDocument(write([page]))
    pdf.init_forms()
    first = pdf[0]
    found = list(read_notes(first.raw, pdf.formenv.raw if pdf.formenv else None))
    first.close()
    pdf.close()
    return found


def test_field_has_value_name_and_box():
    (note,) = notes(Page().form_field(220, 100, "Kind", "Sloop"))
    assert (note.text, note.name, note.is_field, note.left) == ("Sloop", "Kind", True, 220)


def test_empty_field_is_left_out():
    assert notes(Page().form_field(220, 100, "Kind", "")) == []


@pytest.mark.parametrize(("value", "texts"), [("Yes", [CHECKED]), ("Off", [])])
def test_checked_box_is_marked(value, texts):
    assert [note.text for note in notes(Page().form_field(220, 100, "Insured", value, kind="Btn"))] == texts


def test_password_is_not_read():
    assert notes(Page().form_field(220, 100, "Pin", "1234", flags=1 << 13)) == []


@pytest.mark.parametrize(("kind", "count"), [("FreeText", 1), ("Text", 1), ("Highlight", 1), ("Popup", 0), ("Link", 0)])
def test_notes_of_these_kinds_are_read(kind, count):
    assert len(notes(Page().note(60, 100, "Rejected.", kind))) == count


@pytest.mark.parametrize("flags", [2, 32])
def test_hidden_note_is_left_out(flags):
    assert notes(Page().note(60, 100, "Rejected.", flags=flags)) == []
