"""Short answers are whole units, and identifiers are told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reader.units import identifiers, names_all, whole_unit

UNITS = [
    "anna.berg@clocks.example", "www.old-clocks.example/prices", "https://clocks.example/a?c=1", "clocks.example/a",
    "/srv/data/plan_v2.pdf", "192.168.10.25", "PT50 0002 0123 1234 5678 9015 4", "252-640-100", "3:2", "1/4", "20:30",
    "79,533", "1,234.50", "12-AB-34", "978-972-0-04310-1", "LTM-1030-2.1", "INV-2021/0042", "41.3533", "v2.3.1-B4",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_part_of_a_unit_becomes_the_whole(unit):
    text = f"It is {unit}. They said so."
    place = text.index(unit)
    for start in range(len(unit)):
        if unit[start].isalnum():
            assert whole_unit(text, place + start, place + start + 1) == (place, place + len(unit)), unit[start:]


@pytest.mark.parametrize(
    "text", ["Mr. Blinken", "well-known clocks", "Anna-Berta", "the end. Then", "at 9. He", "U.S. talks", "in May 2019"]
)
def test_ordinary_words_are_not_widened(text):
    for start in range(len(text)):
        if text[start : start + 1].strip():
            assert whole_unit(text, start, start + 1) == (start, start + 1)


@given(st.text(st.sampled_from("a1.-/@: ,w"), max_size=60), st.data())
def test_widened_span_holds_the_span(text, data):
    if text:
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        first, last = whole_unit(text, start, end)
        assert 0 <= first <= start < end <= last <= len(text)


def test_identifiers_are_compared_whole():
    wanted = identifiers("How much does ab-4471-X cost?")
    assert wanted == {"ab-4471-x"}
    assert names_all("Part AB-4471-X costs 9 euros.", wanted)
    assert not names_all("Part AB-4471-Y costs 9 euros.", wanted)
    assert not names_all("Part AB-4471-X2 costs 9 euros.", wanted)
    assert identifiers("Who met on 14-15 May in the well-known U.S. town?") == frozenset()
