"""Check the boxes of characters."""

import pypdfium2
import pytest

from qa.ingest.pdf.boxes import POOL_SIZE, Boxes
from tests.support.pdf_files import Page, write


def open_page(page):
    return pypdfium2.PdfDocument(write([page]))[0].get_textpage()


@pytest.mark.parametrize("turned", [False, True])
def test_text_runs_to_the_right_however_turned(turned):
    textpage = open_page(Page().text(100, 300, "Anna", turned=turned))
    boxes = Boxes(textpage.raw)
    boxes.begin_line(0)
    assert boxes.turn == (1 if turned else 0)
    first, last = boxes.box(0), boxes.box(3)
    assert first[0] < first[1] <= last[0] < last[1]
    assert first[2] < first[3]
    assert boxes.boxes([0, 3]) == [first, last]
    assert first[2] < boxes.baseline(0) < first[3]


def test_more_boxes_than_the_pool_holds():
    textpage = open_page(Page().text(10, 300, "ab" * 5))
    boxes = Boxes(textpage.raw)
    assert boxes.boxes([0] * (POOL_SIZE + 1)) == [boxes.box(0)] * (POOL_SIZE + 1)


def test_size_and_weight_are_read():
    page = Page().text(60, 100, "Anna", 14, "bold").text(60, 130, "Boris", 9)
    textpage = open_page(page)
    boxes = Boxes(textpage.raw)
    assert boxes.font_size(0) == pytest.approx(14)
    assert boxes.are_bold(0, 3)
    assert not boxes.are_bold(0, 7)
