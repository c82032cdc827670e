"""Where in the corpus an answer's evidence stands: a strip of the documents, those that are cited filled."""

from collections.abc import Sequence
from html import escape

from qa.types import Answer, DocumentSummary
from qa.web.html import strings

DRAWN = 400
"""Documents in a strip, at most; of more than that, each would be thinner than a pixel."""

WIDTH, GAP = 1_000.0, 8.0
"""Of the strip and at most between two documents, in its own units."""


def render_evidence_bar(answer: Answer, documents: Sequence[DocumentSummary]) -> str:
    """The strip under an answer, each document as wide as it has passages.

    Nothing where there is one document, or too many to be told apart, or nothing cited.
    """
    cited = {citation.document_id for citation in answer.citations}
    if not cited or not 1 < len(documents) <= DRAWN:
        return ""
    least = sum(document.passages for document in documents) / DRAWN  # so that no document is too thin to be seen
    sizes = [max(document.passages, least) for document in documents]
    gap = min(GAP, WIDTH / (4 * len(documents)))
    scale = (WIDTH - gap * (len(documents) - 1)) / sum(sizes)
    bars, left = [], 0.0
    for document, size in zip(documents, sizes, strict=True):
        kind = "cited" if document.id in cited else "uncited"
        bars.append(
            f'<rect x="{left:.1f}" y="0" width="{size * scale:.1f}" height="8" class="qa-{kind}">'
            f"<title>{escape(document.title)}</title></rect>"
        )
        left += size * scale + gap
    label = escape(strings.evidence_from(len(cited & {document.id for document in documents}), len(documents)))
    return (
        f'<figure class="qa-evidence-bar"><svg viewBox="0 0 {WIDTH:.0f} 8" preserveAspectRatio="none" role="img" '
        f'aria-label="{label}">{"".join(bars)}</svg><figcaption aria-hidden="true">{label}</figcaption></figure>'
    )
