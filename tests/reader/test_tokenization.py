"""Tokenize questions and passages into windows with exact offsets."""

import unicodedata
from itertools import cycle, islice, pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from embeddings.models import MINILM
from qa.reader.tokenization import MAX_QUESTION_TOKENS, MAX_WINDOW_TOKENS, OVERLAP_TOKENS, WindowTokenizer

TOKENIZER = WindowTokenizer(MINILM.path())
NAMES = {place: token for token, place in TOKENIZER._tokenizer.get_vocab().items()}

# Includes lone surrogates, which no tokenizer accepts.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)
WORDS = st.integers(0, 700).map(
    lambda n: " ".join(islice(cycle("clocks Oslo unbelievably 1,234 Ünïcode 東京 x".split()), n))
)


def plain(text: str) -> str:
    """Normalize text like the encoder's vocabulary: lower case, no accents, nothing invisible."""
    lowered = unicodedata.normalize("NFD", text).lower().replace("ς", "σ")
    kept = unicodedata.normalize("NFD", lowered)
    return "".join(c for c in kept if unicodedata.category(c) != "Mn" and unicodedata.category(c)[0] != "C")


def only(windows):
    (window,) = windows
    return window


@given(ANY_TEXT)
@example("Ça İstanbul ﬁ 東京 \U0001f468\u200d\U0001f469 e\u0301 한국어 a\x00b \u200b")
@example("half \ud83d a pair, \udca9 and the other")
def test_token_offsets_match_the_text(text):
    for window in TOKENIZER.windows("Who?", text, 100_000):
        assert len(window.ids) == window.passage_start + len(window.offsets) + 1
        for token, (start, end) in zip(window.ids[window.passage_start :], window.offsets, strict=False):
            assert 0 <= start < end <= len(text)
            name = NAMES[token].removeprefix("##")
            shown = text[start:end].encode("utf-8", "replace").decode("utf-8")
            assert name == "[UNK]" or plain(name) in plain(shown)


def test_tokens_by_hand():
    window = only(TOKENIZER.windows("Who mends?", "Anna mends clöcks."))
    assert [NAMES[token] for token in window.ids] == ("[CLS] who men ##ds ? [SEP] anna men ##ds clocks . [SEP]".split())
    assert window.passage_start == 6
    assert window.offsets == [(0, 4), (5, 8), (8, 10), (11, 17), (17, 18)]


@pytest.mark.parametrize("text", ["a\ud800b c", "\udfff", "clocks \ud83d"])
def test_lone_surrogate_moves_no_offset(text):
    asked = only(TOKENIZER.windows(text, text))
    assert asked.offsets[-1][1] == len(text)
    assert asked.ids == only(TOKENIZER.windows(text, text.encode("utf-8", "replace").decode())).ids


@given(WORDS, WORDS, st.integers(MAX_QUESTION_TOKENS + 5, MAX_WINDOW_TOKENS + 50))
def test_windows_overlap_and_cover_every_token(question, passage, longest):
    whole = list(TOKENIZER.windows(question, passage, 100_000))
    windows = list(TOKENIZER.windows(question, passage, longest))
    assert bool(windows) == bool(passage)
    tokens, offsets = [], []
    for window in windows:
        assert len(window.ids) <= longest
        head, first = window.ids[: window.passage_start], window.passage_start
        assert head == whole[0].ids[:first]
        assert NAMES[window.ids[0]] == "[CLS]"
        assert NAMES[window.ids[first - 1]] == NAMES[window.ids[-1]] == "[SEP]"
        own = window.offsets.index(offsets[-1]) + 1 if offsets else 0
        tokens += window.ids[first + own : -1]
        offsets += window.offsets[own:]
    assert offsets == (whole[0].offsets if whole else [])
    assert tokens == (whole[0].ids[whole[0].passage_start : -1] if whole else [])
    for before, after in pairwise(windows):
        shared = min(OVERLAP_TOKENS, (longest - before.passage_start - 1) // 2)
        assert shared > 0
        assert before.offsets[-shared:] == after.offsets[:shared]


def test_long_question_is_truncated():
    asked = "clocks " * (MAX_QUESTION_TOKENS + 50)
    window = only(TOKENIZER.windows(asked, "Anna"))
    assert window.passage_start == MAX_QUESTION_TOKENS + 2
    assert window.ids == only(TOKENIZER.windows("clocks " * MAX_QUESTION_TOKENS, "Anna")).ids


@pytest.mark.parametrize("passage", ["", "  \n\t", "\u200b\x00"])
def test_empty_passage_has_no_window(passage):
    assert list(TOKENIZER.windows("Who?", passage)) == []


def test_empty_question_has_a_window():
    assert only(TOKENIZER.windows("", "Anna mends clocks.")).passage_start == 2
