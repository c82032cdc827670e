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
        cells = tuple((start + max(offset - dropped, 0), header) for offset, header in part.cells)
        blocks.append(Block(part.kind, start, end, part.level, part.context, cells))
        previous = part
    return "".join(pieces), tuple(blocks)


def _between(previous: Part | None, part: Part) -> str:
    if part.before is not None:
        return part.before
    return "\n" if previous and previous.kind in CLOSE and part.kind in CLOSE else "\n\n"


def table_parts(rows: Sequence[Sequence[str]], *, headers: Sequence[str] = (), caption: str = "") -> Iterator[Part]:
    """Yield a table's caption and header row, then its rows, each a line with the cells between CELL_SEPARATORs.

    Args:
        rows: The cells below the header row; white space within a cell becomes one blank. Empty rows are left out.
        headers: The header of each column, empty if the table has no header row.
        caption: What the table is called; it becomes the context of every row.
    """
    caption, headers = _one_line(caption), [_one_line(header) for header in headers]
    if caption:
        yield Part(BlockKind.HEADER, caption)
    if any(headers):
        yield Part(BlockKind.HEADER, CELL_SEPARATOR.join(headers), context=caption)
    for row in rows:
        cells = [_one_line(cell) for cell in row]
        if any(cells):
            yield Part(BlockKind.ROW, CELL_SEPARATOR.join(cells), context=caption, cells=_cells(cells, headers))


def _cells(cells: Sequence[str], headers: Sequence[str]) -> tuple[tuple[int, str], ...]:
    found, start = [], 0
    for cell, header in zip_longest(cells, headers[: len(cells)], fillvalue=""):
        if cell:
            found.append((start, header[:MAX_HEADER_CHARS]))
        start += len(cell) + len(CELL_SEPARATOR)
    return tuple(found)


def _one_line(text: str) -> str:
    return " ".join(text.split())
