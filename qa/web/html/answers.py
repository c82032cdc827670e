"""Render an answer: what is quoted in the chat, the sources beside it, and what hovering over them shows."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from qa.history.rendering import (
    answer_as_markdown,
    answer_as_text,
    citation_details,
    confidence_level,
    nearest,
    one_line,
)
from qa.history.turn import Neighbours, Turn
from qa.types import Answer, Citation
from qa.web.html import strings
from qa.web.html.rendering import render

MAX_LARGE_CHARS = 60
"""Length of the shortest answer above which it is set in smaller type."""

LABEL_CHARS, TITLE_CHARS, PASSAGE_CHARS, ID_CHARS = 100, 160, 220, 80
"""Lengths at which a marker's label, a card's title, a nearest passage and its document's id are cut."""

NO_NEIGHBOURS: Neighbours = ("", "")


@dataclass(frozen=True, slots=True)
class Source:
    """What the page shows of one citation."""

    marker: int
    card_id: str
    label: str
    title: str
    details: str
    quote: str
    before: str
    after: str


def render_answer(turn: Turn, answer: Answer, place: int, searched: str = "") -> Markup:
    """Render the quoted sentences with markers that open their sources, or small talk, or the refusal.

    Args:
        turn: The turn that `answer` belongs to, with its rating.
        answer: What to show.
        place: The turn's position in its chat, from 0.
        searched: What a refused question was searched for in, as words that precede the question.
    """
    if answer.abstained:
        return render("refusal", turn=turn, answer=answer, searched=searched)
    if not answer.citations:
        return render("small_talk", text=answer.text)
    steps, below_highest = len(strings.CONFIDENCE_LEVELS), confidence_level(answer.confidence)
    return render(
        "answer",
        turn=turn,
        answer=answer,
        is_long=len(answer.short or "") > MAX_LARGE_CHARS,
        sources=list(_sources(turn, answer, place)),
        bars=[step < steps - below_highest for step in range(steps)],
        confidence=strings.CONFIDENCE_LEVELS[below_highest],
        odds_id=_odds_id(place),
        as_text=answer_as_text(answer),
        as_markdown=answer_as_markdown(answer),
    )


def render_sources(answer: Answer) -> Markup:
    """Render a card for each citation, or the nearest passages labelled as no answer."""
    if answer.abstained:
        hits = (hit.passage for hit in nearest(answer))
        passages = [
            {"text": one_line(passage.text, PASSAGE_CHARS), "document": one_line(passage.document_id, ID_CHARS)}
            for passage in hits
        ]
        return render("nearest_passages", passages=passages)
    return render("sources", sources=list(_sources(Turn(answer.question), answer, 0)))


def render_quote_cards(turn: Turn, answer: Answer, place: int) -> Markup:
    """Render what hovering over a marker shows, hidden until then: its source and the quote between its neighbours."""
    return render(
        "quote_cards",
        sources=list(_sources(turn, answer, place)),
        odds_id=_odds_id(place),
        odds=strings.confidence_meaning(answer.confidence),
    )


def _sources(turn: Turn, answer: Answer, place: int) -> Iterator[Source]:
    around = (*turn.around, *[NO_NEIGHBOURS] * len(answer.citations))
    for citation, (before, after) in zip(answer.citations, around, strict=False):
        yield Source(
            citation.marker,
            f"qa-quote-card-{place}-{citation.marker}",
            strings.source_label(citation.marker, one_line(citation.title, LABEL_CHARS)),
            one_line(citation.title, TITLE_CHARS),
            _details(citation),
            citation.text,
            " ".join(before.split()),
            " ".join(after.split()),
        )


def _details(citation: Citation) -> str:
    page = strings.page_number(citation.page, citation.page_label) if citation.page is not None else ""
    return " · ".join(citation_details(citation, page))


def _odds_id(place: int) -> str:
    return f"qa-odds-{place}"
