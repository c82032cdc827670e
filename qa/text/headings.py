"""Find the headings of a plain text by their numbers, their capitals, what underlines them and what follows them.

A heading is in no sentence, so a line becomes one only if others like it, or what follows, speak for it.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from qa.text.paragraphs import FINISHED_LINE, GAP
from qa.types import Span

MAX_CHARS = 90
MAX_WORDS = 12

MIN_PROSE_CHARS = 60
"""A paragraph as long as this is prose, so what stands above it may be its heading."""

DIVISION = re.compile(
    r"(?P<word>part|book|article|chapter|section|appendix|annex|schedule|exhibit)\s+"
    r"(?:\d{1,3}(?P<depth>(?:\.\d{1,3}){0,4})|(?-i:[IVXLC]{1,7}|[A-Z]))(?![\w'’])[.:)]?\s*(?:[-–—:]\s*)?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
"""A heading that says what it heads: ARTICLE IV, Section 2.1 Term."""

NUMBERED = re.compile(
    r"(?P<number>\d{1,3}(?P<depth>(?:\.\d{1,3}){0,4})|[IVX]{1,5}(?=\.))(?P<dot>\.?)\s+(?P<rest>\S.*)", re.DOTALL
)
"""A heading with a number: 1. Introduction."""

SMALL_WORDS = frozenset(
    "a an and as at but by for from in into nor of off on or over per than the to under up upon via vs with".split()
)
"""Words that Title Case does not capitalise."""

NO_HEADING = re.compile(r"(?:by|from|to|dear|photo|source|re|cc)\b|.*(?:[\n:/|“”\"—\[\]]|\d$)", re.IGNORECASE)
"""A line that names people or a work, or that gives a value: all of them may look like Title Case."""

RULE = re.compile(r"={3,}|-{3,}|~{3,}|\*{3,}")
"""What underlines a heading."""

LEVELS = {"part": 1, "book": 1, "section": 3}
"""Levels of headings by their first word; of all others with a DIVISION it is 2."""

FIRST_NUMBER = CAPITALS = 3
TITLE_CASE = 4
UNDERLINED = {"=": 2, "*": 2, "-": 3, "~": 4}
MAX_LEVEL = 6


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A paragraph that looks like a heading."""

    level: int
    form: str
    """How it looks; headings of one form are accepted or refused together."""
    number: int = 0


def headings(text: str, spans: Sequence[Span]) -> dict[int, int]:
    """Return which of the paragraphs at `spans` are headings, each with its level from 1."""
    found = _underlined(text, spans)
    candidates = {i: one for i, span in enumerate(spans) if (one := _candidate(text, spans, i, span))}
    forms: dict[str, list[int]] = defaultdict(list)
    for i, one in candidates.items():
        forms[one.form].append(i)
    heads = {i for i in candidates if _heads_text(text, spans, candidates, i)}
    for form, places in forms.items():
        if _is_accepted(form, [candidates[i].number for i in places], sum(i in heads for i in places)):
            found |= {i: candidates[i].level for i in places if i in heads and i not in found}
    if found and 0 not in found and _is_title(text, spans, 1 in found):
        found[0] = 1
    return found


def _is_accepted(form: str, numbers: list[int], heading: int) -> bool:
    """Return whether the lines of one form are headings, given how many of them have text below."""
    if form.startswith(("division", "1.1")):
        return heading * 2 >= len(numbers)
    if form == "number without a dot":
        return len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] < 2
    if form.startswith("number"):
        return len(numbers) > 1 and heading * 4 >= len(numbers) * (3 if form.endswith("sentence") else 2)
    return heading > 2 and heading * 2 >= len(numbers)


def _candidate(text: str, spans: Sequence[Span], i: int, span: Span) -> _Candidate | None:
    start, end = span
    if end - start > MAX_CHARS or not _blank_before(text, spans, i):
        return None
    line = text[start:end]
    if len(line.split()) > MAX_WORDS or GAP.search(line.lstrip("0123456789.")) or "...." in line:
        return None
    return _division(line) or _numbered(line) or (_unnumbered(text, spans, i, line) if i else None)


def _division(line: str) -> _Candidate | None:
    match = DIVISION.fullmatch(line)
    if not match or not (match["rest"] == "" or _title_like(_without_stop(match["rest"]))):
        return None
    level = LEVELS.get(match["word"].lower(), 2) + (match["depth"] or "").count(".")
    return _Candidate(min(level, MAX_LEVEL), "division " + match["word"].lower())


def _numbered(line: str) -> _Candidate | None:
    match = NUMBERED.fullmatch(line)
    if not match:
        return None
    rest, depth = match["rest"], (match["depth"] or "").count(".")
    number = int(match["number"]) if match["number"].isdigit() else 0
    level = min(FIRST_NUMBER + depth, MAX_LEVEL)
    if _title_like(_without_stop(rest)):
        form = "1.1" if depth else "number" if match["dot"] or rest.isupper() else "number without a dot"
        return _Candidate(level, form, number)
    if (match["dot"] or depth) and rest[0].isupper() and len(rest.split()) <= MAX_WORDS - 4 and _has_no_end(rest):
        return _Candidate(level, f"number {depth} before a sentence", number)
    return None


def _unnumbered(text: str, spans: Sequence[Span], i: int, line: str) -> _Candidate | None:
    if not (line[0].isupper() and _title_like(line)) or NO_HEADING.match(line):
        return None
    if line.isupper():
        return _Candidate(CAPITALS, "capitals") if sum(map(str.isalpha, line)) > 3 else None
    return _Candidate(TITLE_CASE, "title case") if _blank_after(text, spans, i) else None


def _without_stop(line: str) -> str:
    """Return a line without its full stop, which only one in capitals may have."""
    return line.removesuffix(".") if line.isupper() else line


def _title_like(line: str) -> bool:
    """Return whether a line is in capitals or in Title Case, and no sentence."""
    if not line or not _has_no_end(line):
        return False
    words = [word.strip("“”\"'‘’()[]") for word in line.split()]
    if not any(len(word) > 2 and word[0].isalpha() for word in words):
        return False
    return words[0][:1].isupper() and all(not word[:1].islower() or word in SMALL_WORDS for word in words)


def _has_no_end(line: str) -> bool:
    return line[-1] not in ".!?;:,…-–—_|" and not FINISHED_LINE.search(line) and "http" not in line and "@" not in line


def _heads_text(text: str, spans: Sequence[Span], candidates: dict[int, _Candidate], i: int) -> bool:
    """Return whether prose follows a candidate, at once or after headings below it."""
    level, below = candidates[i].level, i + 1
    while below in candidates and candidates[below].level > level:
        level, below = candidates[below].level, below + 1
    if below >= len(spans) or below in candidates:
        return False
    start, end = spans[below]
    if text[start].islower() and not _blank_before(text, spans, below):  # a term, with its definition on the next line
        return False
    return end - start >= MIN_PROSE_CHARS or text[end - 1] in ":;" or bool(FINISHED_LINE.search(text[start:end]))


def _is_title(text: str, spans: Sequence[Span], before_heading: bool) -> bool:
    """Return whether a document with headings begins with its title."""
    line = text[slice(*spans[0])]
    if len(line) > MAX_CHARS or not _has_no_end(line) or len(spans) < 2 or not _blank_after(text, spans, 0):
        return False
    return before_heading or _title_like(line)


def _underlined(text: str, spans: Sequence[Span]) -> dict[int, int]:
    found = {}
    for i in range(1, len(spans)):
        (start, end), (first, last) = spans[i - 1], spans[i]
        if text[first] in UNDERLINED and end - start <= last - first <= end - start + 4 <= MAX_CHARS:
            line = text[start:end]
            adjacent = _breaks(text[end:first]) == 1 and (
                _blank_before(text, spans, i - 1) or _rule(text, spans, i - 2)
            )
            if adjacent and _rule(text, spans, i) and _has_no_end(line) and any(map(str.isalpha, line)):
                found[i - 1] = UNDERLINED[text[first]]
    return found


def _rule(text: str, spans: Sequence[Span], i: int) -> bool:
    return i >= 0 and bool(RULE.fullmatch(text, *spans[i]))


def _blank_before(text: str, spans: Sequence[Span], i: int) -> bool:
    return i == 0 or _breaks(text[spans[i - 1][1] : spans[i][0]]) > 1


def _blank_after(text: str, spans: Sequence[Span], i: int) -> bool:
    return i + 1 == len(spans) or _blank_before(text, spans, i + 1)


def _breaks(gap: str) -> int:
    """Count the line breaks between two paragraphs; a form feed is as good as a blank line."""
    return 2 if "\f" in gap else len(gap.rstrip(" \t").splitlines())
