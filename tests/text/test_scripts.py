"""Raised and lowered characters as Unicode has them."""

import unicodedata

import pytest

from qa.text.scripts import lowered, raised


@pytest.mark.parametrize(
    ("text", "high", "low"),
    [("12", "¹²", "₁₂"), ("-3", "⁻³", "₋₃"), ("n", "ⁿ", "n"), ("th", "th", "th"), ("", "", ""), ("1a", "1a", "1a")],
)
def test_only_what_exists_is_raised_or_lowered(text, high, low):
    assert (raised(text), lowered(text)) == (high, low)


def test_digits_keep_their_value():
    assert unicodedata.normalize("NFKC", raised("0123456789") + lowered("0123456789")) == "0123456789" * 2
