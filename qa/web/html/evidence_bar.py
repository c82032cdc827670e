"""Render the evidence bar: a strip of all documents in which the cited ones are filled."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from qa.types import Answer, DocumentSummary
from qa.web.html import strings
from qa.web.html.rendering import render

MAX_DOCUMENTS_DRAWN = 400
"""With more, each would be thinner than a pixel."""

WIDTH, MAX_GAP = 1_000.0, 8.0
"""Of the bar, and between two documents, in the units of its drawing."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A document in the bar; `left` and `width` are in the units of the drawing."""

    title: str
    left: str
    width: str
    is_cited: bool


def render_evidence_bar(answer: Answer, documents: Sequence[DocumentSummary]) -> Markup:
    """Render the bar under an answer, each document as wide as it has passages.

    Returns:
        Nothing if no document is cited, or if there is only one, or more than can be told apart.
    """
    cited = {citation.document_id for citation in answer.citations}
    if not cited or not 1 < len(documents) <= MAX_DOCUMENTS_DRAWN:
        return Markup()
    known = {document.id for document in documents}
    return render(
        "evidence_bar",
        width=f"{WIDTH:.0f}",
        segments=list(_segments(documents, cited)),
        label=strings.evidence_from(len(cited & known), len(documents)),
    )


def _segments(documents: Sequence[DocumentSummary], cited: Collection[str]) -> Iterator[Segment]:
    # No document is so thin that it cannot be seen.
    least = sum(document.passages for document in documents) / MAX_DOCUMENTS_DRAWN
    sizes = [max(document.passages, least) for document in documents]
    gap = min(MAX_GAP, WIDTH / (4 * len(documents)))
    scale = (WIDTH - gap * (len(documents) - 1)) / sum(sizes)
    left = 0.0
    for document, size in zip(documents, sizes, strict=True):
        yield Segment(document.title, f"{left:.1f}", f"{size * scale:.1f}", document.id in cited)
        left += size * scale + gap
