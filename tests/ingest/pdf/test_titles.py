"""Check the choice of a title."""

import pytest

from qa.ingest.blocks import Part
from qa.ingest.pdf.titles import choose_title
from qa.ingest.pdf.units import Unit
from qa.types import BlockKind

TEXT = Unit(Part(BlockKind.TEXT, "It rained in Oslo for the whole of that day, and nobody came."), 0)


def heading(text, level=1, page=0):
    return Unit(Part(BlockKind.HEADING, text, level), page)


def test_stated_title_comes_first():
    assert choose_title("On tea", [heading("Harbours")]) == "On tea"


@pytest.mark.parametrize(
    "stated",
    [
        "(anonymous)",
        "untitled",
        "Untitled-1",
        "12",
        "a.docx",
        "Table of Contents",
        "UNITED STATES",
        "PowerPoint Presentation",
        "Document1",
        "",
    ],
)
def test_title_that_names_nothing_gives_way_to_the_heading(stated):
    assert (
        choose_title(stated, [TEXT, heading("Contents"), heading("Harbours", 2), heading("Of the North", 1)])
        == "Of the North"
    )
    assert choose_title(stated, [TEXT]) == ""


def test_short_first_line_may_be_the_title():
    assert choose_title("", [Unit(Part(BlockKind.TEXT, "The talks in Geneva"), 0), TEXT]) == "The talks in Geneva"


def test_heading_of_a_later_page_is_no_title():
    assert choose_title("", [TEXT, heading("Harbours", page=5)]) == ""
