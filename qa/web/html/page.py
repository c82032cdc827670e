"""Render what is always on the page: the header, the chat and the form for a question."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from qa.history.turn import Turn
from qa.web.html import strings
from qa.web.html.answers import render_answer, render_quote_cards, render_sources
from qa.web.html.document_list import DocumentList
from qa.web.html.evidence_bar import render_evidence_bar
from qa.web.html.rendering import render


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A turn with its parts rendered; with neither an answer nor a problem, the answer is awaited."""

    question: str
    answer: Markup
    problem: str | None
    sources_label: str
    sources: Markup


def render_header(document_list: DocumentList) -> Markup:
    """Render the bar at the top: the corpus, its size, the chats and a way to start a new one."""
    return render("header", name=document_list.name, size=document_list.size)


def render_thread(
    turns: Sequence[Turn],
    document_list: DocumentList,
    examples: Sequence[str] = (),
    status: str = "",
    reading: Sequence[str] = (),
) -> Markup:
    """Render a chat, or the welcome before its first question.

    Args:
        turns: Oldest first.
        document_list: The corpus.
        examples: Questions that the welcome suggests.
        status: Shown in place of an awaited answer.
        reading: Titles of the documents being read for an awaited answer.
    """
    if not turns:
        return render("welcome", has_documents=bool(document_list.documents), examples=examples)
    shown = [_shown(place, turn, document_list) for place, turn in enumerate(turns)]
    return render("thread", turns=shown, status=status, reading=reading)


def render_composer(max_bytes: int = 0) -> Markup:
    """Render the form for a question; the page's script sends it, and files of at most `max_bytes` each."""
    return render("composer", max_bytes=max_bytes)


def _shown(place: int, turn: Turn, document_list: DocumentList) -> ShownTurn:
    answer = turn.answer
    if not answer:
        return ShownTurn(turn.question, Markup(), turn.problem, "", Markup())
    searched = strings.searched_for(*(turn.searched or document_list.counts(None)))
    return ShownTurn(
        turn.question,
        render_answer(turn, answer, place, searched) + render_quote_cards(turn, answer, place),
        None,
        strings.NEAREST_PASSAGES if answer.abstained else strings.SOURCES,
        render_sources(answer) + render_evidence_bar(answer, document_list.documents),
    )
