"""Find running heads, running feet and page numbers."""

import re
from collections import defaultdict
from collections.abc import Sequence

from qa.ingest.pdf.lines import Line

EDGE_LINES = 3
"""Lines at the top and at the bottom of a page that may repeat from page to page."""

MAX_PAGES_APART = 3
"""A running head is on one of the next pages again; left and right pages may have different ones."""

SAME_PLACE_POINTS = 3
"""How far a running head moves from one page to another."""

MIN_GAP = 0.5
"""Least gap between a running head and the text, in heights of its line, if it holds several cells or a sentence."""

HEADING_SIZE = 1.15
"""Larger lines are headings, as on slides, whatever repeats."""

PAGE_NUMBER = re.compile(
    r"[\W_]*(?:(?:page|seite|página|pagina|p\.|s\.)\s*)?(?P<number>\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:of|/|von|de|sur|di|van|\||-)\s*\d{1,4})?[\W_]*",
    re.I,
)
"""A page number alone in its line."""

VARYING = re.compile(r"\d+|\b[ivxlc]+\b", re.I)
"""What differs between the running heads of two pages."""

MIN_SENTENCE_WORDS = 5


def split_furniture(
    pages: Sequence[Sequence[Line]], body_size: float, labels: Sequence[str] = ()
) -> list[tuple[list[Line], list[Line], list[Line]]]:
    """Return for each page its running heads, its text, and its running feet.

    Args:
        pages: The lines of each page, in reading order.
        body_size: The usual font size.
        labels: The printed numbers of the pages, where the file has them.
    """
    tops = [_edge(page, first=True) for page in pages]
    feet = [_edge(page, first=False) for page in pages]
    heads = _repeated(tops, body_size) | _numbers(pages, tops, labels)
    ends = _repeated(feet, body_size) | _numbers(pages, feet, labels)
    result = []
    for page, top, foot in zip(pages, tops, feet, strict=True):
        above = _connected(top, heads)
        below = _connected(foot, ends - set(map(id, above)))
        taken = {id(line) for line in (*above, *below)}
        body = [line for line in page if id(line) not in taken]
        if not body and not all(_is_number(line) or not _is_sentence(line.text) for line in page):
            above, below, body = [], [], list(page)  # pages that differ by a number are no empty pages
        result.append((above, body, below[::-1]))
    if any(body for _, body, _ in result) or all(_is_number(line) for page in pages for line in page):
        return result
    return [([], list(page), []) for page in pages]  # a file that holds nothing else has no running heads


def _edge(page: Sequence[Line], *, first: bool) -> list[Line]:
    """Return the lines nearest to the top or the bottom of a page, the outermost first."""
    lines = sorted(page, key=lambda line: line.top if first else -line.bottom)
    return lines[: min(EDGE_LINES, max(len(lines), 1))]


def _connected(edge: list[Line], found: set[int]) -> list[Line]:
    """Return the lines from the edge inwards, as far as they were found to repeat."""
    taken = []
    for line in edge:
        if id(line) not in found:
            break
        taken.append(line)
    return taken


def _repeated(edges: Sequence[list[Line]], body_size: float) -> set[int]:
    """Return the ids of the lines that are in the same place, with the same words, on a page nearby."""
    seen: dict[tuple[str, int], list[Line]] = defaultdict(list)
    found: set[int] = set()
    for edge in edges:
        for position, line in enumerate(edge):
            if line.size > HEADING_SIZE * body_size or not _may_repeat(edge, position):
                continue
            same = seen[_words(line), round(line.size)]
            for other in same[-2:]:
                near = line.page - other.page <= MAX_PAGES_APART
                if near and abs(other.top - line.top) <= SAME_PLACE_POINTS:
                    found |= {id(line), id(other)}
            same.append(line)
    return found


def _words(line: Line) -> str:
    return VARYING.sub("#", " ".join(line.text.lower().split()))


def _may_repeat(edge: list[Line], position: int) -> bool:
    """Say whether a line may be a running head: a sentence or a table's header row also needs a gap to the text."""
    line = edge[position]
    if len(line.cells) < 3 and not (_is_sentence(line.text) and VARYING.search(line.text)):
        return True
    if position + 1 >= len(edge):
        return False
    inner = edge[position + 1]
    gap = max(inner.top - line.bottom, line.top - inner.bottom)
    return gap > MIN_GAP * (line.bottom - line.top)


def _is_sentence(text: str) -> bool:
    return text.rstrip("”\"'’)").endswith((".", "!", "?")) and len(text.split()) >= MIN_SENTENCE_WORDS


def _numbers(pages: Sequence[Sequence[Line]], edges: Sequence[list[Line]], labels: Sequence[str]) -> set[int]:
    """Return the ids of the outermost lines that hold the number of their page and nothing else."""
    found = set()
    for number, (page, edge) in enumerate(zip(pages, edges, strict=True)):
        label = labels[number].lower() if number < len(labels) else ""
        for line in edge[:1]:
            match = PAGE_NUMBER.fullmatch(line.text)
            if match and match["number"].lower() in (str(number + 1), label) and len(page) > 1:
                found.add(id(line))
    return found


def _is_number(line: Line) -> bool:
    return PAGE_NUMBER.fullmatch(line.text) is not None
