"""Choose the title of a PDF."""

import re
from collections.abc import Sequence

from qa.ingest.pdf.units import Unit
from qa.types import BlockKind

GENERATED = re.compile(
    r"untitled.*|microsoft \w+ - .*|.*\.(?:docx?|odt|rtf|tex|dvi|indd|pptx?|odp|xlsx?|ods|pdf|html?)|[\W\d_]*"
    r"|powerpoint presentation|(?:presentation|document|slide|page|scan|print|book|worksheet)[\W\d_]*"
    r"|https?://\S*|[0-9a-f-]{24,}",
    re.I,
)
"""Titles that a program made up."""

NAMELESS = re.compile(
    r"\W*(?:anonymous|unspecified|unknown|none|null|no title|title|(?:table of )?contents|index|cover(?: page)?|draft"
    r"|confidential|abstract|introduction|foreword|preface|summary|page|united states(?: of america)?|united kingdom"
    r"|european union|[ivxlc]+|(?:chapter|part|section|annex|appendix)(?: \w+)?)\W*",
    re.I,
)
"""Lines that stand above many documents and name none."""

MAX_TITLE_CHARS = 200
FIRST_PAGES = 3
"""Pages that are searched for the title."""

MAX_FIRST_WORDS = 14
"""Words of the first line up to which it may be a title though it looks like the text."""


def choose_title(stated: str, units: Sequence[Unit]) -> str:
    """Return the stated title if it names the document, or its first real heading, or else an empty string.

    Args:
        stated: The title in the file's properties.
        units: The units of the text, in order.
    """
    if _names(stated):
        return stated
    first = [unit for unit in units if unit.page < FIRST_PAGES and unit.part.kind is not BlockKind.FURNITURE]
    headings = [unit for unit in first if unit.part.kind is BlockKind.HEADING and _names(unit.part.text)]
    page = min((unit.page for unit in headings), default=0)
    on_first = [unit for unit in headings if unit.page == page]
    if on_first:
        return min(on_first, key=lambda unit: unit.part.level).part.text
    return next((unit.part.text for unit in first[:3] if _is_title_line(unit)), "")


def _names(title: str) -> bool:
    known = GENERATED.fullmatch(title) or NAMELESS.fullmatch(title)
    return bool(title) and not known and len(title) <= MAX_TITLE_CHARS


def _is_title_line(unit: Unit) -> bool:
    """Say whether a paragraph may be the title: a short line that is no sentence, and no row."""
    text = unit.part.text
    short = len(text.split()) <= MAX_FIRST_WORDS and not text.endswith((".", ":", ";", ","))
    return unit.part.kind is BlockKind.TEXT and short and _names(text) and any(c.isalpha() for c in text)
