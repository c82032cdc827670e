"""Read the invitations that come with messages, in the format of iCalendar (RFC 5545)."""

import re
from collections.abc import Iterator

FOLD = re.compile(r"\r?\n[ \t]")
PROPERTY = re.compile(r"(?P<name>[\w-]+)(?P<parameters>(?:;[^:\"]*(?:\"[^\"]*\")?)*):(?P<value>.*)", re.DOTALL)
ESCAPE = re.compile(r"\\(.)")
TIME = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})\d{0,2}(Z?))?")
ZONE = re.compile(r"TZID=\"?([^;:\"]+)", re.IGNORECASE)
PERSON = re.compile(r"CN=\"?([^;:\"]+)", re.IGNORECASE)

SHOWN = {
    "SUMMARY": "Event", "DTSTART": "Start", "DTEND": "End", "DUE": "Due", "LOCATION": "Place", "ORGANIZER": "Organizer",
    "ATTENDEE": "Attendee", "STATUS": "Status", "DESCRIPTION": "Description",
}  # fmt: skip
"""The properties that are read, in the order in which they are shown."""

COMPONENTS = frozenset({"VEVENT", "VTODO", "VJOURNAL"})
"""The names that RFC 5545 gives to events, tasks and journal entries."""


def calendar_lines(text: str) -> list[str]:
    """Return what a calendar says about each event: its name, time, place, people and description, a line for each."""
    return [line for event in _events(text) for line in _lines(event)]


def _events(text: str) -> Iterator[list[tuple[str, str, str]]]:
    """Yield the properties (name, parameters, value) of each event, without those of its alarms."""
    event: list[tuple[str, str, str]] = []
    inside: list[str] = []
    for line in FOLD.sub("", text).splitlines():
        match = PROPERTY.match(line)
        if not match:
            continue
        name, value = match["name"].upper(), match["value"].strip()
        if name == "BEGIN":
            inside.append(value.upper())
        elif name == "END":
            if inside and inside.pop() in COMPONENTS:
                yield event
                event = []
        elif inside and inside[-1] in COMPONENTS:
            event.append((name, match["parameters"], value))


def _lines(event: list[tuple[str, str, str]]) -> Iterator[str]:
    for wanted, label in SHOWN.items():
        for name, parameters, value in event:
            if name == wanted and (shown := _shown(name, parameters, value)):
                yield f"{label}: {shown}"


def _shown(name: str, parameters: str, value: str) -> str:
    if name in ("DTSTART", "DTEND", "DUE"):
        return _time(parameters, value)
    if name in ("ORGANIZER", "ATTENDEE"):
        person, address = PERSON.search(parameters), re.sub(r"(?i)^mailto:", "", value)
        return f"{person[1]} <{address}>" if person else address
    return ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value).strip()


def _time(parameters: str, value: str) -> str:
    match = TIME.match(value)
    if not match:
        return value
    year, month, day, hour, minute, universal = match.groups()
    zone = ZONE.search(parameters)
    shown = f"{year}-{month}-{day}" + (f" {hour}:{minute}" if hour else "")
    return shown + (" UTC" if universal else f" ({zone[1]})" if zone and hour else "")
