"""Render the pane beside the chat, which holds a document, a list or a problem."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from qa.types import Document, Span
from qa.web.html import strings
from qa.web.html.document import render_document
from qa.web.html.rendering import render


@dataclass(frozen=True, slots=True)
class CitationPosition:
    """Where an open citation is among those of its answer, for the buttons to the previous and the next one."""

    turn: int
    """From 0."""
    marker: int
    """From 1."""
    count: int


def render_viewer(
    document: Document,
    marks: Sequence[Span],
    focus: int = 0,
    label: str = strings.DOCUMENT,
    position: CitationPosition | None = None,
) -> Markup:
    """Render a document in a pane, with buttons to the citations before and after the one at `position`."""
    return render_pane(label, render_document(document, marks, focus), position)


def render_problem(text: str) -> Markup:
    """Render in a pane what went wrong."""
    return render_pane(strings.PROBLEM, render("problem", text=text))


def render_pane(label: str, body: Markup, position: CitationPosition | None = None) -> Markup:
    """Render a pane that can be closed; `label` is its title."""
    return render("pane", label=label, body=body, position=position)
