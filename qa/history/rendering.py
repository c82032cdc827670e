"""Answers, ledgers and scores to text and Markdown: pure functions. What the page shows is made in qa.web."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from qa.types import Answer, Citation, Document, Hit

NEAREST_SHOWN = 3
"""Passages shown with a refusal."""

MAX_CONTEXT_CHARS = 160
"""Characters shown of the headings that a quote stands under."""

MAX_NAMED_COPIES = 2
"""Near-duplicates of a document that are named beside it."""

LEVELS = ((0.9, "Very sure"), (0.75, "Sure"), (0.5, "Fairly sure"), (0.25, "Unsure"), (0.0, "Very unsure"))
"""The lowest probability of each level, and its words; highest first."""

MARKUP = re.compile(r"[\\`*_{}\[\]<>#|$~!&]|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")
"""Characters with a meaning in Markdown or the HTML in it; list markers only at the beginning."""

OTHER_LANGUAGE = (
    "The question does not seem to be in English, the language that the default model and reader are made for."
)

ADDRESS = re.compile(r"https?://[^\s<>]+")


def answer_as_text(answer: Answer) -> str:
    """For the terminal: the answer, then its numbered sources, or what came nearest."""
    if answer.abstained:
        lines = [refusal_as_text(answer), ""]
        lines += ["Nearest passages, not an answer:"] if answer.passages else []
        lines += [f"  - {one_line(hit.passage.text, 160)} ({hit.passage.document_id})" for hit in nearest(answer)]
        return "\n".join(lines).rstrip()
    lines = [answer.text, ""]
    lines += [
        f"[{c.marker}] {one_line(c.title, 100)}\n    {', '.join([*source_details(c, _page(c)), c.source])}, "
        f"characters {c.start}-{c.end}"
        for c in answer.citations
    ]
    return "\n".join([*lines, "", confidence_in_words(answer.confidence)] if answer.citations else lines).rstrip()


def answer_as_markdown(answer: Answer) -> str:
    """Return the question, the quotes and numbered references; Markdown in a document is shown as plain text."""
    lines = [f"**{escape_markdown(answer.standalone_question)}**", ""]
    if not answer.citations:
        said = refusal_as_text(answer) if answer.abstained else answer.text
        return "\n".join([*lines, escape_markdown(said)])
    lines += [line for c in answer.citations for line in (f"> {escape_markdown(c.text)} \\[{c.marker}\\]", ">")][:-1]
    return "\n".join([*lines, "", *(_reference(c) for c in answer.citations)])


def refusal_as_text(answer: Answer) -> str:
    """Say that the documents do not answer, which words they lack, and whether the language is a likely reason."""
    named = ", ".join(f"“{term}”" for term in answer.missing_terms)
    missing = f" No document mentions {named}." if named else ""
    return f"{answer.text}{missing}{f' {OTHER_LANGUAGE}' if answer.question_language else ''}"


def nearest(answer: Answer) -> tuple[Hit, ...]:
    """Return the passages that a refusal shows."""
    return answer.passages[:NEAREST_SHOWN]


def confidence_level(confidence: float) -> int:
    """Return the index in LEVELS of a probability."""
    return next(place for place, (least, _) in enumerate(LEVELS) if confidence >= least)


def confidence_in_words(confidence: float) -> str:
    """Describe a probability in words, with the number."""
    return f"{LEVELS[confidence_level(confidence)][1]} ({confidence:.0%})"


def citation_details(citation: Citation, page: str) -> list[str]:
    """Return what tells sources apart at a glance: headings, publisher, date, page, and the web host or file name."""
    return [*source_details(citation, page), _place(citation.source)]


def source_details(of: Citation | Document, page: str = "") -> list[str]:
    """Return headings, publisher, date, page and near-duplicates, as far as they are known."""
    context = one_line(of.context, MAX_CONTEXT_CHARS) if isinstance(of, Citation) else ""
    inferred = " (inferred)" if of.dated == "inferred" else ""
    published = f"{of.published}{inferred}" if of.published else ""
    copies = _printed_in(of.copies) if isinstance(of, Citation) else ""
    return [one for one in (context, one_line(of.publisher or "", 60), published, page, copies) if one]


def _printed_in(ids: Sequence[str]) -> str:
    """Name a few near-duplicates, and say how many more there are."""
    named = [_place(id) for id in ids[:MAX_NAMED_COPIES]]
    more = [f"{len(ids) - MAX_NAMED_COPIES} more"] if len(ids) > MAX_NAMED_COPIES else []
    return f"also printed in {' and '.join([', '.join(named), *more])}" if ids else ""


def one_line(text: str, most: int) -> str:
    """`text` without line breaks, cut to `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def escape_markdown(text: str) -> str:
    """`text` on one line, with a backslash before all that Markdown would not show as it is."""
    return MARKUP.sub(r"\\\g<0>", " ".join(text.split()))


def _reference(citation: Citation) -> str:
    source = f"<{citation.source}>" if ADDRESS.fullmatch(citation.source) else escape_markdown(citation.source)
    named = [
        f"*{escape_markdown(citation.title)}*",
        *map(escape_markdown, source_details(citation, _page(citation))),
        source,
    ]
    return f"{citation.marker}. {', '.join(named)}, characters {citation.start}–{citation.end}"


def _page(citation: Citation) -> str:
    printed = f" (printed {citation.page_label})" if citation.page_label else ""
    return f"page {citation.page}{printed}" if citation.page is not None else ""


def _place(source: str) -> str:
    """Return the host of a web address, or the name of a file."""
    try:
        host = urlsplit(source).hostname if source.startswith(("http://", "https://")) else None
    except ValueError:
        host = None
    return one_line(host or source.replace("\\", "/").rstrip("/").rpartition("/")[2] or source, 80)
