"""English word lists, and what the patterns made of them match."""

import calendar
import re

import pytest

from qa.text.english import (
    MONTH,
    MONTH_STEM,
    MONTHS,
    QUESTION_WORD,
    QUESTION_WORDS,
    STOP_WORDS,
    WEEKDAY,
    WEEKDAYS,
    month_number,
)


def test_month_and_weekday_names_match_the_calendar():
    assert [name.title() for name in MONTHS] == list(calendar.month_name)[1:]
    assert [name.title() for name in WEEKDAYS] == list(calendar.day_name)


@pytest.mark.parametrize("name", ["January", "Jan", "May", "Jun", "June", "Jul", "July", "Sep", "Sept", "September"])
def test_month_matches_full_names_and_abbreviations(name):
    assert re.fullmatch(MONTH, name)
    assert re.match(MONTH_STEM, name)


@pytest.mark.parametrize("word", ["Janu", "Septe", "january", "Maybe", "Monday", ""])
def test_month_matches_no_other_word(word):
    assert not re.fullmatch(MONTH, word)


def test_every_month_is_matched_and_numbered():
    for number in range(1, 13):
        full, short = calendar.month_name[number], calendar.month_abbr[number]
        assert re.fullmatch(MONTH, full) and re.fullmatch(MONTH, short)
        assert month_number(full) == month_number(short.upper()) == number


@pytest.mark.parametrize("name", ["", "Ma", "Monday", "12"])
def test_other_words_have_no_month_number(name):
    with pytest.raises(ValueError):
        month_number(name)


@pytest.mark.parametrize("name", ["Mon", "Monday", "Tue", "Tues", "Tuesday", "Wednesday", "Thurs", "Sat", "Saturday"])
def test_weekday_matches_full_names_and_abbreviations(name):
    assert re.fullmatch(WEEKDAY, name)


def test_every_weekday_is_matched():
    assert all(re.fullmatch(WEEKDAY, name.title()) for name in WEEKDAYS)
    assert not re.fullmatch(WEEKDAY, "Sunder")


@pytest.mark.parametrize("word", QUESTION_WORDS)
def test_question_words_are_matched_whole(word):
    assert re.match(QUESTION_WORD + r"\b", f"{word} then")[0] == word


def test_question_words_are_stop_words():
    assert STOP_WORDS > set(QUESTION_WORDS)


def test_stop_words_are_lower_case_words():
    assert all(word.isalpha() and word.islower() for word in STOP_WORDS)
    assert not {"minister", "many", "much", "january"} & STOP_WORDS
