"""Group the blocks of a document into sections: what may share a passage, and the headings that it stands under."""

from collections.abc import Iterator
from dataclasses import dataclass

from qa.text.structure import plain_blocks
from qa.types import Block, BlockKind, Document

CONTEXT_SEPARATOR = " › "
"""What separates the headings of a context."""

MAX_HEADING_CHARS = 120
"""Longer headings are cut in a context, never in the text."""

FLOWING = (BlockKind.TEXT, BlockKind.ITEM)
"""Kinds of which several may share a passage."""


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks that follow one another under the same context, or a single row of a table."""

    context: str
    """The headings above, outermost first, then what the blocks themselves name, between CONTEXT_SEPARATORs."""
    blocks: tuple[Block, ...]


def sections(document: Document) -> Iterator[Section]:
    """Yield the sections of a document in order, without furniture.

    Headings and headers become the context of what follows; one that nothing follows is content itself, so that its
    words can be found.
    """
    content: list[Block] = []
    context = ""
    for block, above, flows in _placed(document):
        if content and (above != context or not flows):
            yield Section(context, tuple(content))
            content = []
        if flows:
            content.append(block)
            context = above
        elif block.kind is BlockKind.ROW:
            yield Section(above, (block,))
    if content:
        yield Section(context, tuple(content))


def _placed(document: Document) -> Iterator[tuple[Block, str, bool]]:
    """Yield each block with its context, and whether it may share a passage with others."""
    blocks = document.blocks or plain_blocks(document.text)
    path: list[Block] = []
    for place, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            path = [heading for heading in path if heading.level < block.level]
        alone = _stands_alone(block, blocks[place + 1] if place + 1 < len(blocks) else None)
        yield block, _context(document, path, block), alone or block.kind in FLOWING
        if block.kind is BlockKind.HEADING:
            path.append(block)


def _context(document: Document, path: list[Block], block: Block) -> str:
    headings = [" ".join(document.text[heading.start : heading.end].split()) for heading in path]
    if headings and headings[0] == document.title:
        headings = headings[1:]  # the title is searched and read with every passage anyway
    return CONTEXT_SEPARATOR.join(part[:MAX_HEADING_CHARS] for part in (*headings, block.context) if part)


def _stands_alone(block: Block, following: Block | None) -> bool:
    """Say whether a heading or header has nothing below it."""
    if block.kind is BlockKind.HEADING:
        return following is None or (following.kind is BlockKind.HEADING and following.level <= block.level)
    if block.kind is BlockKind.HEADER:
        return following is None or following.kind not in (BlockKind.ROW, BlockKind.HEADER)
    return False
