"""Assemble the text of a PDF from the units of its pages, with a form feed between two pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qa.ingest.blocks import Part, assemble
from qa.ingest.pdf.units import Unit
from qa.types import PAGE_BREAK, Block

SENTENCE_END = re.compile(r"[.!?…][”’\"')\]»]*\s+")
"""Where a paragraph that fills a whole page may be parted, so that the page's head and foot have a place."""


@dataclass(slots=True)
class Margins:
    """What stands around the text of a page."""

    above: list[Part] = field(default_factory=list)
    below: list[Part] = field(default_factory=list)


def assemble_pages(units: Sequence[Unit], margins: Sequence[Margins]) -> tuple[str, tuple[Block, ...]]:
    """Return the text of all pages, and its blocks; the form feeds before an offset tell its page.

    Heads, feet and notes interrupt no paragraph: those of a page that a paragraph goes over are before or after it.
    """
    text_units = [part for unit in units for part in _parted(unit, margins)]
    starting: list[list[Unit]] = [[] for _ in margins]
    for unit in text_units:
        starting[unit.page].append(unit)
    placed: list[Unit] = []
    for number, (own, margin) in enumerate(zip(starting, margins, strict=True)):
        carried = own.pop() if own and own[-1].last_page > number else None
        placed += [Unit(part, number) for part in margin.above]
        placed += own
        placed += [Unit(part, number) for part in margin.below]
        placed += [carried] if carried else []
    return _joined(placed, len(margins))


def _parted(unit: Unit, margins: Sequence[Margins]) -> list[Unit]:
    """Part a paragraph on each page that it fills, if that page has a head or a foot."""
    pieces = unit.part.text.split(PAGE_BREAK)
    units, begin, page = [], 0, unit.page
    for number in range(1, len(pieces) - 1):
        margin = margins[unit.page + number]
        ends = [match.end() for match in SENTENCE_END.finditer(pieces[number])]
        if (margin.above or margin.below) and pieces[number]:
            cut = ends[-1] if ends else len(pieces[number])
            text = PAGE_BREAK.join([*pieces[begin:number], pieces[number][:cut].rstrip()])
            units.append(Unit(replace(unit.part, text=text), page))
            pieces[number] = pieces[number][cut:]
            begin, page = number, unit.page + number
    rest = PAGE_BREAK.join(pieces[begin:])
    page += len(rest) - len(rest.lstrip(PAGE_BREAK))
    units.append(Unit(replace(unit.part, text=rest.strip(PAGE_BREAK)), page, unit.size))
    return units


def _joined(units: Sequence[Unit], pages: int) -> tuple[str, tuple[Block, ...]]:
    """Join the units, with as many form feeds between two as there are page ends."""
    parts, page = [], None
    for unit in units:
        text = unit.part.text.strip()
        if not text:
            continue
        turned = unit.page - (unit.page if page is None else page)
        before = PAGE_BREAK * turned if turned else None
        parts.append(replace(unit.part, before=before) if before else unit.part)
        page = unit.page + text.count(PAGE_BREAK)
    first = next((unit.page for unit in units if unit.part.text.strip()), 0)
    text, blocks = assemble(parts)
    leading = PAGE_BREAK * first
    trailing = PAGE_BREAK * (pages - 1 - (page if page is not None else 0))
    moved = tuple(_moved(block, len(leading)) for block in blocks) if leading else blocks
    return leading + text + trailing, moved


def _moved(block: Block, by: int) -> Block:
    cells = tuple((offset + by, header) for offset, header in block.cells)
    return replace(block, start=block.start + by, end=block.end + by, cells=cells)
