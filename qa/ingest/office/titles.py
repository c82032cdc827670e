"""Choose a document's title: stated, styled as one, the first heading, or the first line."""

import re
from collections.abc import Sequence

from qa.ingest.blocks import Part
from qa.ingest.loaders.txt import title_line
from qa.types import BlockKind

GENERATED = re.compile(
    r"microsoft (word|powerpoint) - .*|(word|powerpoint|open ?document)( text)? ?(document|presentation)?"
    r"|(untitled|document|presentation|slide)[ \d._-]*|[\d\W_]*|.*\.(do[ct][xm]?|o[td]t|rtf|pp[ts][xm]?|odp)",
    re.IGNORECASE | re.DOTALL,
)
"""Titles that a program made up."""


def choose(stated: str, styled: str, parts: Sequence[Part]) -> str:
    """Return a document's title; empty if there is none.

    Args:
        stated: The title in the file's properties.
        styled: The first paragraph that is styled as a title.
        parts: The document's units.
    """
    stated, styled = " ".join(stated.split()), " ".join(styled.split())
    if stated and not GENERATED.fullmatch(stated):
        return stated
    shown = [part for part in parts if part.kind is not BlockKind.FURNITURE and not GENERATED.fullmatch(part.text)]
    heading = next((part.text for part in shown if part.kind is BlockKind.HEADING), "")
    return styled or " ".join(heading.split()) or title_line("\n".join(part.text for part in shown))
