"""Export a chat for other programs: as Markdown, as JSON with offsets, or as CSV."""

import csv
import io
import json
from collections.abc import Callable, Sequence

from qa.history.rendering import answer_as_markdown, escape_markdown
from qa.history.turn import Turn
from qa.types import Citation

COLUMNS = (
    "question", "understood as", "refused", "confidence", "short answer", "marker", "document", "title", "source",
    "published", "page", "start", "end", "quote", "corpus",
)  # fmt: skip

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet evaluates a cell that starts with one of these."""


def as_markdown(name: str, turns: Sequence[Turn]) -> str:
    """Return a heading, then each question with its quotes and references."""
    said = [answer_as_markdown(turn.answer) if turn.answer else _unanswered(turn) for turn in turns]
    return "\n\n".join([f"# {escape_markdown(name)}", *said]) + "\n"


def as_json(name: str, turns: Sequence[Turn]) -> str:
    """Return every turn with its complete answer, including offsets and the corpus's fingerprint."""
    return json.dumps({"name": name, "turns": [turn.to_dict() for turn in turns]}, ensure_ascii=False, indent=2) + "\n"


def as_csv(name: str, turns: Sequence[Turn]) -> str:
    """Return a line for each citation, and one for each question without any; no cell is a formula."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    for turn in turns:
        for citation in turn.answer.citations if turn.answer and turn.answer.citations else (None,):
            writer.writerow([_cell(value) for value in _line(turn, citation)])
    return lines.getvalue()


FORMATS: dict[str, tuple[str, Callable[[str, Sequence[Turn]], str]]] = {
    "md": ("text/markdown", as_markdown),
    "json": ("application/json", as_json),
    "csv": ("text/csv", as_csv),
}
"""The media type and the writer of each suffix."""


def _unanswered(turn: Turn) -> str:
    return f"**{escape_markdown(turn.question)}**\n\n{escape_markdown(turn.problem or '')}".rstrip()


def _line(turn: Turn, citation: Citation | None) -> list[object]:
    answer = turn.answer
    if answer is None:
        return [turn.question, "", "", "", turn.problem, *[""] * 10]
    asked = [turn.question, answer.standalone_question, answer.abstained, f"{answer.confidence:.3f}", answer.short]
    if citation is None:
        return [*asked, *[""] * 9, answer.corpus_fingerprint]
    place = [citation.document_id, citation.title, citation.source, citation.published, citation.page]
    return [*asked, citation.marker, *place, citation.start, citation.end, citation.text, answer.corpus_fingerprint]


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
