"""The page's parts as HTML: pure functions. Everything that is not written here is escaped, piece by piece."""

from collections.abc import Sequence
from html import escape

from qa.history.turn import Turn
from qa.web.html import strings
from qa.web.html.answers import render_answer, render_quote_cards, render_sources
from qa.web.html.document_list import DocumentList, render_drop_zone
from qa.web.html.evidence_bar import render_evidence_bar
from qa.web.html.icons import icon


def render_header(document_list: DocumentList) -> str:
    """The bar at the top: the corpus, its size, and a way to begin anew."""
    return (
        f'<header class="qa-bar"><h1 dir="auto">{escape(document_list.name)}</h1>'
        f'<button type="button" class="qa-bar-button" data-qa-documents '
        f'aria-label="{escape(strings.list_documents(document_list.size))}">'
        f'{escape(document_list.size)}</button><span class="qa-spacer"></span>'
        f'<button type="button" class="qa-bar-button" data-qa-chats>{escape(strings.CHATS)}</button>'
        f'<button type="button" class="qa-bar-button" data-qa-clear>{escape(strings.NEW_CHAT)}</button></header>'
    )


def render_thread(
    turns: Sequence[Turn],
    document_list: DocumentList,
    examples: Sequence[str] = (),
    status: str = "",
    reading: Sequence[str] = (),
) -> str:
    """The conversation, or the invitation where there is none yet.

    `status` and the titles that are being read stand in for an answer that is awaited.
    """
    if not turns:
        return _welcome(examples) if document_list.documents else _beginning()
    shown = "".join(_turn(place, turn, document_list, status, reading) for place, turn in enumerate(turns))
    return f'<div class="qa-turns" role="log" aria-live="polite" aria-label="{escape(strings.CHAT)}">{shown}</div>'


def render_composer(most: int = 0) -> str:
    """The form that the question is typed in; the page's script sends it, and files of at most so many bytes."""
    keys = " ".join(f"<kbd>{escape(key)}</kbd> {escape(what)}" for key, what in strings.SHORTCUTS)
    return (
        '<p id="qa-note" class="qa-note" role="status" hidden></p>'
        '<form id="qa-form" class="qa-form" autocomplete="off" '
        f'data-qa-max-bytes="{most}">'
        f'<label class="qa-visually-hidden" for="qa-question">{escape(strings.QUESTION)}</label>'
        f'<textarea id="qa-question" rows="1" maxlength="2000" placeholder="{escape(strings.PLACEHOLDER)}" '
        'enterkeyhint="send" aria-describedby="qa-keys"></textarea>'
        f'<button type="submit" class="qa-send" aria-label="{escape(strings.ASK)}">{icon("send", 20)}</button></form>'
        f'<p id="qa-keys" class="qa-keys">{keys}</p>'
    )


def _welcome(examples: Sequence[str]) -> str:
    asks = "".join(
        f'<li><button type="button" class="qa-example" data-qa-ask dir="auto">{escape(example)}</button></li>'
        for example in examples
    )
    tries = f'<h3>{escape(strings.EXAMPLES_TITLE)}</h3><ul class="qa-examples">{asks}</ul>' if asks else ""
    return f'<div class="qa-welcome"><h2>{escape(strings.WELCOME_TITLE)}</h2><p>{escape(strings.WELCOME_TEXT)}</p>{tries}</div>'  # noqa: E501


def _beginning() -> str:
    return f'<div class="qa-welcome"><h2>{escape(strings.NO_DOCUMENTS_TITLE)}</h2><p>{escape(strings.WELCOME_TEXT)}</p>{render_drop_zone()}</div>'  # noqa: E501


def _turn(place: int, turn: Turn, document_list: DocumentList, status: str, reading: Sequence[str]) -> str:
    question = f'<h2 class="qa-asked" dir="auto">{escape(turn.question)}</h2>'
    beside = waits = ""
    if turn.answer:
        searched = strings.searched_for(*(turn.searched or document_list.counts(None)))
        said = render_answer(turn, turn.answer, place, searched) + render_quote_cards(turn, turn.answer, place)
        sources = render_sources(turn.answer) + render_evidence_bar(turn.answer, document_list.documents)
        beside = _beside(strings.NEAREST_PASSAGES if turn.answer.abstained else strings.SOURCES, sources)
    elif turn.problem:
        said = f'<p class="qa-problem">{escape(turn.problem)}</p>'
    else:
        waits = " data-qa-waiting"
        said = f'<p class="qa-status" role="status">{escape(status)}</p>' if status else ""
        beside = _beside(
            strings.READING, "".join(f'<p class="qa-reading-now" dir="auto">{escape(title)}</p>' for title in reading)
        )
    return (
        f'<article class="qa-turn" data-qa-turn="{place}"{waits}>{question}<div class="qa-reply">{said}</div>{beside}'
        "</article>"
    )


def _beside(label: str, cards: str) -> str:
    return f'<aside class="qa-sources" aria-label="{escape(label)}">{cards}</aside>' if cards else ""
