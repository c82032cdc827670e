"""Answers to text, HTML and tables: pure functions, nothing of the web framework.

All text of documents, titles, names and questions is escaped piece by piece; the only tags are those written here.
"""

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import urlsplit

from qa.rows import Entry
from qa.types import Answer, Citation, Document, Hit, Span

NEAREST = 3
"""Passages shown with a refusal."""


def answer_as_text(answer: Answer) -> str:
    """For the terminal: the answer, then its numbered sources, or what came nearest."""
    lines = [answer.text, ""]
    if answer.abstained:
        lines += ["Nearest passages, not an answer:"] if answer.passages else []
        lines += [f"  - {_one_line(hit.passage.text, 160)} ({hit.passage.document_id})" for hit in nearest(answer)]
        return "\n".join(lines).rstrip()
    lines += [
        f"[{c.marker}] {_one_line(c.title, 100)}\n    {', '.join([*_particulars(c), c.source])}, "
        f"characters {c.start}-{c.end}"
        for c in answer.citations
    ]
    return "\n".join([*lines, "", confidence_in_words(answer.confidence)] if answer.citations else lines).rstrip()


def nearest(answer: Answer) -> tuple[Hit, ...]:
    """The passages that a refusal shows."""
    return answer.passages[:NEAREST]


def confidence_in_words(confidence: float) -> str:
    """The probability as a person would say it, with the number."""
    levels = ((0.9, "Very sure"), (0.75, "Sure"), (0.5, "Fairly sure"), (0.25, "Unsure"), (0.0, "Very unsure"))
    word = next(word for least, word in levels if confidence >= least)
    return f"{word} ({confidence:.0%})"


def answer_as_html(answer: Answer) -> str:
    """For the chat: the shortest answer, the quoted sentences with markers that open their sources, or the refusal."""
    understood = ""
    if answer.standalone_question != answer.question:
        understood = f'<p class="qa-understood">Understood as: {escape(answer.standalone_question)}</p>'
    if answer.abstained:
        return (
            f'<div class="qa-answer qa-refusal">{understood}'
            f'<p class="qa-verdict">Not in the documents</p><p>{escape(answer.text)}</p></div>'
        )
    short = f'<p class="qa-short">{escape(answer.short)}</p>' if answer.short else ""
    quotes = "".join(
        f'<blockquote class="qa-quote">{escape(c.text)} {_marker(c)}</blockquote>' for c in answer.citations
    )
    if not answer.citations:
        return f'<div class="qa-answer"><p>{escape(answer.text)}</p></div>'
    sure = (
        f'<p class="qa-confidence">{escape(confidence_in_words(answer.confidence))} that this answers the question</p>'
    )
    return f'<div class="qa-answer">{understood}{short}{quotes}{sure}</div>'


def sources_as_html(answer: Answer) -> str:
    """For the column beside the answer: a card for each citation, or the nearest passages marked as no answer."""
    if not answer.abstained:
        return "".join(_card(c) for c in answer.citations)
    cards = "".join(_nearest_card(place, hit) for place, hit in enumerate(nearest(answer), 1))
    return f'<p class="qa-hint">Nearest passages, <strong>not an answer</strong></p>{cards}' if cards else ""


def document_as_html(document: Document, marks: Sequence[Span], focus: int = 0) -> str:
    """The whole document with `marks` marked, the one at place `focus` to be scrolled to; offsets stay exact.

    Marks are cut to the text and merged where they touch one another.
    """
    pieces, place = [], 0
    target = max(marks[focus][0], 0) if 0 <= focus < len(marks) else -1
    for start, end in _merged(marks, len(document.text)):
        here = ' id="qa-here"' if start <= target < end else ""
        pieces.append(escape(document.text[place:start]))
        pieces.append(f"<mark{here}>{escape(document.text[start:end])}</mark>")
        place = end
    pieces.append(escape(document.text[place:]))
    details = " · ".join([*map(escape, _particulars(document)), link(document.source)])
    return (
        f'<article class="qa-document"><h2 dir="auto">{escape(document.title)}</h2>'
        f'<p class="qa-details">{details}</p><div class="qa-text" dir="auto">{"".join(pieces)}</div></article>'
    )


def link(source: str) -> str:
    """A source as a link when it is a web address, else as plain text."""
    try:
        scheme = urlsplit(source).scheme
    except ValueError:
        scheme = ""
    if scheme not in ("http", "https"):
        return escape(source)
    return f'<a href="{escape(source)}" target="_blank" rel="noopener noreferrer nofollow">{escape(source)}</a>'


def ledger_as_text(entries: Sequence[Entry]) -> str:
    """One line a file: status, passages, name and, where it failed, why."""
    return "\n".join(
        f"{entry.status:9} {entry.passages:7,} passages  {entry.name}{'  ' + entry.reason if entry.reason else ''}"
        for entry in entries
    )


def scores_as_text(scores: Sequence[dict[str, Any]]) -> str:
    """A table of sets and their scores, with intervals where there are any."""
    lines = []
    for one in scores:
        lines.append(f"{one['set']} ({one['task']}, {one['questions']} questions)")
        for key, value in one.items():
            if isinstance(value, float):
                low_high = one["intervals"].get(key)
                spread = f"  [{low_high[0]:.3f}, {low_high[1]:.3f}]" if low_high else ""
                lines.append(f"  {key:20} {value:.4f}{spread}")
        lines.append(
            "  " + "latency_ms".ljust(20) + " " + ", ".join(f"{k} {v:.1f}" for k, v in one["latency_ms"].items())
        )
    return "\n".join(lines)


def _marker(citation: Citation) -> str:
    # The page's script listens for clicks on data-qa-open.
    label = escape(f"Source {citation.marker}: {_one_line(citation.title, 100)}")
    return (
        f'<button type="button" class="qa-marker" data-qa-open="{citation.marker}" '
        f'aria-label="{label}" title="{label}">{citation.marker}</button>'
    )


def _card(citation: Citation) -> str:
    details = " · ".join([*_particulars(citation), _place(citation.source)])
    return (
        f'<button type="button" class="qa-card" data-qa-open="{citation.marker}">'
        f'<span class="qa-number">{citation.marker}</span>'
        f'<span class="qa-card-title" dir="auto">{escape(_one_line(citation.title, 160))}</span>'
        f'<span class="qa-details">{escape(details)}</span></button>'
    )


def _particulars(of: Citation | Document) -> list[str]:
    """Who published it, when, and on which page the quote is, as far as these are known."""
    inferred = " (inferred)" if of.dated == "inferred" else ""
    page = of.page if isinstance(of, Citation) else None
    return [
        *([_one_line(of.publisher, 60)] if of.publisher else []),
        *([f"{of.published}{inferred}"] if of.published else []),
        *([f"page {page}"] if page is not None else []),
    ]


def _nearest_card(place: int, hit: Hit) -> str:
    return (
        f'<button type="button" class="qa-card qa-nearest" data-qa-near="{place}">'
        f'<span class="qa-card-quote" dir="auto">{escape(_one_line(hit.passage.text, 220))}</span>'
        f'<span class="qa-details">{escape(_place(hit.passage.document_id))}</span></button>'
    )


def _place(source: str) -> str:
    """The host of an address, the name of a file: what tells sources apart at a glance."""
    try:
        host = urlsplit(source).hostname if source.startswith(("http://", "https://")) else None
    except ValueError:
        host = None
    return _one_line(host or source.replace("\\", "/").rstrip("/").rpartition("/")[2] or source, 80)


def _one_line(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _merged(marks: Sequence[Span], length: int) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted((max(start, 0), min(end, length)) for start, end in marks):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
