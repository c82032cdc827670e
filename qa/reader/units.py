"""Widen a span to the whole of what it cuts: an address, a number with separators, an identifier."""

import re

from qa.types import Span

UNIT = re.compile(
    r"""
    (?:https?|ftp|file)://\S*[\w/]           # an address of the web
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+           # an address of mail
    | www\.[\w-]+(?:\.[\w-]+)+(?:/\S*[\w/])? # the web without its protocol
    | (?:[\w-]+\.)+[a-z]{2,}(?:/[\w./~%-]*[\w/])+  # and without www
    | (?:/[\w.+-]*\w){2,}                    # a path
    | (?:[A-Z]{2}\d{2}|\d{2,4})(?:[ ]\d{2,4}){2,}(?:[ ]\d{1,3})?  # digits in groups: an account, a telephone number
    | \d+(?:[.,:/]\d+)+                      # a number, a time, a score, a version, an address of a computer
    | (?=[\w./-]*\d)(?=[\w./-]*[A-Z])\w+(?:[-/.]\w+)+  # an identifier
    | \d+(?:-\d+){2,}                        # a number in groups
    """,
    re.VERBOSE,
)
"""What makes sense as a whole only."""

IDENTIFIER = re.compile(r"(?=[\w/.-]*\d)(?=[\w/.-]*[^\W\d_])\w+(?:[-/.]\w+)+")
"""A name of one thing among many alike: letters, digits and what joins them."""

MAX_UNIT_CHARS = 300
"""Longer matches are no unit that anybody would read."""


def whole_unit(text: str, start: int, end: int) -> Span:
    """Return the span widened to the units that it touches only a part of."""
    first = text.rfind(" ", 0, max(start - MAX_UNIT_CHARS, 0)) + 1
    for match in UNIT.finditer(text, first, min(len(text), end + MAX_UNIT_CHARS)):
        if match.start() < end and start < match.end() and len(match[0]) <= MAX_UNIT_CHARS:
            start, end = min(start, match.start()), max(end, match.end())
    return start, end


def identifiers(question: str) -> frozenset[str]:
    """Return the identifiers in a question, in lower case."""
    return frozenset(match[0].lower() for match in IDENTIFIER.finditer(question))


def names_all(text: str, wanted: frozenset[str]) -> bool:
    """Return whether all identifiers are in a text, whole."""
    return wanted <= identifiers(text)
