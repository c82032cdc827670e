"""Running heads, feet and page numbers between form feeds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.page_lines import page_lines


def lines(text):
    return [text[place:].partition("\n")[0].partition("\f")[0].strip() for place in sorted(page_lines(text))]


def test_heads_and_numbers_are_found():
    text = "\f".join(f"  Rules\n\nText {n * n}.\n\n- {n} -\n" for n in range(1, 5))
    assert lines(text) == ["Rules", "- 1 -", "Rules", "- 2 -", "Rules", "- 3 -", "Rules", "- 4 -"]


def test_numbers_that_count_no_pages_stay():
    page = "First {0}.\nMore {0}.\nMiddle.\nThere were {0}.\nTotal: {0} euros"
    assert lines("\f".join(page.format(n * n) for n in (3, 5, 9, 4))) == []


@pytest.mark.parametrize("text", ["", "Rules\fRules", "no pages", "\f\f\f"])
def test_few_pages_have_none(text):
    assert page_lines(text) == frozenset()


@given(st.lists(st.sampled_from(["Rules\n", "\f", "1\n", "Text.\n", "\n"]), max_size=40).map("".join))
def test_offsets_are_starts_of_lines(text):
    assert all(place == 0 or text[place - 1] in "\n\f" for place in page_lines(text))
