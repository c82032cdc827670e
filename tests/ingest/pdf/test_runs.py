"""Check how the words of a page become runs."""

import pypdfium2
import pytest

from qa.ingest.pdf.runs import read_runs
from tests.support.pdf_files import Page, write


def runs(page):
    pdf = pypdfium2.PdfDocument(write([page]))
    try:
        textpage = pdf[0].get_textpage()
        return read_runs(textpage.raw)
    finally:
        pdf.close()


def test_wide_gap_ends_a_run():
    assert [run.text for run in runs(Page().text(60, 100, "Lisbon is").text(160, 100, "9 euros"))] == [
        "Lisbon is",
        "9 euros",
    ]


def test_run_has_its_box_and_size():
    (run,) = runs(Page().text(60, 100, "Lisbon", 14, "bold"))
    assert run.left == pytest.approx(61, abs=2)
    assert run.bottom > run.top
    assert run.size == pytest.approx(14)
    assert run.bold


@pytest.mark.parametrize("word", ["1998", "3.50", "INV-2021", "A4", "x"])
def test_plain_numbers_stay(word):
    assert runs(Page().text(60, 100, f"It is {word} here"))[0].text == f"It is {word} here"


def test_raised_digits_within_a_word():
    (run,) = runs(Page().text(60, 100, "1998").text(84.5, 96, "12", 7).text(94, 100, "and"))
    assert run.text.startswith("1998¹²")


def test_digits_below_one_another_are_no_number():
    found = runs(Page().text(60, 100, "70").text(60, 118, "5").text(60, 136, "1,200"))
    assert [run.text for run in found] == ["70", "5", "1,200"]


def test_accent_drawn_over_a_letter_is_put_on_it():
    page = Page(content=[b"BT /F1 11 Tf 60 700 Td [(B\\250) 440 (arenreiter)] TJ ET"])
    (run,) = runs(page)
    assert run.text == "Bärenreiter"
