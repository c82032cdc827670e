"""Find the paragraphs of a plain text: the lines that a program or a writer wrapped belong together.

Each run of lines is judged by its own width, so that one long line elsewhere changes nothing.
"""

import re
from collections.abc import Container, Iterator
from itertools import pairwise

from qa.types import Span

LIST_MARK = re.compile(r"[ \t]*(?:[-*+•‣◦▪·–|#]|\d{1,3}(?:\.\d{1,3})*[.)])\s")
"""What begins a list item, a row or a heading of Markdown."""

LETTER_MARK = re.compile(r"[ \t]*\(?(?:[a-zA-Z]|[ivx]{1,5}|\d{1,3})\)\s")
"""What begins a list item, unless it is within a sentence: (a), b), (iv)."""

QUOTE_MARK = re.compile(r"[ \t]*(?:>[ \t]?)+")
"""What precedes each line of a quoted message."""

UNFINISHED_LINE = re.compile(r"[,;:—–\u00ad-][”’\"'»)\]]*\s*$")
"""How a line ends if its sentence goes on after the line break."""

FINISHED_LINE = re.compile(r"[.!?…][”’\"'»)\]]*$")

GAP = re.compile(r"\S(?: {4,}|\t)\s*\S")
"""White space between two columns."""

MIN_WRAPPED_LINE_CHARS = 40
MAX_WRAPPED_LINE_CHARS = 120
"""Widths to which text may have been wrapped by a program. A longer line was not wrapped."""

MIN_FLOWING_LINE_CHARS = 30
"""A line as long as this goes on in the next one if that begins in lower case."""

EVEN_LINE = 0.75
"""Share of the width that every line but the last has, if a writer wrapped them."""

HARD_ENDS = ("\f", "\u2029")
"""Ends of lines that are as good as a blank line."""

_Line = tuple[int, int, str]
"""The offset of a line, the offset of its end, and the line itself without the white space at its end."""


def paragraphs(text: str, apart: Container[int] = ()) -> list[Span]:
    """Return the spans of the paragraphs of `text`, in order, without the white space around them.

    A blank line ends a paragraph, and so does a line break that was not made by wrapping, unless the line ends in a
    comma or the like and the next begins in lower case. Every character that is not white space is in one paragraph.

    Args:
        text: Any text.
        apart: The offsets of lines that are paragraphs of their own.
    """
    if len(text.splitlines()) == 1:
        return [_trimmed(text)] if text.strip() else []
    runs = list(_runs(text))
    found: list[Span] = []
    previous: _Line | None = None
    for run, width in zip(runs, _widths(runs), strict=True):
        same_run = False
        for line in run:
            whole = not (apart and previous and (line[0] in apart or previous[0] in apart))
            joined = same_run or (previous is not None and _is_over_page(text, previous[1], line))
            if whole and previous and _continues(previous[2], line[2], width if joined else None):
                found[-1] = (found[-1][0], line[1])
            else:
                found.append((line[1] - len(line[2].lstrip()), line[1]))
            previous, same_run = line, True
    return found


def _trimmed(text: str) -> Span:
    return len(text) - len(text.lstrip()), len(text.rstrip())


def _is_over_page(text: str, end: int, line: _Line) -> bool:
    """Return whether nothing but a form feed separates a line from the one that ends at `end`."""
    gap = text[end : line[0]]
    return "\f" in gap and len(gap.replace("\f", "").splitlines()) < 2 and line[2].lstrip()[0].islower()


def _runs(text: str) -> Iterator[list[_Line]]:
    """Yield the runs of lines without a blank line between them."""
    run: list[_Line] = []
    start = 0
    for line in text.splitlines(keepends=True):
        shown = line.rstrip()
        if shown:
            run.append((start, start + len(shown), shown))
        if run and (not shown or line.endswith(HARD_ENDS)):
            yield run
            run = []
        start += len(line)
    if run:
        yield run


def _widths(runs: list[list[_Line]]) -> list[int]:
    """Return the width to which each run is wrapped, 0 for a run that is not.

    A run of three lines or more that fill their width tells it. Any other takes the nearest such run into account, so
    that a title is not joined to the line below it.
    """
    own = [_width(run) if len(run) > 1 or len(run[0][2]) > MAX_WRAPPED_LINE_CHARS else (0, False) for run in runs]
    near = next((width for width, sure in own if sure), None)
    found = []
    for width, sure in own:
        if sure:
            near = width
        elif near is not None and width:
            width = max(width, near) if near else 0
        found.append(width)
    return found


def _width(run: list[_Line]) -> tuple[int, bool]:
    """Return the width of a run by itself, and whether it is sure; (0, True) if its lines are surely unwrapped."""
    lengths = [len(line) for _, _, line in run]
    if max(lengths) > MAX_WRAPPED_LINE_CHARS:  # a program leaves a long address as it is
        lengths = [n for n, line in zip(lengths, run, strict=True) if n <= MAX_WRAPPED_LINE_CHARS or " " in line[2]]
    if not lengths:
        return 0, False
    width = sorted(lengths)[-1 - len(lengths) // 5]
    if width > MAX_WRAPPED_LINE_CHARS:
        return 0, True
    if width < MIN_WRAPPED_LINE_CHARS:
        return 0, False
    room = [len(before) + 1 + len(after.split(maxsplit=1)[0]) for (*_, before), (*_, after) in pairwise(run)]
    if len(run) > 2 and min(room) > width:
        return width, True
    full = sum(n > width for n in room)
    if len(run) > 3 and full * 2 >= len(room) and min(lengths[:-1]) >= EVEN_LINE * width:  # wrapped by hand
        return min(room) - 1, True
    return width, False


def _continues(before: str, after: str, width: int | None) -> bool:
    """Return whether the paragraph of the line `before` continues in the line `after`.

    `width` is None if there is a blank line between.
    """
    if before[0] == ">" or after[0] == ">":
        before, after = _unquoted(before, after)
        if not (before and after):
            return False
    following = after.lstrip()
    first = following[0]
    if (not first.isalpha() and LIST_MARK.match(after)) or _begins_lettered_item(before, after, width):
        return False
    if first.islower() and not before[-1].isalnum() and UNFINISHED_LINE.search(before, len(before) - 4):
        return True
    if width is None or not (_is_full(before, following, width) or _flows(before, after, width)):
        return False
    return not _is_apart(before, following)


def _unquoted(before: str, after: str) -> tuple[str, str]:
    """Return two lines of a message without the marks of the quotation; empty if they are not of the same one."""
    marks = QUOTE_MARK.match(before), QUOTE_MARK.match(after)
    if not (marks[0] and marks[1]) or marks[0][0].count(">") != marks[1][0].count(">"):
        return "", ""
    return before[marks[0].end() :], after[marks[1].end() :]


def _is_full(before: str, following: str, width: int) -> bool:
    """Return whether the first word of what follows would not have fitted into the line."""
    return bool(width) and len(before) + 1 + len(following.split(maxsplit=1)[0]) > width


def _flows(before: str, after: str, width: int) -> bool:
    """Return whether a line that is not full goes on in one that begins in lower case or, seldom, with a number."""
    first = after.lstrip()[0]
    if not (first.islower() or first.isdigit()):
        return False
    if first.islower() and LIST_MARK.match(before) and _indent(after) > _indent(before):
        return True
    shortest = MIN_FLOWING_LINE_CHARS if width else MIN_WRAPPED_LINE_CHARS
    if not shortest <= len(before) <= MAX_WRAPPED_LINE_CHARS or FINISHED_LINE.search(before[-4:]):
        return False
    return first.islower() or (bool(width) and len(before) >= EVEN_LINE * width)


def _begins_lettered_item(before: str, after: str, width: int | None) -> bool:
    if ")" not in after[: _indent(after) + 7] or not LETTER_MARK.match(after):
        return False
    return width is None or before[-1] in ".;:," or _indent(before) != _indent(after)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_apart(before: str, following: str) -> bool:
    """Return whether two lines are no prose that was wrapped: columns, entries of contents, rules of dashes."""
    if not (before[-1].isalnum() and following[0].isalnum()) and not (_has_word(before) and _has_word(following)):
        return True
    if "...." in before or ". . . ." in before:
        return True
    return ("    " in following or "\t" in following) and bool(GAP.search(before) and GAP.search(following))


def _has_word(line: str) -> bool:
    return any(c.isalnum() for c in line)
