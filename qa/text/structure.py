"""Find the structure of plain text: paragraphs, headings, list items, who speaks, and what belongs to its pages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from qa.text.headings import headings
from qa.text.page_lines import page_lines
from qa.text.paragraphs import paragraphs
from qa.types import Block, BlockKind, Span

ITEM_MARK = re.compile(r"(?:[-*+•‣◦▪·–]|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]|\d{1,3}(?:\.\d{1,3})+\.?)\s")
"""What begins a list item."""

SPEAKER = re.compile(r"(?P<name>[^\W\d_][^\s:]{0,20}(?: [^\s:]{1,20}){0,4}):(?=\s)")
"""Who speaks, before what is said."""

MAX_NAME_CHARS = 64

MIN_TURNS = 6
"""Turns that make a transcript, if they are also half of its paragraphs."""

MIN_NAMED_TURN_CHARS = 1_500
"""A shorter turn fits into few passages, with its speaker's name in the text and with the turns around it. Of 75
questions about meetings 28 were cited right with this, 26 with 400, 31 without any speaker as context."""

ENTRY = re.compile(r"(?:\.{4,}|(?:\. ){4,}\.?)\s*(?P<page>\d{1,4})$")
"""The end of an entry of a table of contents."""

CONTENTS = re.compile(r"\bcontents\b", re.IGNORECASE)
"""What a table of contents is called."""

MIN_ENTRIES = 3


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a text that has no markup, in order, without overlaps.

    Every character that is not white space is in one block.
    """
    page_edges = page_lines(text)
    spans = paragraphs(text, page_edges)
    names = _names(text, spans)
    if names:
        spans = [part for span in spans for part in _turns(text, span, names)]
    blocks = [Block(BlockKind.ITEM if ITEM_MARK.match(text, *span) else BlockKind.TEXT, *span) for span in spans]
    for i, level in headings(text, spans).items():
        blocks[i] = replace(blocks[i], kind=BlockKind.HEADING, level=level)
        if i + 1 < len(blocks) and not any(map(str.isalnum, text[slice(*spans[i + 1])])):  # what underlines it
            blocks[i + 1] = replace(blocks[i + 1], kind=BlockKind.FURNITURE)
    for i in (*_entries(text, spans), *_page_edges(text, spans, page_edges)):
        blocks[i] = replace(blocks[i], kind=BlockKind.FURNITURE, level=0)
    return tuple(_with_speakers(text, blocks, names) if names else blocks)


def _page_edges(text: str, spans: Sequence[Span], page_edges: frozenset[int]) -> Iterator[int]:
    places = {place + len(text[place:]) - len(text[place:].lstrip()) for place in page_edges}
    return (i for i, (start, _) in enumerate(spans) if start in places)


def _entries(text: str, spans: Sequence[Span]) -> list[int]:
    """Return which paragraphs are entries of a table of contents: called so, with pages in order after dots."""
    if "...." not in text and ". . . ." not in text:
        return []
    found: list[int] = []
    run: list[tuple[int, int]] = []
    for i, (start, end) in enumerate([*spans, (len(text), len(text))]):
        entry = ENTRY.search(text[max(start, end - 200) : end])
        if entry and (not run or (i - run[-1][0] <= 3 and int(entry["page"]) >= run[-1][1])):
            run.append((i, int(entry["page"])))
        elif not entry and (not run or i - run[-1][0] <= 3) and i < len(spans):
            continue
        else:
            found += _sure_entries(text, spans, [place for place, _ in run])
            run = [(i, int(entry["page"]))] if entry else []
    return found


def _sure_entries(text: str, spans: Sequence[Span], run: list[int]) -> list[int]:
    if len(run) < MIN_ENTRIES:
        return []
    before = text[spans[max(run[0] - 3, 0)][0] : spans[run[0]][1]]
    return run if CONTENTS.search(before) else []


def _names(text: str, spans: Sequence[Span]) -> frozenset[str]:
    """Return the names of those who speak, if the text is a transcript."""
    found = [SPEAKER.match(text, start, min(end, start + MAX_NAME_CHARS)) for start, end in spans]
    names = Counter(match["name"] for match in found if match)
    turns = names.total()
    if turns < max(MIN_TURNS, len(spans) / 2) or len(names) * 2 > turns:
        return frozenset()
    return frozenset(names)


def _turns(text: str, span: Span, names: frozenset[str]) -> Iterator[Span]:
    """Yield the parts of a paragraph, cut where a line begins with the name of someone who speaks."""
    starts, place = [span[0]], span[0]
    for line in text[slice(*span)].splitlines(keepends=True):
        match = SPEAKER.match(line)
        if match and match["name"] in names and place > span[0]:
            starts.append(place)
        place += len(line)
    for start, end in pairwise([*starts, span[1]]):
        yield start, start + len(text[start:end].rstrip())


def _with_speakers(text: str, blocks: Sequence[Block], names: frozenset[str]) -> Iterator[Block]:
    """Yield the blocks of a transcript; a long turn, and what follows a turn, knows who speaks."""
    speaker = ""
    for block in blocks:
        match = SPEAKER.match(text, block.start, min(block.end, block.start + MAX_NAME_CHARS))
        begins = match is not None and match["name"] in names
        if match and begins:
            speaker = match["name"]
        elif block.kind is BlockKind.HEADING:
            speaker = ""
        flows = block.kind in (BlockKind.TEXT, BlockKind.ITEM)
        named = flows and (not begins or block.end - block.start >= MIN_NAMED_TURN_CHARS)
        yield replace(block, context=speaker) if named and speaker else block
