"""Find what belongs to the pages of a plain text rather than to the text: running heads and feet, page numbers."""

import re
from collections import defaultdict
from collections.abc import Iterator

from qa.types import PAGE_BREAK

MIN_PAGES = 3
"""Pages that must share a line at their edge."""

EDGE_LINES = 2
"""Lines at the top and at the bottom of each page that are looked at."""

NUMBER = re.compile(r"\d+")


def page_lines(text: str) -> frozenset[int]:
    """Return the offsets of the lines that stand at the edges of pages, between form feeds.

    A line counts if a third of the pages have it, and its numbers are the same or count the pages.
    """
    if text.count(PAGE_BREAK) < MIN_PAGES - 1:
        return frozenset()
    pages = list(_pages(text))
    groups: dict[str, dict[int, tuple[int, list[int]]]] = defaultdict(dict)
    for number, page in enumerate(pages):
        for offset, line in {*page[:EDGE_LINES], *page[-EDGE_LINES:]}:
            numbers = [int(found) for found in NUMBER.findall(line[:200])]
            groups[NUMBER.sub("#", line)][number] = (offset, numbers)
    wanted = max(MIN_PAGES, len(pages) / 3)
    found = [group for group in groups.values() if len(group) >= wanted and _belongs_to_pages(group)]
    return frozenset(offset for group in found for offset, _ in group.values())


def _pages(text: str) -> Iterator[list[tuple[int, str]]]:
    """Yield the lines of each page that are not blank, with their offsets."""
    start = 0
    for page in text.split(PAGE_BREAK):
        lines, place = [], start
        for line in page.splitlines(keepends=True):
            if line.strip():
                lines.append((place, line.strip()))
            place += len(line)
        yield lines
        start += len(page) + 1


def _belongs_to_pages(group: dict[int, tuple[int, list[int]]]) -> bool:
    """Return whether the numbers of a line are the same on all pages, or one of them counts the pages."""
    columns = list(zip(*(numbers for _, numbers in group.values()), strict=True))
    changing = [column for column in columns if len(set(column)) > 1]
    return not changing or any(
        len({number - page for page, number in zip(group, column, strict=True)}) == 1 for column in changing
    )
