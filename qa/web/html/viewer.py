"""The pane beside the chat: a document, a list, or a problem."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from qa.types import Document, Span
from qa.web.html import strings
from qa.web.html.document import render_document
from qa.web.html.icons import icon


@dataclass(frozen=True, slots=True)
class CitationPosition:
    """Where an opened citation stands among those of its answer, for the buttons to the one before and after it."""

    turn: int
    marker: int
    count: int


def render_viewer(
    document: Document,
    marks: Sequence[Span],
    focus: int = 0,
    label: str = strings.DOCUMENT,
    walk: CitationPosition | None = None,
) -> str:
    """A document beside the chat, with a way to close it and to the citations before and after this one."""
    return render_pane(label, render_document(document, marks, focus), _steps(walk) if walk else "")


def render_problem(text: str) -> str:
    """Something that went wrong, said in the place of a document."""
    return render_pane(strings.PROBLEM, f'<p class="qa-problem" role="alert">{escape(text)}</p>')


def render_pane(label: str, body: str, steps: str = "") -> str:
    """What stands beside the chat, with a way to close it."""
    return (
        f'<section class="qa-pane" aria-label="{escape(label)}"><div class="qa-pane-bar"><span>{escape(label)}</span>'
        f'{steps}<span class="qa-spacer"></span><button type="button" class="qa-close" data-qa-close '
        f'aria-label="{escape(strings.CLOSE)}">{icon("close", 18)}</button></div>'
        f'<div class="qa-pane-body" tabindex="0" role="region" aria-label="{escape(strings.text_region(label))}">'
        f"{body}</div></section>"
    )


def _steps(walk: CitationPosition) -> str:
    """The two buttons of a walk; the page's script opens their markers of the turn around them."""

    def step(name: str, label: str, marker: int) -> str:
        off = "" if 1 <= marker <= walk.count else " disabled"
        return (
            f'<button type="button" class="qa-step" data-qa-open="{marker}" data-qa-step="{name}" '
            f'aria-label="{escape(label)}"{off}>{icon(name, 18)}</button>'
        )

    steps = f"{step('before', strings.PREVIOUS_SOURCE, walk.marker - 1)}{step('after', strings.NEXT_SOURCE, walk.marker + 1)}"  # noqa: E501
    return f'<span class="qa-steps" data-qa-turn="{walk.turn}">{steps}</span>' if walk.count > 1 else ""
