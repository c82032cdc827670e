"""Check what is told from the text as a footnote."""

import pytest

from qa.ingest.pdf.footnotes import note_units, split_footnotes
from qa.ingest.pdf.hyphens import Hyphens
from tests.support.pdf_lines import line, lines

BODY = lines("The tower was built by the town.", "It was paid for by a tax on salt.")


def notes(*found):
    return [one.text for one in split_footnotes([*BODY, *found], 11)[1]]


@pytest.mark.parametrize("marker", ["1", "12", "¹²", "*", "†", "[3]"])
def test_small_marked_lines_are_footnotes(marker):
    assert notes(line(f"{marker} Register of the town.", y=700, size=8), line("page 17.", y=710, size=8)) == [
        f"{marker} Register of the town.",
        "page 17.",
    ]


def test_large_footnote_needs_a_gap():
    assert notes(line("1 Register of the town.", y=700))
    assert not notes(line("1 Register of the town.", y=128))


def test_numbered_list_is_no_footnote():
    assert not notes(line("1. Register of the town.", y=700))


def test_small_line_without_marker_is_text():
    assert not notes(line("Source: the register.", y=700, size=8))


def test_each_footnote_is_a_unit():
    found = lines("1 Register of the town,", "page 17.", "2 Ibid.", size=8)
    assert [unit.part.text for unit in note_units(found, Hyphens([]))] == [
        "1 Register of the town, page 17.",
        "2 Ibid.",
    ]
