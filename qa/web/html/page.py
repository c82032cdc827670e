"""The page's parts as HTML: pure functions. Everything that is not written here is escaped, piece by piece."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from qa.history.turn import Turn
from qa.types import Document, Span
from qa.web.html import strings as say
from qa.web.html.answers import answer_as_html, quote_cards_as_html, sources_as_html
from qa.web.html.document import document_as_html
from qa.web.html.document_list import DocumentList, drop_zone_as_html
from qa.web.html.evidence_bar import evidence_bar_as_html
from qa.web.html.icons import icon


@dataclass(frozen=True, slots=True)
class Walk:
    """Where an opened citation stands among those of its answer, for the buttons to the one before and after it."""

    turn: int
    marker: int
    count: int


def head_as_html(document_list: DocumentList) -> str:
    """The bar at the top: the corpus, its size, and a way to begin anew."""
    return (
        f'<header class="qa-bar"><h1 dir="auto">{escape(document_list.name)}</h1>'
        f'<button type="button" class="qa-bar-button" data-qa-documents '
        f'aria-label="{escape(say.listing(document_list.size))}">'
        f'{escape(document_list.size)}</button><span class="qa-spacer"></span>'
        f'<button type="button" class="qa-bar-button" data-qa-chats>{escape(say.CHATS)}</button>'
        f'<button type="button" class="qa-bar-button" data-qa-clear>{escape(say.NEW_CHAT)}</button></header>'
    )


def thread_as_html(
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
    return f'<div class="qa-turns" role="log" aria-live="polite" aria-label="{escape(say.CONVERSATION)}">{shown}</div>'


def composer_as_html(most: int = 0) -> str:
    """The form that the question is typed in; the page's script sends it, and files of at most so many bytes."""
    keys = " ".join(f"<kbd>{escape(key)}</kbd> {escape(what)}" for key, what in say.KEYS)
    return (
        '<p id="qa-note" class="qa-note" role="status" hidden></p>'
        '<form id="qa-form" class="qa-form" autocomplete="off" '
        f'data-qa-max-bytes="{most}">'
        f'<label class="qa-visually-hidden" for="qa-question">{escape(say.QUESTION)}</label>'
        f'<textarea id="qa-question" rows="1" maxlength="2000" placeholder="{escape(say.PLACEHOLDER)}" '
        'enterkeyhint="send" aria-describedby="qa-keys"></textarea>'
        f'<button type="submit" class="qa-send" aria-label="{escape(say.ASK)}">{icon("send", 20)}</button></form>'
        f'<p id="qa-keys" class="qa-keys">{keys}</p>'
    )


def viewer_as_html(
    document: Document,
    marks: Sequence[Span],
    focus: int = 0,
    label: str = say.DOCUMENT,
    walk: Walk | None = None,
) -> str:
    """A document beside the chat, with a way to close it and to the citations before and after this one."""
    return pane(label, document_as_html(document, marks, focus), _steps(walk) if walk else "")


def notice_as_html(text: str) -> str:
    """Something that went wrong, said in the place of a document."""
    return pane(say.PROBLEM, f'<p class="qa-problem" role="alert">{escape(text)}</p>')


def pane(label: str, body: str, steps: str = "") -> str:
    """What stands beside the chat, with a way to close it."""
    return (
        f'<section class="qa-pane" aria-label="{escape(label)}"><div class="qa-pane-bar"><span>{escape(label)}</span>'
        f'{steps}<span class="qa-spacer"></span><button type="button" class="qa-close" data-qa-close '
        f'aria-label="{escape(say.CLOSE)}">{icon("close", 18)}</button></div>'
        f'<div class="qa-pane-body" tabindex="0" role="region" aria-label="{escape(say.text_of(label))}">'
        f"{body}</div></section>"
    )


def _steps(walk: Walk) -> str:
    """The two buttons of a walk; the page's script opens their markers of the turn around them."""

    def step(name: str, label: str, marker: int) -> str:
        off = "" if 1 <= marker <= walk.count else " disabled"
        return (
            f'<button type="button" class="qa-step" data-qa-open="{marker}" data-qa-step="{name}" '
            f'aria-label="{escape(label)}"{off}>{icon(name, 18)}</button>'
        )

    steps = f"{step('before', say.BEFORE, walk.marker - 1)}{step('after', say.AFTER, walk.marker + 1)}"
    return f'<span class="qa-steps" data-qa-turn="{walk.turn}">{steps}</span>' if walk.count > 1 else ""


def _welcome(examples: Sequence[str]) -> str:
    asks = "".join(
        f'<li><button type="button" class="qa-example" data-qa-ask dir="auto">{escape(example)}</button></li>'
        for example in examples
    )
    tries = f'<h3>{escape(say.TRY)}</h3><ul class="qa-examples">{asks}</ul>' if asks else ""
    return f'<div class="qa-welcome"><h2>{escape(say.ASK_FIRST)}</h2><p>{escape(say.PROMISE)}</p>{tries}</div>'


def _beginning() -> str:
    return (
        f'<div class="qa-welcome"><h2>{escape(say.EMPTY)}</h2><p>{escape(say.PROMISE)}</p>{drop_zone_as_html()}</div>'
    )


def _turn(place: int, turn: Turn, document_list: DocumentList, status: str, reading: Sequence[str]) -> str:
    question = f'<h2 class="qa-asked" dir="auto">{escape(turn.question)}</h2>'
    beside = waits = ""
    if turn.answer:
        searched = say.searched_for(*(turn.searched or document_list.counts(None)))
        said = answer_as_html(turn, turn.answer, place, searched) + quote_cards_as_html(turn, turn.answer, place)
        sources = sources_as_html(turn.answer) + evidence_bar_as_html(turn.answer, document_list.documents)
        beside = _beside(say.NEAREST if turn.answer.abstained else say.SOURCES, sources)
    elif turn.problem:
        said = f'<p class="qa-problem">{escape(turn.problem)}</p>'
    else:
        waits = " data-qa-waiting"
        said = f'<p class="qa-status" role="status">{escape(status)}</p>' if status else ""
        beside = _beside(
            say.READING, "".join(f'<p class="qa-reading-now" dir="auto">{escape(title)}</p>' for title in reading)
        )
    return (
        f'<article class="qa-turn" data-qa-turn="{place}"{waits}>{question}<div class="qa-reply">{said}</div>{beside}'
        "</article>"
    )


def _beside(label: str, cards: str) -> str:
    return f'<aside class="qa-sources" aria-label="{escape(label)}">{cards}</aside>' if cards else ""
