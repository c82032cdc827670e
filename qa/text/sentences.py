"""Split a text into sentences, as offsets. Each offset is recorded while splitting, never searched for afterwards."""

import re
from functools import cache
from itertools import pairwise
from typing import Protocol

from qa.types import PAGE_BREAK, Span

LINE_BREAK = re.compile(r"(?:\r\n|[\n\r\v\f\x85\u2028\u2029])+")
"""One or more line ends in a row, without blanks between them."""

LIST_MARK = re.compile(r"[ \t]*(?:[-*+•‣|#>]|\d{1,3}[.)])\s")
UNFINISHED_LINE = re.compile(r"[,;:—–-][”’\"'»)\]]*\s*$")
"""How a line ends if its sentence goes on after the line break."""

MAX_WRAPPED_LINE_CHARS = 120
"""Line length up to which a text may have been wrapped by a program; with one longer line it was not."""

MAX_PIECE_CHARS = 20_000
"""Characters that are split at once. A longer sentence is cut at white space."""

AGENCY_MARK = re.compile(r"[/(\[][^/()\[\]\s]{1,20}[/)\]][.:]?")
"""A news agency's mark such as /TASS/, which belongs to the dateline before it."""

MISSED_BREAK = re.compile(r"(?<=[a-z]{5}\.)\s+(?=(?:(?:\.\.\.|…)\s?)?[“\"«„‘(\[]*[A-ZÀ-ÖØ-ÞА-Я])")
"""A sentence end that the splitter misses: a full stop after a long lower-case word, then a capital. No abbreviation
looks like that, though the splitter knows such ones from law reports. An ellipsis may precede the capital."""


class _Splitter(Protocol):
    def sent_spans(self, text: str) -> list[Span]: ...


def sentence_spans(text: str) -> list[Span]:
    """Return the (start, end) offsets of the sentences of `text`, in order, without the white space between them.

    A blank line ends a sentence, and so does a line break that no program made by wrapping, unless the line ends in
    a comma or the like and the next begins in lower case. Every character that is not white space is in exactly one
    sentence.
    """
    spans: list[Span] = []
    for start, end in _blocks(text):
        spans.extend(_split(text, start, end))
    return spans


def _blocks(text: str) -> list[Span]:
    """Return the spans between hard breaks, none longer than MAX_PIECE_CHARS."""
    breaks = _hard_breaks(text)
    starts = [0, *(end for _, end in breaks)]
    ends = [*(start for start, _ in breaks), len(text)]
    return [piece for start, end in zip(starts, ends, strict=True) for piece in _pieces(text, start, end)]


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


def _hard_breaks(text: str) -> list[Span]:
    """Return the line breaks at which a sentence ends."""
    breaks = [match.span() for match in LINE_BREAK.finditer(text)]
    lines = _lines(text, breaks)
    width = max((end - start for start, end in lines), default=0)
    wrapped = width if 40 <= width <= MAX_WRAPPED_LINE_CHARS else 0
    return [(before[1], after[0]) for before, after in pairwise(lines) if not _continues(text, before, after, wrapped)]


def _lines(text: str, breaks: list[Span]) -> list[Span]:
    starts = [0, *(end for _, end in breaks)]
    ends = [*(start for start, _ in breaks), len(text)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if text[start:end].strip()]


def _continues(text: str, before: Span, after: Span, wrapped: int) -> bool:
    """Return whether the sentence in the line `before` continues in the line `after`."""
    if text[before[1] : after[0]] == PAGE_BREAK:
        return True  # the paragraph goes over a page end
    following = text[after[0] : after[1]].lstrip()
    if LIST_MARK.match(text, after[0], after[1]):
        return False
    if UNFINISHED_LINE.search(text, max(before[0], before[1] - 20), before[1]) and following[0].islower():
        return True
    blank_line = len(text[before[1] : after[0]].splitlines()) > 1
    # A program wrapped the line if the next word would not have fitted into it.
    first_word = following.split(maxsplit=1)[0]
    return bool(wrapped) and not blank_line and before[1] - before[0] + 1 + len(first_word) > wrapped


def _split(text: str, start: int, end: int) -> list[Span]:
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
