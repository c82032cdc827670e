"""Render the time line: a dot for each document on the day it was published, the larger the more passages it has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from markupsafe import Markup

from qa.types import DocumentSummary
from qa.web.html import strings
from qa.web.html.rendering import render

MAX_DOTS = 300
"""Documents drawn; of more, the earliest."""

MIN_DOT_PX, MAX_DOT_PX = 12.0, 34.0
"""Diameters; a lane is as high as the largest dot."""

LANES = 4
"""Rows for documents of neighbouring days; where all are taken, dots overlap."""

ROOM_PERCENT = 4.0
"""Share of the width that a dot keeps free in its lane."""


Dated = tuple[date, DocumentSummary, bool]
"""A day of publication, the document, and whether answers may come from it."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A document on the time line; `left` is in percent of its width, `top` and `size` in pixels."""

    id: str
    label: str
    is_used: bool
    left: str
    top: str
    size: str


def render_timeline(documents: Sequence[DocumentSummary], used: Sequence[bool]) -> Markup:
    """Render the documents whose day is known; `used` says of each whether answers may come from it.

    Returns:
        Nothing if no day is known.
    """
    pairs = zip(documents, used, strict=True)
    dated = [(day, document, is_used) for document, is_used in pairs if (day := _day(document.published))]
    dated = sorted(dated, key=lambda one: (one[0], one[1].id))
    undated, dated = len(documents) - len(dated), dated[:MAX_DOTS]
    if not dated:
        return Markup()
    days = [day for day, _, _ in dated]
    lefts = _lefts(days)
    lanes = list(_lanes(lefts))
    return render(
        "timeline",
        height=f"{(1 + max(lanes)) * MAX_DOT_PX:.0f}",
        dots=list(_dots(dated, lefts, lanes)),
        days=[day.isoformat() for day in dict.fromkeys((days[0], days[-1]))],
        undated=undated,
    )


def _lefts(days: Sequence[date]) -> list[float]:
    """Place each day in percent of the width, the first at 0 and the last at 100; a single day is in the middle."""
    total = (days[-1] - days[0]).days
    return [100 * (day - days[0]).days / total if total else 50.0 for day in days]


def _lanes(lefts: Sequence[float]) -> Iterator[int]:
    """Assign each dot the first lane with room for it, else the one that was taken longest ago."""
    taken = [-ROOM_PERCENT] * LANES
    for left in lefts:
        free = (lane for lane in range(LANES) if left - taken[lane] >= ROOM_PERCENT)
        lane = next(free, min(range(LANES), key=taken.__getitem__))
        taken[lane] = left
        yield lane


def _dots(dated: Sequence[Dated], lefts: Sequence[float], lanes: Sequence[int]) -> Iterator[Dot]:
    largest = max(1, *(document.passages for _, document, _ in dated))
    for (_, document, is_used), left, lane in zip(dated, lefts, lanes, strict=True):
        size = MIN_DOT_PX + (MAX_DOT_PX - MIN_DOT_PX) * sqrt(document.passages / largest)
        yield Dot(
            document.id,
            f"{document.published} · {document.title} · {strings.passages(document.passages)}",
            is_used,
            f"{left:.2f}",
            f"{(lane + 0.5) * MAX_DOT_PX:.0f}",
            f"{size:.0f}",
        )


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published or "")
    except ValueError:
        return None
