"""Find the paragraphs of a plain text: the lines that a program or a writer wrapped belong together.

Each run of lines is judged by its own width, so that one long line elsewhere changes nothing.
"""

import re
from collections.abc import Container, Iterator

from qa.types import Span

LIST_MARK = re.compile(r"[ \t]*(?:[-*+•‣◦▪·–|#]|\d{1,3}[.)])\s")
"""What begins a list item, a row or a heading of Markdown."""

QUOTE_MARK = re.compile(r"[ \t]*(?:>[ \t]?)+")
"""What precedes each line of a quoted message."""

UNFINISHED_LINE = re.compile(r"[,;:—–\u00ad-][”’\"'»)\]]*\s*$")
"""How a line ends if its sentence goes on after the line break."""

FINISHED_LINE = re.compile(r"[.!?…][”’\"'»)\]]*$")

GAP = re.compile(r"\S(?: {4,}|\t)\s*\S")
"""White space between two columns."""

LEADERS = re.compile(r"\.{4}|(?:\. ){3}\.")
"""The dots between an entry of a table of contents and its page."""

MIN_WRAPPED_LINE_CHARS = 40
MAX_WRAPPED_LINE_CHARS = 120
"""Widths to which text may have been wrapped by a program. A longer line was not wrapped."""

MIN_FLOWING_LINE_CHARS = 30
"""A line as long as this goes on in the next one if that begins in lower case."""

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
    runs = list(_runs(text))
    found: list[Span] = []
    previous: _Line | None = None
    for run, width in zip(runs, _widths(runs), strict=True):
        same_run = False
        for line in run:
            whole = previous is not None and not (apart and (line[0] in apart or previous[0] in apart))
            if whole and previous and _continues(previous[2], line[2], width if same_run else None):
                found[-1] = (found[-1][0], line[1])
            else:
                found.append((line[1] - len(line[2].lstrip()), line[1]))
            previous, same_run = line, True
    return found


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
    return width, len(run) > 2 and all(
        len(before) + 1 + len(after.split(maxsplit=1)[0]) > width
        for (_, _, before), (_, _, after) in zip(run, run[1:], strict=False)
    )


def _continues(before: str, after: str, width: int | None) -> bool:
    """Return whether the paragraph of the line `before` continues in the line `after`.

    `width` is None if there is a blank line between.
    """
    if ">" in after[:4]:
        quoted, quote = QUOTE_MARK.match(before), QUOTE_MARK.match(after)
        if quote:
            if not quoted or quoted[0].count(">") != quote[0].count(">"):
                return False
            before, after = before[quoted.end() :], after[quote.end() :]
    following = after.lstrip()
    if not following or not before or (not following[0].isalpha() and LIST_MARK.match(after)):
        return False
    if following[0].islower() and UNFINISHED_LINE.search(before, len(before) - 4):
        return True
    return width is not None and _is_wrapped(before, after, following, width) and not _is_apart(before, after)


def _is_wrapped(before: str, after: str, following: str, width: int) -> bool:
    hangs = LIST_MARK.match(before)
    if hangs and following[0].islower() and len(after) - len(following) >= hangs.end():
        return True
    if not width:
        return False
    # A program wrapped the line if the next word would not have fitted into it.
    if len(before) + 1 + len(following.split(maxsplit=1)[0]) > width:
        return True
    return following[0].islower() and len(before) >= MIN_FLOWING_LINE_CHARS and not FINISHED_LINE.search(before)


def _is_apart(before: str, after: str) -> bool:
    """Return whether two lines are no prose that was wrapped: columns, entries of contents, rules of dashes."""
    if not (before[-1].isalnum() or after[0].isalnum() or (_has_word(before) and _has_word(after))):
        return True
    return bool(LEADERS.search(before) or (GAP.search(before) and GAP.search(after)))


def _has_word(line: str) -> bool:
    return any(c.isalnum() for c in line)
