"""The page's parts as HTML: pure functions. Everything that is not written here is escaped, piece by piece."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from qa.rendering import answer_as_html, document_as_html, sources_as_html
from qa.types import Answer, Document, Span

DOCUMENTS_LISTED = 200
"""In the list of documents; a page with more would be slow to open."""

PROMISE = (
    "Answers are the documents’ own words, each with the place it stands at. "
    "Where the documents do not say, you are told so."
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what became of it: an answer, a problem in words, or neither yet."""

    question: str
    answer: Answer | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the page says about the corpus."""

    name: str
    documents: tuple[tuple[str, str, int], ...]
    """(id, title, passages) of each."""
    passages: int

    def title(self, id: str) -> str:
        """Of a document; its id where it is not on the shelf."""
        return next((title for known, title, _ in self.documents if known == id), id)

    @property
    def size(self) -> str:
        """Documents and passages, in words."""
        return f"{_count(len(self.documents), 'document')} · {_count(self.passages, 'passage')}"


def head_as_html(shelf: Shelf) -> str:
    """The bar at the top: the corpus, its size, and a way to begin anew."""
    return (
        f'<header class="qa-bar"><h1 dir="auto">{escape(shelf.name)}</h1>'
        f'<button type="button" class="qa-plain" data-qa-contents aria-label="List {escape(shelf.size)}">'
        f'{escape(shelf.size)}</button><span class="qa-space"></span>'
        '<button type="button" class="qa-plain" data-qa-clear>New chat</button></header>'
    )


def thread_as_html(
    turns: Sequence[Turn], shelf: Shelf, examples: Sequence[str] = (), status: str = "", reading: Sequence[str] = ()
) -> str:
    """The conversation, or the invitation where there is none yet.

    `status` and the titles that are being read stand in for an answer that is awaited.
    """
    if not turns:
        return _welcome(shelf, examples)
    shown = "".join(_turn(place, turn, status, reading) for place, turn in enumerate(turns))
    return f'<div class="qa-turns" role="log" aria-live="polite" aria-label="Conversation">{shown}</div>'


def composer_as_html() -> str:
    """The form that the question is typed in; the page's script sends it."""
    return (
        '<form id="qa-form" class="qa-form" autocomplete="off">'
        '<label class="qa-unseen" for="qa-question">Question</label>'
        '<textarea id="qa-question" rows="1" maxlength="2000" placeholder="Ask these documents" '
        'enterkeyhint="send" aria-describedby="qa-keys"></textarea>'
        '<button type="submit" class="qa-send" aria-label="Ask">'
        '<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="M10 16V4M4.5 9.5 10 4l5.5 5.5" '
        'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>'
        "</button></form>"
        '<p id="qa-keys" class="qa-keys"><kbd>/</kbd> to type <kbd>Enter</kbd> to ask '
        "<kbd>Esc</kbd> to close a document</p>"
    )


def reader_as_html(document: Document, marks: Sequence[Span], focus: int = 0, label: str = "Document") -> str:
    """A document beside the chat, with a way to close it."""
    return _pane(label, document_as_html(document, marks, focus))


def contents_as_html(shelf: Shelf) -> str:
    """The documents of the corpus, each opened by a click."""
    more = len(shelf.documents) - DOCUMENTS_LISTED
    rest = f'<p class="qa-hint">… and {more:,} more</p>' if more > 0 else ""
    return _pane("Documents", f'<div class="qa-contents"><h2>{escape(shelf.name)}</h2>{_list(shelf)}{rest}</div>')


def notice_as_html(text: str) -> str:
    """Something that went wrong, said in the place of a document."""
    return _pane("Problem", f'<p class="qa-problem" role="alert">{escape(text)}</p>')


def _pane(label: str, body: str) -> str:
    return (
        f'<section class="qa-pane" aria-label="{escape(label)}"><div class="qa-pane-bar"><span>{escape(label)}</span>'
        '<button type="button" class="qa-close" data-qa-close aria-label="Close">'
        '<svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><path d="m5 5 10 10M15 5 5 15" fill="none" '
        'stroke="currentColor" stroke-width="1.75" stroke-linecap="round"/></svg></button></div>'
        f'<div class="qa-pane-body" tabindex="0" role="region" aria-label="{escape(label)}, text">'
        f"{body}</div></section>"
    )


def _welcome(shelf: Shelf, examples: Sequence[str]) -> str:
    asks = "".join(
        f'<li><button type="button" class="qa-example" data-qa-ask dir="auto">{escape(example)}</button></li>'
        for example in examples
    )
    tries = f'<h3>Try one of these</h3><ul class="qa-examples">{asks}</ul>' if asks else ""
    return f'<div class="qa-welcome"><h2>What would you like to know?</h2><p>{escape(PROMISE)}</p>{tries}</div>'


def _turn(place: int, turn: Turn, status: str, reading: Sequence[str]) -> str:
    question = f'<h2 class="qa-asked" dir="auto">{escape(turn.question)}</h2>'
    beside = ""
    if turn.answer:
        said = answer_as_html(turn.answer)
        beside = _beside("Nearest passages" if turn.answer.abstained else "Sources", sources_as_html(turn.answer))
    elif turn.problem:
        said = f'<p class="qa-problem">{escape(turn.problem)}</p>'
    else:
        said = f'<p class="qa-status" role="status">{escape(status)}</p>'
        beside = _beside("Reading", "".join(f'<p class="qa-reading-now">{escape(title)}</p>' for title in reading))
    return (
        f'<article class="qa-turn" data-qa-turn="{place}">{question}<div class="qa-said">{said}</div>{beside}</article>'
    )


def _beside(label: str, cards: str) -> str:
    return f'<aside class="qa-sources" aria-label="{label}">{cards}</aside>' if cards else ""


def _list(shelf: Shelf) -> str:
    items = "".join(
        f'<li><button type="button" class="qa-item" data-qa-document="{escape(id)}">'
        f'<span dir="auto">{escape(title)}</span><span class="qa-details">{escape(id)} · {_count(n, "passage")}</span>'
        "</button></li>"
        for id, title, n in shelf.documents[:DOCUMENTS_LISTED]
    )
    return f'<ul class="qa-list">{items}</ul>'


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
