"""The title of a document."""

import pytest

from qa.ingest.blocks import Part
from qa.ingest.office.titles import GENERATED, choose
from qa.types import BlockKind

PARTS = [
    Part(BlockKind.FURNITURE, "Running head"),
    Part(BlockKind.TEXT, "First line"),
    Part(BlockKind.HEADING, "Slide 1", 1),
    Part(BlockKind.HEADING, "Tides", 1),
]


@pytest.mark.parametrize(
    ("stated", "styled", "parts", "title"),
    [
        (" On  tea ", "The Book", PARTS, "On tea"),
        ("Untitled", "The Book", PARTS, "The Book"),
        ("", "", PARTS, "Tides"),
        ("", "", PARTS[:3], "First line"),
        ("", "", PARTS[:1], ""),
    ],
)
def test_title_is_stated_styled_heading_or_line(stated, styled, parts, title):
    assert choose(stated, styled, parts) == title


@pytest.mark.parametrize(
    "title", ["Word Document", "PowerPoint Presentation", "Microsoft Word - a.doc", "Document1", "a b.docx", "12", ""]
)
def test_generated_titles(title):
    assert GENERATED.fullmatch(title)


@pytest.mark.parametrize("title", ["The presentation", "Documents of 1848", "Untitled love", "Slide rules"])
def test_other_titles_are_no_generated_ones(title):
    assert not GENERATED.fullmatch(title)
