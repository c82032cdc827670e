"""Check which lines of a page are looked at more closely."""

import pypdfium2
import pytest

from qa.ingest.pdf.boxes import Boxes
from qa.ingest.pdf.words import PageWords
from tests.support.pdf_files import Page, write


def odd(page):
    textpage = pypdfium2.PdfDocument(write([page]))[0].get_textpage()
    return [is_odd for *_, is_odd in PageWords(textpage.get_text_range(), Boxes(textpage.raw))]


def test_plain_lines_are_even():
    assert odd(Page().lines(60, 100, ["Anna mends 12 clocks in Oslo.", "Boris paid 3.50 euros."])) == [False, False]


@pytest.mark.parametrize(
    "page",
    [
        Page().text(60, 100, "Lisbon").text(110, 100, "9 euros"),
        Page().text(60, 100, "in 1998").text(97, 96, "12", 7),
        Page().text(60, 100, "Anna", turned=True),
    ],
)
def test_gaps_raised_digits_and_turned_text_are_odd(page):
    assert any(odd(page))
