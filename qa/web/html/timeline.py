"""A picture of the corpus: each document on the day that it was published, as large as it has passages."""

from collections.abc import Sequence
from datetime import date
from html import escape
from math import sqrt

from qa.types import DocumentSummary
from qa.web.html import strings

DRAWN = 300
"""Documents, at most; the first of more."""

LEAST, MOST = 12.0, 34.0
"""Pixels across."""

LANES = 4
"""Rows that documents of near days stand in; where all are taken, they overlap."""

ROOM = 4.0
"""Hundredths of the width that a document keeps free in its row."""


def render_timeline(documents: Sequence[DocumentSummary], chosen: Sequence[bool]) -> str:
    """The documents whose day is known, opened by a click; `chosen` says of each whether the chat may use it.

    Nothing where there is none.
    """
    dated = [(day, one, use) for one, use in zip(documents, chosen, strict=True) if (day := _day(one.published))]
    dated = sorted(dated, key=lambda row: (row[0], row[1].id))[:DRAWN]
    if not dated:
        return ""
    first, last = dated[0][0], dated[-1][0]
    days = (last - first).days
    largest = max(one.passages for _, one, _ in dated)
    free = [-ROOM] * LANES
    dots = []
    for day, one, use in dated:
        left = 100 * (day - first).days / days if days else 50.0
        lane = next((n for n in range(LANES) if left - free[n] >= ROOM), min(range(LANES), key=free.__getitem__))
        free[lane] = left
        dots.append(_dot(one, use, left, lane, LEAST + (MOST - LEAST) * sqrt(one.passages / max(largest, 1))))
    lanes = 1 + max(lane for lane in range(LANES) if free[lane] >= 0)
    ends = "".join(f"<span>{escape(day.isoformat())}</span>" for day in dict.fromkeys((first, last)))
    missing = len(documents) - len(dated)
    undated = f'<span class="qa-undated">{escape(strings.undated(missing))}</span>' if missing else ""
    return (
        f'<figure class="qa-timeline" aria-label="{escape(strings.TIMELINE)}"><div class="qa-line" '
        f'style="height:{lanes * MOST:.0f}px">{"".join(dots)}</div>'
        f'<figcaption class="qa-details">{ends}{undated}</figcaption></figure>'
    )


def _dot(document: DocumentSummary, use: bool, left: float, lane: int, size: float) -> str:
    label = escape(f"{document.published} · {document.title} · {strings.passages(document.passages)}")
    off = "" if use else " qa-unused"
    return (
        f'<button type="button" class="qa-dot{off}" data-qa-document="{escape(document.id)}" aria-label="{label}" '
        f'title="{label}" style="left:{left:.2f}%;top:{(lane + 0.5) * MOST:.0f}px;--size:{size:.0f}px"></button>'
    )


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published or "")
    except ValueError:
        return None
