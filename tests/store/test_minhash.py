"""Telling near-duplicate texts from other texts."""

import json
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from qa.paths import roots
from qa.store.minhash import (
    BANDS,
    LONG_TEXT_SHINGLES,
    MAX_CACHED_CHARS,
    MIN_SHINGLES,
    SHINGLE_WORDS,
    SHORT_TEXT_BANDS,
    _bands,
    is_near_duplicate,
    sketch,
)
from qa.text.words import words

REPORTS = [file.read_text("utf-8") for file in sorted(roots(None)[0].glob("*.txt"))]


def resemblance(one: str, other: str) -> float:
    """Shared runs of words among all, without hashes."""
    shingles = [
        {tuple(every[n : n + SHINGLE_WORDS]) for n in range(max(len(every) - SHINGLE_WORDS + 1, 1))}
        for every in (words(one), words(other))
    ]
    return len(shingles[0] & shingles[1]) / len(shingles[0] | shingles[1])


def test_shingles_ignore_case_and_punctuation():
    one, other = "The talks, held in Geneva, were brief.", "the talks held in geneva were BRIEF"
    assert sketch(one).shingles == sketch(other).shingles
    assert len(sketch(one).shingles) == len(words(one)) - SHINGLE_WORDS + 1
    assert sketch(one).shingles != sketch("were brief The talks held in Geneva").shingles


@given(st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=SHINGLE_WORDS, max_size=400))
def test_shingle_count_equals_count_without_hashes(letters):
    text = " ".join(letters)
    assert len(sketch(text).shingles) == len(
        {tuple(letters[n : n + SHINGLE_WORDS]) for n in range(len(letters) - SHINGLE_WORDS + 1)}
    )


def test_built_in_reports_are_no_near_duplicates():
    sketches = [sketch(text) for text in REPORTS]
    assert not any(is_near_duplicate(one, other) for one in sketches for other in sketches if one is not other)
    assert all(is_near_duplicate(one, one) for one in sketches)


def test_cut_report_with_new_headline_is_near_duplicate():
    for text in REPORTS:
        copy = "What happened today\nBy Anna Berg\n" + text[: int(0.7 * len(text))]
        assert is_near_duplicate(sketch(text), sketch(copy)) and is_near_duplicate(sketch(copy), sketch(text))
        assert set(sketch(text).bands) & set(sketch(copy).bands)


def test_quotation_does_not_make_a_near_duplicate():
    quoting = REPORTS[1] + REPORTS[0][: len(REPORTS[0]) // 3]
    assert not is_near_duplicate(sketch(REPORTS[0]), sketch(quoting)) or resemblance(REPORTS[0], quoting) >= 0.5


def test_half_of_shingles_in_common_decides():
    for share in (30, 45, 55, 70):
        one = " ".join(f"w{n}" for n in range(200))
        other = " ".join(f"w{n}" if n < 200 * share // 100 else f"v{n}" for n in range(200))
        assert is_near_duplicate(sketch(one), sketch(other)) == (resemblance(one, other) >= 0.5)


def test_short_texts_must_be_equal_word_for_word():
    one = "Anna mends clocks in the old town every day of the week but Sunday."
    assert len(sketch(one).shingles) < MIN_SHINGLES
    assert is_near_duplicate(sketch(one), sketch(one.upper()))
    assert not is_near_duplicate(sketch(one), sketch(one.replace("Anna", "Berta")))
    assert not is_near_duplicate(sketch(""), sketch("")) and sketch("").bands == ()
    assert len(sketch(one).bands) == 1
    assert is_near_duplicate(sketch("Tea at four."), sketch("tea at FOUR")) and not is_near_duplicate(
        sketch("Tea at four."), sketch("Tea at five.")
    )


def test_short_text_has_the_first_few_bands():
    short, long = (
        sketch(" ".join(f"w{n}" for n in range(shingles + SHINGLE_WORDS - 1)))
        for shingles in (LONG_TEXT_SHINGLES - 1, LONG_TEXT_SHINGLES)
    )
    assert (len(short.shingles), len(long.shingles)) == (LONG_TEXT_SHINGLES - 1, LONG_TEXT_SHINGLES)
    assert short.bands == _bands(short._hashes(), BANDS)[:SHORT_TEXT_BANDS] and len(short.bands) == SHORT_TEXT_BANDS
    assert long.bands == _bands(long._hashes(), BANDS) and len(long.bands) == BANDS


def test_bands_are_the_same_in_every_process():
    bands = sketch(REPORTS[0]).bands
    assert len(bands) == BANDS and all(0 <= band < 1 << 63 for band in bands)
    program = "import json, sys; from qa.store.minhash import sketch; print(json.dumps(sketch(sys.stdin.read()).bands))"
    command = [sys.executable, "-X", "utf8", "-c", program]
    done = subprocess.run(command, input=REPORTS[0], capture_output=True, encoding="utf-8", check=True)
    assert tuple(json.loads(done.stdout)) == bands


def test_only_sketches_of_short_texts_are_cached():
    short, long = ("word " * times for times in (20, MAX_CACHED_CHARS))
    assert sketch(short) is sketch("word " * 20)
    assert sketch(long) is not sketch(long)
    assert sketch(long).shingles == sketch(short).shingles
