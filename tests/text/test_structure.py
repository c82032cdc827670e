"""Blocks of plain text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.structure import MIN_NAMED_TURN_CHARS, plain_blocks
from qa.types import BlockKind
from tests.support.paths import SEEDS

PROSE = "The harbour board met on Tuesday evening in the old customs house, and it voted on the fee for the night."
LINES = st.sampled_from(
    [
        "",
        "",
        "Anna Smith: Yes.",
        "1. Introduction",
        "=====",
        "ALL RISE",
        "Title Case Line",
        PROSE,
        "- pears",
        "\f",
        "12",
        "..... 3",
    ]
)
TEXTS = st.one_of(st.text(st.characters()), st.lists(LINES, max_size=40).map("\n".join))


def blocks(text, kind=None):
    return [(b.kind.value, text[b.start : b.end]) for b in plain_blocks(text) if kind in (None, b.kind)]


@given(TEXTS)
def test_blocks_are_sorted_disjoint_and_complete(text):
    found = plain_blocks(text)
    assert all(0 <= block.start < block.end <= len(text) for block in found)
    assert all(first.end <= second.start for first, second in pairwise(found))
    covered = {place for block in found for place in range(block.start, block.end)}
    assert not {place for place, c in enumerate(text) if not c.isspace()} - covered
    assert all((block.level > 0) is (block.kind is BlockKind.HEADING) for block in found)


@pytest.mark.parametrize("path", sorted(SEEDS.iterdir()), ids=lambda path: path.name[:3])
def test_seeds_are_plain_paragraphs(path):
    assert {block.kind for block in plain_blocks(path.read_text("utf-8"))} == {BlockKind.TEXT}


@pytest.mark.parametrize("text", ["", " \n\f", "\u2028"])
def test_blank_text_has_no_blocks(text):
    assert plain_blocks(text) == ()


def test_items_are_found():
    text = "Bring:\n- gloves\n* a rope\n1. a lamp\n(a) oil\nThen go."
    assert [kind for kind, _ in blocks(text)] == ["text", "item", "item", "item", "item", "text"]


def transcript(turns=8, words="We open at nine."):
    return "\n".join(f"{('Anna Smith', 'Boris')[n % 2]}: {words}" for n in range(turns))


def test_long_turns_know_their_speaker():
    found = plain_blocks(transcript(words=PROSE * (MIN_NAMED_TURN_CHARS // len(PROSE) + 1)))
    assert [block.context for block in found[:3]] == ["Anna Smith", "Boris", "Anna Smith"]


def test_short_turns_keep_one_context():
    found = plain_blocks(transcript())
    assert len(found) == 8
    assert {block.context for block in found} == {""}


def test_paragraph_after_a_turn_has_its_speaker():
    text = transcript() + f"\n\n{PROSE}\n\n" + transcript()
    (after,) = (block for block in plain_blocks(text) if text.startswith(PROSE, block.start))
    assert after.context == "Boris"


def test_form_is_no_transcript():
    text = "Name: Anna\nAddress: Pier 4\nPhone: 12\nBoat: Gull\nLength: 9 m\nPaid: yes\nSince: 1998"
    assert {block.context for block in plain_blocks(text)} == {""}


def test_contents_are_furniture():
    entries = ["Arrival ........ 1", "The Pier ........ 4", "The Lamp ........ 12"]
    text = "\n".join(["Contents", "", *entries, "", PROSE])
    assert [text for _, text in blocks(text, BlockKind.FURNITURE)] == entries


def test_price_list_with_dots_is_text():
    text = "Drinks\n\nTea ........ 3\nCoffee ........ 4\nWine ........ 6"
    assert blocks(text, BlockKind.FURNITURE) == []


def test_table_entries_with_falling_numbers_are_text():
    text = "Contents of the crate\n\nRopes ........ 30\nLamps ........ 4\nNets ........ 6"
    assert blocks(text, BlockKind.FURNITURE) == []


def test_running_heads_are_furniture():
    pages = [f"Harbour Rules\n\n{PROSE} {n * n}\nAnna asked {n + 3 * n} times.\n\nPage {n}" for n in range(1, 6)]
    assert {text for _, text in blocks("\f".join(pages), BlockKind.FURNITURE)} == {
        "Harbour Rules",
        *(f"Page {n}" for n in range(1, 6)),
    }
