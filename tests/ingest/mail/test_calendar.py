"""Invitations in the format of iCalendar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.mail.calendar import calendar_lines


def event(*properties):
    return "\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *properties, "END:VEVENT", "END:VCALENDAR"])


def test_events_are_read_in_order():
    text = event("SUMMARY:Tea", "END:VEVENT", "BEGIN:VEVENT", "LOCATION:Pier", "SUMMARY:Boat")
    assert calendar_lines(text) == ["Event: Tea", "Event: Boat", "Place: Pier"]


def test_long_lines_are_unfolded():
    assert calendar_lines(event("SUMMARY:Board\n  meet\n\ting")) == ["Event: Board meeting"]


@pytest.mark.parametrize(
    ("property", "line"),
    [
        ("DTSTART;VALUE=DATE:20220114", "Start: 2022-01-14"),
        ("DTSTART:20220114T100000", "Start: 2022-01-14 10:00"),
        ('DTSTART;TZID="Europe/Lisbon":20220114T100000', "Start: 2022-01-14 10:00 (Europe/Lisbon)"),
        ("DTSTART:soon", "Start: soon"),
        ("ATTENDEE:mailto:a@x.org", "Attendee: a@x.org"),
        ("DESCRIPTION:One\\, two\\; three\\nfour", "Description: One, two; three\nfour"),
    ],
)
def test_values_are_shown_plainly(property, line):
    assert calendar_lines(event(property)) == [line]


@given(st.text())
def test_any_text_gives_lines(text):
    assert all(calendar_lines(event(text)))
