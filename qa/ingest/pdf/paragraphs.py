"""Decide which lines form a paragraph, and join them."""

import re
from collections.abc import Sequence
from itertools import pairwise

from qa.ingest.pdf.hyphens import Hyphens, plain
from qa.ingest.pdf.lines import Line
from qa.types import PAGE_BREAK

ITEM = re.compile(r"\s*(?:[-*•‣▪◦–●○■□➢➤✓]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])\s")
"""The beginning of a list item."""

SURE_ITEM = re.compile(r"\s*[•‣▪◦●○■□➢➤✓]\s")
"""The beginning of a list item that is no dash and no number, which a wrapped line may begin with."""

FINISHED = re.compile(r"[.!?:;…]['”’\")\]»]*[⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
"""The end of a sentence, or of what a list follows."""

LABEL = re.compile(r"[A-ZÀ-ÖØ-ÞА-Я][^:.,;]{0,40}:(?:\s|$)")
"""A line of a form or an invoice: a label with its value."""

CAPTION = re.compile(
    r"(?:table|tab\.|tabelle|tableau|tabla|tabela|tabella|fig(?:\.|ure)?|abb(?:\.|ildung)|figura)\s*[\dIVX]+\b", re.I
)
"""The beginning of the caption of a table or a picture."""

DIVIDED = re.compile(r"[^\W_](?:\ufffe|-|\u2010|\xad)$")
"""The end of a line within a word."""

SAME_SIZE = 1.08
"""Font sizes of one paragraph differ by a lower factor."""

MAX_PITCH = 1.3
"""Lines of one paragraph are no further apart than this factor of the usual distance of lines."""

SLACK = 0.03
"""How far before the edge a full line may end, as a share of the width."""

MIN_WIDTH = 12
"""Width, in font sizes, from which lines wrap; shorter ones are entries."""

LONG_SHARE = 0.6
"""A line that ends within a sentence continues in the next if it is longer than this share of the width."""

HEADING_PITCH = 1.7
"""Lines of one heading are no further apart than this factor of their height."""


def continues(lines: Sequence[Line], line: Line, pitch: float, body_size: float) -> bool:
    """Say whether `line` continues the paragraph, list item or heading of `lines`.

    Args:
        lines: The lines so far, at least one.
        line: The next line in reading order.
        pitch: The usual distance of the baselines of two lines here, in points.
        body_size: The usual font size.
    """
    before = lines[-1]
    if not (before.size / SAME_SIZE <= line.size <= before.size * SAME_SIZE):
        return False
    if line.page != before.page or line.region != before.region:
        return _continues_elsewhere(lines, line, body_size)
    distance = line.bottom - before.bottom
    if before.size > 1.12 * body_size and before.bold == line.bold:
        return distance <= HEADING_PITCH * (line.bottom - line.top) and _heading_goes_on(before, line)
    return distance <= MAX_PITCH * pitch and not _begins_item(lines, line) and _wraps(lines, line)


def _heading_goes_on(before: Line, line: Line) -> bool:
    if ITEM.match(line.text) or before.text.startswith("•"):
        return False
    middles = abs(before.left + before.right - line.left - line.right)
    return middles < 6 or (abs(before.left - line.left) < 3 and is_full(before, line))


def _begins_item(lines: Sequence[Line], line: Line) -> bool:
    """Say whether a line begins a list item; a wrapped line may begin with a dash or a number, too."""
    if not ITEM.match(line.text):
        return False
    before = lines[-1]
    if SURE_ITEM.match(line.text) or ITEM.match(lines[0].text):
        return True
    return not is_full(before, line) or FINISHED.search(before.text) is not None


def _wraps(lines: Sequence[Line], line: Line) -> bool:
    """Say whether a program broke the line before this one because it was full."""
    before = lines[-1]
    if DIVIDED.search(before.text):
        return True
    if LABEL.match(line.text) and (LABEL.match(before.text) or FINISHED.search(before.text)):
        return False
    lower = line.text[0].islower()
    if not _is_indented_alike(lines, line) and not lower:
        return False
    width = line.edge - min(before.left, line.left)
    if lower and not FINISHED.search(before.text) and before.right - before.left > LONG_SHARE * width:
        return True
    return width >= MIN_WIDTH * line.size and is_full(before, line)


def is_full(before: Line, line: Line) -> bool:
    """Say whether the first word of `line` would not have fitted at the end of the line before it."""
    width = before.edge - before.left
    return before.right + 0.25 * before.size + line.first_word_width > before.edge - SLACK * width


def _is_indented_alike(lines: Sequence[Line], line: Line) -> bool:
    """Say whether a line stands below the others: the first of a paragraph may be indented, of an item outdented."""
    step = line.left - lines[-1].left
    if abs(step) <= line.size:
        return True
    if len(lines) > 1:
        return False
    return step < 0 if not ITEM.match(lines[0].text) else step > 0


def _continues_elsewhere(lines: Sequence[Line], line: Line, body_size: float) -> bool:
    """Say whether a paragraph goes on in the next column or on the next page."""
    before = lines[-1]
    if line.page - before.page > 1 or line.size > 1.12 * body_size or (line.bold != before.bold):
        return False
    if ITEM.match(line.text) or CAPTION.match(lines[0].text):
        return False
    if FINISHED.search(before.text) or len(before.cells) > 1:
        return False
    if line.page == before.page and line.top > before.top and not _stands_below(before, line):
        return False
    if DIVIDED.search(before.text) and line.text[0].islower():
        return True
    words = len(before.text.split())
    if line.text[0].islower():
        return words >= 3 or len(lines) > 1
    return words >= 4 and is_full(before, line) and not before.bold and not LABEL.match(line.text)


def _stands_below(before: Line, line: Line) -> bool:
    """Say whether a line is directly below another, which is of another region."""
    height = line.bottom - line.top
    return line.bottom - before.bottom <= 1.6 * height and abs(line.left - before.left) <= line.size


def join_lines(lines: Sequence[Line], hyphens: Hyphens) -> str:
    """Return the text of a paragraph, with a form feed in the place of the line end where a page ends.

    The rest of a word that goes over a page end is before the form feed.
    """
    text = lines[0].text
    for before, line in pairwise(lines):
        between = " " if line.page == before.page else PAGE_BREAK * (line.page - before.page)
        joined = hyphens.join(text, line.text)
        text, rest = joined or (text, line.text)
        if text.endswith(PAGE_BREAK):
            between = between.strip(" ")
        text += between + rest if rest or between != " " else ""
    return plain(text)
