"""Assemble a document's text from the units that a loader found, so that every unit is a block with exact offsets."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from qa.types import Block, BlockKind

CELL_SEPARATOR = " | "
"""What separates two cells of a row."""

MAX_HEADER_CHARS = 80
"""Longer column headers are cut where they are read with a cell, never in the header row."""

CLOSE = frozenset({BlockKind.ITEM, BlockKind.ROW, BlockKind.HEADER})
"""Kinds that follow one of these kinds on the next line; between all others is a blank line."""


@dataclass(frozen=True, slots=True)
class Part:
    """A unit of a document before it has its place in the text; see qa.types.Block for what the fields mean."""

    kind: BlockKind
    text: str
    level: int = 0
    context: str = ""
    cells: tuple[tuple[int, str], ...] = ()
    """Offsets count from the start of `text`."""
    before: str | None = None
    """What separates the part from the one before it; None chooses a line end or a blank line."""


def assemble(parts: Iterable[Part]) -> tuple[str, tuple[Block, ...]]:
    """Join the parts that are not blank into one text; return it with a block for each of them, in order."""
    pieces: list[str] = []
    blocks: list[Block] = []
    end, previous = 0, None
    for part in parts:
        text = part.text.strip()
        if not text:
            continue
        dropped = len(part.text) - len(part.text.lstrip())
        between = _between(previous, part) if pieces else ""
        start = end + len(between)
        end = start + len(text)
        pieces += [between, text]
        shift = start - dropped
        cells = tuple([(max(shift + offset, start), header) for offset, header in part.cells])
        blocks.append(Block(part.kind, start, end, part.level, part.context, cells))
        previous = part
    return "".join(pieces), tuple(blocks)


def _between(previous: Part | None, part: Part) -> str:
    if part.before is not None:
        return part.before
    return "\n" if previous and previous.kind in CLOSE and part.kind in CLOSE else "\n\n"


def table_parts(
    rows: Iterable[Sequence[str]], *, headers: Sequence[str] = (), caption: str = "", context: str | None = None
) -> Iterator[Part]:
    """Yield a table's caption and header row, then its rows, each a line with the cells between CELL_SEPARATORs.

    Args:
        rows: The cells below the header row; white space within a cell becomes one blank. Empty rows are left out, and
            so are blank cells at the ends of a row.
        headers: The header of each column, empty if the table has no header row.
        caption: What the table is called; it becomes the context of every row.
        context: What else the rows stand under, instead of the caption.
    """
    caption, headers = one_line(caption), [one_line(header) for header in headers]
    under = caption if context is None else context
    if caption:
        yield Part(BlockKind.HEADER, caption)
    if any(headers):
        yield header_part(headers, under)
    for row in rows:
        if part := row_part(row, headers, under):
            yield part


def header_part(headers: Sequence[str], context: str = "") -> Part:
    """Return a table's header row as a part."""
    line = CELL_SEPARATOR.join(_without_blank_ends([one_line(header) for header in headers])[1])
    return Part(BlockKind.HEADER, line, context=context)


def row_part(row: Sequence[str], headers: Sequence[str], context: str = "") -> Part | None:
    """Return a row of cells under the header of each column as a part, or None if all its cells are blank."""
    first, cells = _without_blank_ends([" ".join(cell.split()) for cell in row])
    found, start = [], 0
    for cell, header in zip_longest(cells, headers[first : first + len(cells)], fillvalue=""):
        if cell:
            found.append((start, header[:MAX_HEADER_CHARS]))
        start += len(cell) + len(CELL_SEPARATOR)
    return Part(BlockKind.ROW, CELL_SEPARATOR.join(cells), context=context, cells=tuple(found)) if cells else None


def _without_blank_ends(cells: list[str]) -> tuple[int, list[str]]:
    """Return the cells from the first to the last that is not blank, and the column of the first."""
    if cells and cells[0] and cells[-1]:
        return 0, cells
    start, end = 0, len(cells)
    while end and not cells[end - 1]:
        end -= 1
    while start < end and not cells[start]:
        start += 1
    return start, cells[start:end]


def one_line(text: str) -> str:
    """Return a text with each run of white space as one blank."""
    return " ".join(text.split())
