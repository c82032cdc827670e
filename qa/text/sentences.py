"""Split a text into sentences, as offsets. Each offset is recorded while splitting, never searched for afterwards."""

import re
from functools import cache
from itertools import pairwise
from typing import Protocol

from qa.text.paragraphs import paragraphs
from qa.types import Span

MAX_PIECE_CHARS = 20_000
"""Characters that are split at once. A longer sentence is cut at white space."""

BLANK_LINE = re.compile(r"\n[^\S\n\f]*\n\s*")

MAY_END = re.compile(r"[.!?…。！？｡؟।]")
"""What every sentence ends with that another one follows."""

AGENCY_MARK = re.compile(r"[/(\[][^/()\[\]\s]{1,20}[/)\]][.:]?")
"""A news agency's mark such as /TASS/, which belongs to the dateline before it."""

MISSED_BREAK = re.compile(r"\.(?<=[a-z]{5}\.)\s+(?=(?:(?:\.\.\.|…)\s?)?[“\"«„‘(\[]*[A-ZÀ-ÖØ-ÞА-Я])")
"""A sentence end that the splitter misses: a full stop after a long lower-case word, then a capital. No abbreviation
looks like that, though the splitter knows such ones from law reports. An ellipsis may precede the capital."""


class _Splitter(Protocol):
    def sent_spans(self, text: str) -> list[Span]: ...


def sentence_spans(text: str) -> list[Span]:
    """Return the (start, end) offsets of the sentences of `text`, in order, without the white space between them.

    No sentence goes beyond its paragraph; see qa.text.paragraphs for where one ends. Every character that is not white
    space is in exactly one sentence.
    """
    spans: list[Span] = []
    for paragraph in paragraphs(text):
        for start, end in _pieces(text, *paragraph):
            spans.extend(_split(text, start, end))
    return spans


def sentences_of_block(text: str, start: int, end: int) -> list[Span]:
    """Return the spans of the sentences of `text[start:end]`, which is one paragraph.

    Its line breaks, and the ends of pages, are within sentences. A blank line, as in preformatted text, ends one unless
    what follows begins in lower case.
    """
    spans: list[Span] = []
    blank = (match.span() for match in BLANK_LINE.finditer(text, start, end))
    breaks = [(before, after) for before, after in blank if not text[after : after + 1].islower()]
    starts, ends = [start, *(after for _, after in breaks)], [*(before for before, _ in breaks), end]
    for first, last in zip(starts, ends, strict=True):
        for piece in _pieces(text, first, last):
            spans.extend(_split(text, *piece))
    return spans


def _pieces(text: str, start: int, end: int) -> list[Span]:
    pieces = []
    while end - start > MAX_PIECE_CHARS:
        cut = _last_blank(text, start + 1, start + MAX_PIECE_CHARS)
        pieces.append((start, cut))
        start = cut
    if text[start:end].strip():
        pieces.append((start, end))
    return pieces


def _last_blank(text: str, start: int, end: int) -> int:
    return next((i for i in range(end, start, -1) if text[i - 1].isspace()), end)


def _split(text: str, start: int, end: int) -> list[Span]:
    whole = _trimmed(text, start, end)
    if whole and not MAY_END.search(text, whole[0], whole[1] - 1):
        return [whole]
    spans: list[Span] = []
    piece = text[start:end]
    cuts = {0, *(cut for span in _splitter().sent_spans(piece) for cut in span)}
    cuts.update(match.end() for match in MISSED_BREAK.finditer(piece))
    for first, last in pairwise(sorted(cuts)):
        trimmed = _trimmed(text, start + first, start + last)
        if trimmed is None:
            continue
        if spans and _belongs_to_previous(text, spans[-1], trimmed):
            spans[-1] = (spans[-1][0], trimmed[1])
        else:
            spans.append(trimmed)
    return spans


def _belongs_to_previous(text: str, previous: Span, span: Span) -> bool:
    """Return whether `span` is no new sentence: an agency's mark, or the rest of a sentence after an abbreviation."""
    if AGENCY_MARK.fullmatch(text, *span):
        return True
    return text[previous[1] - 1] == "." and text[span[0]].islower()


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    return (start, end) if start < end else None


@cache
def _splitter() -> _Splitter:
    import nupunkt

    return nupunkt
