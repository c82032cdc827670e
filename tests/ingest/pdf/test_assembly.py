"""Check where heads, feet and notes stand, and that form feeds tell the page."""

import pytest

from qa.ingest.blocks import Part
from qa.ingest.pdf.assembly import Margins, assemble_pages
from qa.ingest.pdf.units import Unit
from qa.types import BlockKind


def unit(text, page):
    return Unit(Part(BlockKind.TEXT, text), page)


def margins(count, head="H", foot="F"):
    return [
        Margins([Part(BlockKind.FURNITURE, f"{head}{n}")], [Part(BlockKind.FURNITURE, f"{foot}{n}")])
        for n in range(count)
    ]


def pages(text):
    return text.split("\f")


def test_head_and_foot_stand_around_a_page():
    text, _ = assemble_pages([unit("one", 0), unit("two", 1)], margins(2))
    assert text == "H0\n\none\n\nF0\fH1\n\ntwo\n\nF1"


def test_paragraph_over_a_page_end_is_not_interrupted():
    text, _ = assemble_pages([unit("one", 0), unit("two\ftwo", 0), unit("three", 1)], margins(2))
    assert text == "H0\n\none\n\nF0\n\ntwo\ftwo\n\nH1\n\nthree\n\nF1"


def test_paragraph_that_fills_a_page_is_parted_at_a_sentence():
    text, blocks = assemble_pages([unit("a\fb. c. d\fe", 0)], margins(3))
    assert text == "H0\n\nF0\n\na\fb. c.\n\nH1\n\nF1\n\nd\fe\n\nH2\n\nF2"
    assert [text[b.start : b.end] for b in blocks if b.kind is BlockKind.TEXT] == ["a\fb. c.", "d\fe"]


@pytest.mark.parametrize("page", range(4))
def test_empty_pages_are_counted(page):
    text, (block,) = assemble_pages([unit("word", page)], [Margins() for _ in range(4)])
    assert text.count("\f") == 3
    assert text[: block.start].count("\f") == page
    assert text[block.start : block.end] == "word"
