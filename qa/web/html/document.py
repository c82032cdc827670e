"""Render a document with the cited words marked at their offsets."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup

from qa.history.rendering import source_details
from qa.types import Document, Span
from qa.web.html.rendering import render


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document's text; joined in order, the pieces are the text."""

    text: str
    is_marked: bool = False
    is_focus: bool = False
    """Whether the page scrolls to it."""


def render_document(document: Document, marks: Sequence[Span], focus: int = 0) -> Markup:
    """Render the whole document with the spans in `marks` marked; the page scrolls to `marks[focus]`.

    Spans are cut to the text and merged where they touch; the text itself is shown character for character.
    """
    return render(
        "document",
        document=document,
        details=source_details(document),
        is_web_address=is_web_address(document.source),
        pieces=_pieces(document.text, marks, focus),
    )


def is_web_address(source: str) -> bool:
    """Tell whether a document's source may become a link: only http and https do."""
    try:
        return urlsplit(source).scheme in ("http", "https")
    except ValueError:
        return False


def _pieces(text: str, marks: Sequence[Span], focus: int) -> list[Piece]:
    pieces, offset = [], 0
    target = max(marks[focus][0], 0) if 0 <= focus < len(marks) else -1
    for start, end in _merged(marks, len(text)):
        pieces.append(Piece(text[offset:start]))
        pieces.append(Piece(text[start:end], is_marked=True, is_focus=start <= target < end))
        offset = end
    return [*pieces, Piece(text[offset:])]


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
