"""Blocks of Markdown."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.markdown import front_matter, markdown_blocks

LINES = st.sampled_from(
    [
        "",
        "# A",
        "Title",
        "===",
        "---",
        "```",
        "- x",
        "1. y",
        "|a|b|",
        "|-|-|",
        "| |",
        "> q",
        "<!--",
        "-->",
        "text",
        "  z",
        "title: T",
    ]
)


def blocks(text):
    return [(block.kind.value, text[block.start : block.end]) for block in markdown_blocks(text)]


@given(st.one_of(st.text(), st.lists(LINES, max_size=30).map("\n".join)))
def test_blocks_are_sorted_and_hold_every_word(text):
    found = markdown_blocks(text)
    assert all(0 <= block.start < block.end <= len(text) for block in found)
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert all(block.start <= start <= block.end for block in found for start, _ in block.cells)
    covered = {place for block in found for place in range(block.start, block.end)}
    assert not {place for place, c in enumerate(text) if c.isalpha()} - covered


@pytest.mark.parametrize(
    ("text", "title", "level"),
    [("# A b", "A b", 1), ("### A ###", "A", 3), ("A b\n===", "A b", 1), ("A b\n-----\ntext", "A b", 2)],
)
def test_headings_are_without_their_marks(text, title, level):
    block = markdown_blocks(text)[0]
    assert (block.kind.value, text[block.start : block.end], block.level) == ("heading", title, level)


def test_items_hold_their_lines():
    text = "- one\n  more\n* two\n\n3. three\nlazy\n\nText."
    assert blocks(text) == [("item", "one\n  more"), ("item", "two"), ("item", "3. three\nlazy"), ("text", "Text.")]


def test_table_rows_know_their_columns():
    text = "| Season | Opens |\n|:--|--:|\n| Summer | 6:00 |\n|  | a\\|b |\n\nAfter."
    found = markdown_blocks(text)
    assert blocks(text) == [
        ("header", "Season | Opens"),
        ("row", "Summer | 6:00"),
        ("row", "a\\|b"),
        ("text", "After."),
    ]
    assert [[(text[start], header) for start, header in block.cells] for block in found[1:3]] == [
        [("S", "Season"), ("6", "Opens")],
        [("a", "Opens")],
    ]


def test_code_is_one_block():
    text = "```py\n# no heading\n\n| a | b |\n```\ntext"
    assert blocks(text) == [("text", text[:-5]), ("text", "text")]


def test_comments_are_furniture():
    assert blocks("<!-- a\n# b\n-->\ntext") == [("furniture", "<!-- a\n# b\n-->"), ("text", "text")]


def test_front_matter_states_fields():
    text = '---\ntitle: "The pier"\ndate: 2021-06-12\n---\n# Fees\n'
    assert front_matter(text) == {"title": "The pier", "date": "2021-06-12"}
    assert [kind for kind, _ in blocks(text)] == ["item", "item", "heading"]


@pytest.mark.parametrize("text", ["", "text", "---\n\ntext", "text\n---\na: b\n---\n"])
def test_text_without_front_matter_states_nothing(text):
    assert front_matter(text) == {}
