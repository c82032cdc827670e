"""Words, and which of them carry meaning."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.words import content_words, coverage, rarity, stem, stems, words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Anna MENDS clocks.", ["anna", "mends", "clocks"]),
        ("the minister’s reply", ["the", "minister's", "reply"]),
        ("U.S. talks lasted 1.5 hours", ["u.s", "talks", "lasted", "1.5", "hours"]),
        ("café naïve", ["cafe", "naive"]),
        ("Лавров сказал", ["лавров", "сказал"]),
        ("ﬁnal", ["final"]),
        ("", []),
        ("?!…", []),
    ],
)
def test_words_are_folded_to_lower_case(text, wanted):
    assert words(text) == wanted


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Who mends the clocks?", ["mends", "clocks"]),
        ("Clocks, clocks and CLOCKS", ["clocks"]),
        ("Who is it?", ["who", "is", "it"]),
        ("", []),
    ],
)
def test_content_words_are_distinct_non_stop_words(question, wanted):
    assert content_words(question) == wanted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("extend", "extended"),
        ("talk", "talks"),
        ("minister", "minister's"),
        ("negotiation", "negotiations"),
        ("story", "stories"),
        ("propose", "proposing"),
    ],
)
def test_forms_of_a_word_share_a_stem(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("nato", "national"), ("talk", "tall"), ("us", "u"), ("1.5", "15")])
def test_different_words_have_different_stems(one, other):
    assert stem(one) != stem(other)


@given(st.text(st.characters()))
def test_stems_and_content_words_are_distinct(text):
    assert set(content_words(text)) <= set(words(text))
    assert len(stems(text)) == len(set(stems(text))) <= len(content_words(text))
    assert all(stems(text))


def test_accents_fold_alike_however_encoded():
    assert words("cafe\u0301") == words("caf\u00e9")


def test_rarity_by_hand():
    found = rarity(["clock", "anna", "zebra"], [{"anna", "clock"}, {"anna"}, {"boat"}])
    wanted = {"clock": math.log(1 + 3 / 2), "anna": math.log(1 + 3 / 3), "zebra": math.log(1 + 3 / 1)}
    assert found == pytest.approx(wanted)
    assert rarity(["anna"], []) == {"anna": 0}
    assert rarity([], [{"anna"}]) == {}


def test_coverage_by_hand():
    weights = {"clock": 3.0, "anna": 1.0}
    assert coverage(weights, {"clock", "other"}) == 3 / 4
    assert coverage(weights, {"anna", "clock"}) == 1
    assert coverage(weights, set()) == coverage({}, {"anna"}) == coverage({"anna": 0.0}, {"anna"}) == 0


@given(st.lists(st.sampled_from("abcd")), st.lists(st.sets(st.sampled_from("abcde")), max_size=5), st.data())
def test_more_words_cover_no_less(asked, texts, data):
    weights = rarity(asked, texts)
    some = data.draw(st.sets(st.sampled_from("abcde")))
    more = some | data.draw(st.sets(st.sampled_from("abcde")))
    assert 0 <= coverage(weights, some) <= coverage(weights, more) <= 1
