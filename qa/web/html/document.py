"""A document as HTML, with the cited words marked at their offsets; pure functions."""

from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

from qa.history.rendering import source_details
from qa.types import Document, Span


def render_document(document: Document, marks: Sequence[Span], focus: int = 0) -> str:
    """The whole document with `marks` marked, the one at place `focus` to be scrolled to; offsets stay exact.

    Marks are cut to the text and merged where they touch one another.
    """
    pieces, place = [], 0
    target = max(marks[focus][0], 0) if 0 <= focus < len(marks) else -1
    for start, end in _merged(marks, len(document.text)):
        here = ' id="qa-current-mark"' if start <= target < end else ""
        pieces.append(escape(document.text[place:start]))
        pieces.append(f"<mark{here}>{escape(document.text[start:end])}</mark>")
        place = end
    pieces.append(escape(document.text[place:]))
    details = " · ".join([*map(escape, source_details(document)), link(document.source)])
    return (
        f'<article class="qa-document"><h2 dir="auto">{escape(document.title)}</h2>'
        f'<p class="qa-details">{details}</p><div class="qa-text" dir="auto">{"".join(pieces)}</div></article>'
    )


def link(source: str) -> str:
    """A source as a link when it is a web address, else as plain text."""
    try:
        scheme = urlsplit(source).scheme
    except ValueError:
        scheme = ""
    if scheme not in ("http", "https"):
        return escape(source)
    return f'<a href="{escape(source)}" target="_blank" rel="noopener noreferrer nofollow">{escape(source)}</a>'


def _merged(marks: Sequence[Span], length: int) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted((max(start, 0), min(end, length)) for start, end in marks):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
