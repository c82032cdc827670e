"""Passages are whole sentences, fit the encoder, and lose nothing."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.ingest.boilerplate import is_boilerplate
from qa.ingest.chunking import TITLE_TOKENS, chunk
from qa.ingest.prefetch import embedded_text
from qa.text.sentences import sentence_spans, sentences_of_block
from qa.text.structure import plain_blocks
from qa.types import BlockKind, storable
from tests.support.documents import document
from tests.support.encoders import CountingEncoder
from tests.support.paths import SEEDS

WORDS = st.sampled_from(
    ["Anna", "sails", "U.S.", "1.5", "x" * 120, "0a9f" * 22, "👩‍👧‍👦", "e\u0301", "日本語", "шторм", "--"]
)
ENDS = st.sampled_from([" ", " ", " ", ". ", "! ", "\n\n", "\u2028", "\nShare this article\n", ".” "])
TEXTS = st.one_of(
    st.text(st.characters(), max_size=400),
    st.lists(st.tuples(WORDS, ENDS), max_size=80).map(lambda pairs: "".join(map("".join, pairs))),
)


def small(tokens: int) -> CountingEncoder:
    """Return a hashing encoder that reads only so many tokens of a passage."""
    encoder = CountingEncoder()
    encoder.max_tokens = tokens + TITLE_TOKENS
    return encoder


def spans_of(text):
    """Return the sentences of the blocks that are content for sure."""
    flowing = [block for block in plain_blocks(text) if block.kind in (BlockKind.TEXT, BlockKind.ITEM)]
    return [span for block in flowing for span in sentences_of_block(text, block.start, block.end)]


def assert_sound(text, passages):
    """Check what holds for the passages of any text with any encoder."""
    text = storable(text)
    spans = spans_of(text)
    assert all(text[p.start : p.end] == p.text for p in passages)
    assert all(p.document_id == "d.txt" for p in passages)
    assert [(p.start, p.end) for p in passages] == sorted({(p.start, p.end) for p in passages})
    assert all((p.sentences[0][0], p.sentences[-1][1]) == (p.start, p.end) for p in passages)
    assert all(a[1] <= b[0] for p in passages for a, b in pairwise(p.sentences))
    covered = {place for p in passages for start, end in p.sentences for place in range(start, end)}
    for span in spans:
        places = {place for place in range(*span) if not text[place].isspace()}
        assert not places & covered if is_boilerplate(text, span) else places <= covered


@given(TEXTS)
def test_passages_are_sound_for_any_text(text):
    assert_sound(text, chunk(document(text), CountingEncoder()))


@given(TEXTS, st.integers(1, 12))
def test_passages_fit_an_encoder_with_few_tokens(text, room):
    encoder = small(room)
    passages = chunk(document(text), encoder)
    assert_sound(text, passages)
    assert all(len(encoder.token_spans(p.text)) <= room for p in passages)


@given(TEXTS, st.text(max_size=300))
@settings(max_examples=40)
def test_passages_with_titles_fit_the_default_encoder(minilm, text, title):
    made = document(text * 3, title=title)
    for passage in chunk(made, minilm):
        assert len(minilm.token_spans(embedded_text(made.title, passage, minilm))) <= minilm.max_tokens


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"{n * 7919:x}" * 12 for n in range(1, 60)),
        "supercalifragilistic" * 4 + " " + "honorificabilitudinitatibus" * 3 + " end " * 400,
        "日本語の文章" * 200,
        "👩‍👧‍👦 " * 400,
        "e\u0301" * 90 + " fin" * 300,
        "a-b_c/d." * 300,
    ],
    ids=["long hexadecimal words", "long words", "Japanese", "emoji", "combining", "punctuation"],
)
def test_overlong_sentence_is_cut_to_fit(text, minilm):
    passages = chunk(document(text), minilm)
    assert len(passages) > 1
    assert_sound(text, passages)
    counts = [
        len(minilm.token_spans(embedded_text(document(text, title="t " * 99).title, p, minilm))) for p in passages
    ]
    assert max(counts) <= minilm.max_tokens


@pytest.mark.parametrize("path", sorted(SEEDS.iterdir()), ids=lambda path: path.name[:3])
def test_passages_of_every_seed_are_sound(path, minilm):
    text = path.read_bytes().decode("utf-8")
    passages = chunk(document(text), minilm)
    assert_sound(text, passages)
    spans = set(sentence_spans(text))
    assert all(set(p.sentences) <= spans for p in passages)


def test_neighbours_share_a_sentence(hashing):
    text = " ".join(f"Sentence number {n} says {'so much ' * 9}about it." for n in range(20))
    passages = chunk(document(text), hashing)
    assert len(passages) > 5
    for first, second in pairwise(passages):
        assert set(first.sentences) & set(second.sentences)
        assert first.start < second.start
        assert first.end < second.end


def test_long_sentence_is_cut_between_tokens():
    text = "one two three four five six seven"
    passages = chunk(document(text), small(3))
    assert [p.text for p in passages] == ["one two three", "four five six", "seven"]


def test_boilerplate_ends_a_passage(hashing):
    text = "Anna mends clocks.\nShare this article\nBoris sails."
    assert [p.text for p in chunk(document(text), hashing)] == ["Anna mends clocks.", "Boris sails."]


def test_cutting_loses_no_character():
    text = "👩‍👧‍👦" * 3 + "e\u0301" * 5
    assert "".join(p.text for p in chunk(document(text), small(1))) == text


@pytest.mark.parametrize("text", ["", " \n", "Share this article", "-----"])
def test_only_boilerplate_gives_no_passages(text, hashing):
    assert chunk(document(text), hashing) == []
