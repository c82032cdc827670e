"""Sentence boundaries: those of the seeds, checked by hand, then what holds for any text."""

import json
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.sentences import sentence_spans, sentences_of_block
from tests.support.paths import ROOT, SEEDS

# [start, end, text] of every sentence, generated once and then checked by hand.
READ_BY_HAND = json.loads((ROOT / "tests/data/seed_sentences.json").read_text("utf-8"))

BREAKS = [*"\n\r\v\f\x85\u2028\u2029\t \u00a0\u3000", "\r\n", "\n\n", ". ", "... ", "U.S. ", "Mr. ", "1.5 ", "- "]
PIECES = st.sampled_from(
    [
        *BREAKS,
        "2) ",
        "“",
        "”",
        "»",
        "—",
        "/TASS/. ",
        "said",
        "Anna",
        "лев",
        "שלום",
        "日本。",
        "e\u0301",
        "👩‍👧",
        "x" * 50,
    ]
)
TEXTS = st.one_of(st.text(st.characters()), st.lists(PIECES, max_size=40).map("".join))


def sentences(text):
    return [text[start:end] for start, end in sentence_spans(text)]


def test_table_covers_all_seeds():
    assert sorted(READ_BY_HAND) == sorted(path.name for path in SEEDS.iterdir())


@pytest.mark.parametrize("name", READ_BY_HAND)
def test_seed_sentences_match_the_hand_checked_table(name):
    text = (SEEDS / name).read_bytes().decode("utf-8")
    found = [[start, end, text[start:end]] for start, end in sentence_spans(text)]
    assert found == READ_BY_HAND[name]


@given(TEXTS)
def test_spans_are_sorted_disjoint_and_complete(text):
    spans = sentence_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
    covered = {place for start, end in spans for place in range(start, end)}
    assert not {place for place, c in enumerate(text) if not c.isspace()} - covered


@given(TEXTS)
def test_splitting_is_deterministic(text):
    assert sentence_spans(text) == sentence_spans(text)


@pytest.mark.parametrize(
    "text",
    [
        "It met on Jan. 13 in Vienna.",
        "The U.S. and NATO replied.",
        "The U.S. President (the 1999 Istanbul Declaration) signed.",
        "They lasted 1.5 hours.",
        "Mr. Blinken did not reply to my question.",
        "MOSCOW, January 14. /TASS/.",
        "He lives at 10 St. James's Sq. in London.",
        "See e.g. page 5, vs. Fig. 3.",
        "“It has always been there.”",
        "Prof. J. R. Smith et al. disagree.",
        "It cost $1.2 million, i.e. too much.",
        "“We cannot accept this,”\n\nhe asserted.",
        "Корреспондент",
        "one",
    ],
)
def test_single_sentence_stays_whole(text):
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "wanted",
    [
        ["He did not reply.", "He only shrugged.", "That was it."],
        ["“It is unacceptable....”", "Lavrov explained it."],
        ["“We met in the U.S. last year.”", "He left."],
        ["Did they meet?", "Yes!", "Where?"],
        ["«Мы ждём ответа.»", "Он ушёл.", "Она осталась."],
        ["He said: “Go home.”", "“Why?” she asked."],
    ],
)
def test_sentences_are_separated(wanted):
    assert sentences(" ".join(wanted)) == wanted


@pytest.mark.parametrize("separator", ["\n\n", "\r\n\r\n", "\n \t\n", "\u2029"])
def test_blank_line_ends_a_sentence(separator):
    assert sentences(f"The headline{separator}The first words") == ["The headline", "The first words"]


def test_wrapped_line_continues_its_sentence():
    paragraph = (
        "The minister said on Friday that the written response would show how\n"
        "sincere the partners are, and that he expected it within one week of\n"
        "the meeting. Nobody else had anything to say about it at that time, so\n"
        "the meeting ended."
    )
    assert [" ".join(s.split()) for s in sentences(paragraph)] == [
        "The minister said on Friday that the written response would show how sincere the partners are, "
        "and that he expected it within one week of the meeting.",
        "Nobody else had anything to say about it at that time, so the meeting ended.",
    ]


@pytest.mark.parametrize("other", ["word " * 40, "https://example.org/" + "page/" * 30])
def test_long_line_elsewhere_leaves_wrapped_sentences_whole(other):
    paragraph = "The minister said on Friday that the written response would show how\nsincere the partners are."
    assert sentences(f"{other}\n\n{paragraph}\n\n{other}")[1] == paragraph


def test_quoted_lines_of_a_message_are_whole():
    quoted = "> The minister said on Friday that the written response would show\n> how sincere the partners are."
    assert sentences(f"{quoted}\nI agree.") == [quoted, "I agree."]


def test_hyphen_at_a_line_end_ends_no_sentence():
    assert sentences("The light-\nhouse is old. It is\u00ad\nolder.") == [
        "The light-\nhouse is old.",
        "It is\u00ad\nolder.",
    ]


def test_unwrapped_lines_are_separate_sentences():
    assert sentences("A short title\nThe text begins here") == ["A short title", "The text begins here"]


@pytest.mark.parametrize("mark", ["- ", "* ", "• ", "1. ", "2) ", "# "])
def test_list_items_are_sentences(mark):
    text = f"{mark}apples\n{mark}pears and plums\n{mark}bread"
    assert [s.rpartition(mark)[2] for s in sentences(text)] == ["apples", "pears and plums", "bread"]


@pytest.mark.parametrize(
    "unit", ["a", ".", "(", "A.", '"', "\n", "- \n", "U.S.", "... ", "said.", "\u2028", "日", "👩‍👧", "1."]
)
def test_long_repetitive_text_takes_bounded_time(unit):
    text = unit * (50_000 // len(unit))
    began = time.perf_counter()
    spans = sentence_spans(text)
    assert time.perf_counter() - began < 10
    assert sum(end - start for start, end in spans) >= len("".join(text.split()))


@pytest.mark.parametrize("text", ["", " ", "\n\n\u2028\t", "\ufeff "[1:]])
def test_blank_text_has_no_sentences(text):
    assert sentence_spans(text) == []


def test_sentence_of_a_block_goes_over_lines_and_pages():
    text = "Before. The keeper who signed the\fcertificate was\nAnn. She left.\n \nThe end"
    found = [text[start:end] for start, end in sentences_of_block(text, 8, len(text))]
    assert found == ["The keeper who signed the\fcertificate was\nAnn.", "She left.", "The end"]
    assert sentences_of_block(text, 7, 8) == []
