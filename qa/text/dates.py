"""Read a date that is stated by itself, in any usual form."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from qa.text.english import MONTH, month_number

EPOCH = re.compile(r"-?\d{9,17}(?:\.\d+)?")
YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?!\d)")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
MONTH_FIRST = re.compile(rf"\b({MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.IGNORECASE)
DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[ -](?:of )?({MONTH})\.?,?[ -](\d{{4}})\b", re.IGNORECASE)

FIRST_YEAR, LAST_YEAR = 1000, 2200

UNITS = ((1e11, 1), (1e14, 1e3), (1e17, 1e6))
"""Numbers below which a time is in seconds, milliseconds or microseconds since 1970."""


def stated_day(stated: object) -> str | None:
    """Return the day (YYYY-MM-DD) of a date in words, in numbers, or in seconds or milliseconds since 1970.

    None if it is no whole date, or if day and month cannot be told apart.
    """
    if isinstance(stated, bool) or not isinstance(stated, str | int | float):
        return None
    text = " ".join(str(stated).split())
    if not isinstance(stated, str) or EPOCH.fullmatch(text):
        return _since_1970(text)
    return _in_numbers(text) or _in_words(text) or _in_mail(text)


def _since_1970(text: str) -> str | None:
    try:
        number = float(text)
        if number.is_integer() and 10_000_101 <= number <= 99_991_231:  # 20210612
            return _in_numbers(str(int(number)))
        divisor = next(divisor for limit, divisor in UNITS if abs(number) < limit)
        found = datetime.fromtimestamp(number / divisor, UTC)
    except (ValueError, OverflowError, OSError, StopIteration):
        return None
    return found.date().isoformat() if abs(number) >= 1e8 else None


def _in_numbers(text: str) -> str | None:
    if match := YEAR_FIRST.match(text):
        year, separator, month, day = match.groups()
        return _day(int(year), int(month), int(day)) if separator or len(match[0]) == 8 else None
    if match := YEAR_LAST.match(text):
        first, separator, second, year = match.groups()
        days = {
            _day(int(year), int(month), int(day))
            for month, day in ([(second, first)] if separator == "." else [(first, second), (second, first)])
        } - {None}
        return days.pop() if len(days) == 1 else None
    return None


def _in_words(text: str) -> str | None:
    if match := MONTH_FIRST.search(text):
        return _day(int(match[3]), month_number(match[1]), int(match[2]))
    if match := DAY_FIRST.search(text):
        return _day(int(match[3]), month_number(match[2]), int(match[1]))
    return None


def _in_mail(text: str) -> str | None:
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:  # such as the 31st of February
        return None
