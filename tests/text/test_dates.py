"""Dates that are stated by themselves."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.dates import stated_day


@pytest.mark.parametrize(
    "stated",
    [
        "June 12, 2021",
        "Jun. 12th, 2021",
        "Saturday 12 June 2021, 10:00",
        "12-Jun-2021",
        "12.06.2021",
        "2021-06-12T10:00:00Z",
        "2021/06/12",
        "20210612",
        20210612,
        1623456000,
        1623456000.5,
        "1623456000",
        1623456000000,
        "Sat, 12 Jun 2021 10:00:00 +0000",
    ],
)
def test_usual_forms_are_read(stated):
    assert stated_day(stated) == "2021-06-12"


@pytest.mark.parametrize(("stated", "day"), [("13/06/2021", "2021-06-13"), ("06/13/2021", "2021-06-13")])
def test_large_day_shows_the_order(stated, day):
    assert stated_day(stated) == day


@pytest.mark.parametrize(
    "stated",
    [
        "2021",
        "2021-06",
        "06/12/2021",
        "31 February 2021",
        "yesterday",
        "",
        0,
        2021,
        1.5,
        True,
        None,
        [],
        float("nan"),
        10**40,
    ],
)
def test_other_values_are_no_dates(stated):
    assert stated_day(stated) is None


@given(st.one_of(st.text(), st.integers(), st.floats()))
def test_any_value_gives_a_day_or_none(stated):
    day = stated_day(stated)
    assert day is None or re.fullmatch(r"\d{4}-\d\d-\d\d", day)
