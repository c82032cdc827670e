"""Find the structure of Markdown in its own text: headings, list items, tables, code and front matter."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.types import Block, BlockKind

HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})[ \t]+(?P<title>.*?)[ \t#]*$")
UNDERLINE = re.compile(r" {0,3}(?:(?P<first>=+)|-{2,})[ \t]*$")
FENCE = re.compile(r"[ \t]*(?P<fence>`{3,}|~{3,})")
ITEM = re.compile(r"[ \t]*(?:(?P<bullet>[-*+•])|\d{1,9}[.)])[ \t]+(?=\S)")
THEMATIC_BREAK = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
DELIMITER_ROW = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
PIPE = re.compile(r"(?<!\\)\|")
COMMENT = re.compile(r" {0,3}<!--")
FRONT_MATTER = re.compile(r"---[ \t]*(?:\r\n|\n|\r)(?P<fields>(?:.*(?:\r\n|\n|\r))*?)(?:---|\.\.\.)[ \t]*(?:$|[\r\n])")
FIELD = re.compile(r"(?P<name>[\w-]+):[ \t]*(?P<value>.*)")

MAX_FRONT_MATTER_CHARS = 10_000

_Line = tuple[int, int, str]
"""The offset of a line, the offset of its end, and the line itself without its line end."""


def front_matter(text: str) -> dict[str, str]:
    """Return the fields that a text states before it begins, by their names in lower case."""
    match = FRONT_MATTER.match(text[:MAX_FRONT_MATTER_CHARS])
    lines = match["fields"].splitlines() if match else []
    found = (FIELD.match(line) for line in lines)
    return {field["name"].lower(): field["value"].strip().strip("\"'") for field in found if field}


def markdown_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a text in Markdown, in order, without overlaps.

    The marks of headings, of bullets and around the rows of tables are in no block.
    """
    match = FRONT_MATTER.match(text[:MAX_FRONT_MATTER_CHARS])
    lines = list(_lines(text, match.end() if match else 0))
    front = list(_lines(text, match.start("fields"), match.end("fields"))) if match else []
    blocks = [block for line in front for block in _block(BlockKind.ITEM, *_trimmed(line))]
    place = 0
    while place < len(lines):
        found, place = _next(lines, place)
        blocks += found
    return tuple(blocks)


def _lines(text: str, start: int, end: int | None = None) -> Iterator[_Line]:
    for line in text[start:end].splitlines(keepends=True):
        shown = line.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")
        yield start, start + len(shown), shown
        start += len(line)


def _next(lines: Sequence[_Line], place: int) -> tuple[list[Block], int]:
    """Return the blocks of what begins at a line, and the place of the line after it."""
    start, _, line = lines[place]
    if not line.strip() or THEMATIC_BREAK.match(line):
        return [], place + 1
    if heading := HEADING.match(line):
        title = heading.span("title")
        return _block(BlockKind.HEADING, start + title[0], start + title[1], len(heading["marks"])), place + 1
    if fence := FENCE.match(line):
        return _until(lines, place, fence["fence"], BlockKind.TEXT)
    if COMMENT.match(line):
        return _until(lines, place, "-->", BlockKind.FURNITURE)
    if PIPE.search(line) and place + 1 < len(lines) and _is_delimiter_row(lines[place + 1][2], line):
        return _table(lines, place)
    return _paragraph(lines, place)


def _until(lines: Sequence[_Line], place: int, close: str, kind: BlockKind) -> tuple[list[Block], int]:
    """Return a block from a line to the one that closes it, or to the end."""
    if close == "-->" and close in lines[place][2]:
        last = place
    else:
        closes = (i for i in range(place + 1, len(lines)) if _closes(lines[i][2], close))
        last = next(closes, len(lines) - 1)
    return _block(kind, _trimmed(lines[place])[0], _trimmed(lines[last])[1]), last + 1


def _closes(line: str, close: str) -> bool:
    return close in line if close == "-->" else line.strip().startswith(close) and not line.strip().strip(close[0])


def _paragraph(lines: Sequence[_Line], place: int) -> tuple[list[Block], int]:
    """Return a paragraph or a list item, with all its lines; or the heading that is underlined."""
    first, last = place, place
    item = ITEM.match(lines[place][2])
    while last + 1 < len(lines) and _goes_on(lines[last + 1][2]):
        last += 1
    underline = UNDERLINE.match(lines[last + 1][2]) if last + 1 < len(lines) else None
    start, end = _trimmed(lines[first])[0], _trimmed(lines[last])[1]
    if underline and not item:
        return _block(BlockKind.HEADING, start, end, 1 if underline["first"] else 2), last + 2
    if item and item["bullet"]:
        start = lines[first][0] + item.end()
    return _block(BlockKind.ITEM if item else BlockKind.TEXT, start, end), last + 1


def _goes_on(line: str) -> bool:
    """Return whether a line belongs to the paragraph before it."""
    ends = (HEADING, FENCE, ITEM, THEMATIC_BREAK, UNDERLINE, COMMENT)
    return bool(line.strip()) and not any(pattern.match(line) for pattern in ends) and not line.lstrip().startswith("|")


def _is_delimiter_row(line: str, header: str) -> bool:
    return "-" in line and bool(DELIMITER_ROW.match(line)) and len(_cells(line)) == len(_cells(header))


def _table(lines: Sequence[_Line], place: int) -> tuple[list[Block], int]:
    """Return the header row of a table and its other rows."""
    headers = [lines[place][2][slice(*cell)] for cell in _cells(lines[place][2])]
    blocks = _row(BlockKind.HEADER, lines[place], ())
    place += 2
    while place < len(lines) and PIPE.search(lines[place][2]):
        blocks += _row(BlockKind.ROW, lines[place], headers)
        place += 1
    return blocks, place


def _row(kind: BlockKind, line: _Line, headers: Sequence[str]) -> list[Block]:
    start, _, shown = line
    spans = _cells(shown)
    cells = [(begin, end) for begin, end in spans if begin < end]
    if not cells:
        return []
    names = [*headers, *[""] * len(spans)]
    named = tuple((start + begin, name) for (begin, end), name in zip(spans, names, strict=False) if begin < end)
    return [Block(kind, start + cells[0][0], start + cells[-1][1], cells=named if kind is BlockKind.ROW else ())]


def _cells(line: str) -> list[tuple[int, int]]:
    """Return where the cells of a row begin and end, without the white space around them."""
    bars = [-1, *(match.start() for match in PIPE.finditer(line)), len(line)]
    pieces = [(before + 1, after) for before, after in pairwise(bars)]
    if not line[: pieces[0][1]].strip():
        pieces = pieces[1:]
    if pieces and not line[pieces[-1][0] :].strip():
        pieces = pieces[:-1]
    return [_strip(line, *piece) for piece in pieces]


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    return first, max(first, start + len(piece.rstrip()))


def _trimmed(line: _Line) -> tuple[int, int]:
    start, _, shown = line
    first, last = _strip(shown, 0, len(shown))
    return start + first, start + last


def _block(kind: BlockKind, start: int, end: int, level: int = 0) -> list[Block]:
    return [Block(kind, start, end, level)] if start < end else []
