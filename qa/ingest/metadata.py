"""Read a document's language, date and publisher from its text.

Date and publisher come from the first lines: from a dateline ("MOSCOW, January 14, 2022. /TASS/.") or a line that is
nothing but a date. A date within a sentence does not count, for the text may be about it. A dateline without a year
gives the agency but no date: the year is never guessed.
"""

import re
from dataclasses import replace
from datetime import date

from qa.text.english import MONTH, WEEKDAY, month_number
from qa.text.language import detect_language
from qa.types import Document

HEAD_CHARS = 1_500
"""Characters at the beginning of a text that are searched for a dateline."""

MONTH_FIRST = rf"(?P<month1>{MONTH})\.? (?P<day1>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year1>\d{{4}}))?"
DAY_FIRST = rf"(?P<day2>\d{{1,2}})(?:st|nd|rd|th)? (?P<month2>{MONTH})\.?(?:,? (?P<year2>\d{{4}}))?"
NUMBERS = r"(?P<year3>\d{4})-(?P<month3>\d{2})-(?P<day3>\d{2})"
DATE = rf"(?:{MONTH_FIRST}|{DAY_FIRST}|{NUMBERS})"
OPTIONAL_WEEKDAY = rf"(?:{WEEKDAY}\.?,? )?"

DATELINE = re.compile(
    rf"^[ \t]*(?:[A-ZÀ-Þ][A-ZÀ-Þ .,'’/-]{{1,60}}[,.]? ?)??{OPTIONAL_WEEKDAY}(?:{DATE})?[.,]? ?"
    r"(?:/(?P<slashed>[A-Z][\w .-]{1,19})/|\((?P<bracketed>[A-Z][\w .-]{1,19})\))[ .:]*(?:[-–—]|(?<=[.:])|(?=\s[A-Z]))",
    re.MULTILINE,
)
"""The beginning of a line: a place in capitals or a date, then an agency between slashes or in brackets."""

DATE_ALONE = re.compile(
    rf"^[ \t]*(?:(?:first )?(?:published|posted|updated|date|dated)(?: on)?:? ?)?{OPTIONAL_WEEKDAY}{DATE}"
    r"(?:,?(?: at)? ?\d{1,2}[:.]\d{2}(?:[:.]\d{2})? ?(?:[ap]\.?m\.?)?(?: ?[A-Z]{2,4})?)?[. \t\r]*$",
    re.MULTILINE | re.IGNORECASE,
)


def with_metadata(document: Document) -> Document:
    """Add the document's language, and the date and publisher found in its text unless the file states them."""
    day, publisher = dateline(document.text)
    if document.published or day is None:
        day = None
    return replace(
        document,
        language=detect_language(document.text),
        publisher=document.publisher or publisher,
        published=document.published or day,
        dated="inferred" if day else document.dated,
    )


def dateline(text: str) -> tuple[str | None, str | None]:
    """Return the date (YYYY-MM-DD) and the news agency in the first lines of `text`, each None if it is missing."""
    head = text[:HEAD_CHARS]
    line, alone = DATELINE.search(head), DATE_ALONE.search(head)
    day = (_day(line) if line else None) or (_day(alone) if alone else None)
    return day, (line["slashed"] or line["bracketed"]) if line else None


def iso_date(stated: str) -> str | None:
    """Return the day (YYYY-MM-DD) of an ISO 8601 date or time; None for a year alone, and for anything else."""
    try:
        return date.fromisoformat(stated[:10]).isoformat() if len(stated) >= 10 else None
    except ValueError:
        return None


def _day(match: re.Match[str]) -> str | None:
    year, month, day = (next((match[f"{part}{n}"] for n in "123" if match[f"{part}{n}"]), "") for part in _PARTS)
    if not year or not month or not day:
        return None
    number = int(month) if month.isdigit() else month_number(month)
    try:
        return date(int(year), number, int(day)).isoformat()
    except ValueError:  # such as the 31st of February
        return None


_PARTS = ("year", "month", "day")
