"""Read a page as a whole: its blocks, without what is around its text, and what is to be said about it."""

from dataclasses import dataclass, replace

from lxml import etree

from qa.ingest.blocks import Part
from qa.ingest.html.furniture import Labels, find_contents, find_furniture
from qa.ingest.html.kept import what_was_kept
from qa.ingest.html.main_text import main_units
from qa.ingest.html.stated import stated_parts
from qa.ingest.html.tree import parse_page
from qa.ingest.html.walk import Unit, units_of
from qa.types import BlockKind

AROUND = "what is around the article"
FROM_METADATA = "shows no text without its scripts; what it states as its text for programs is read"


@dataclass(frozen=True, slots=True)
class Page:
    """What was read of a page."""

    parts: tuple[Part, ...]
    remark: str = ""
    """What was left out, in words that follow the page's name; empty if nothing was."""


def read_page(page: str) -> Page:
    """Return the main text of a web page, block by block."""
    root = parse_page(page)
    if root is None:
        return Page(())
    left_out = find_furniture(root)
    units = _without_contents(root, units_of(root, left_out))
    if not _has_words(units):
        units, left_out = units_of(root), {}  # a page of nothing but navigation, as a map of a site
    if not _has_words(units):
        stated = tuple(stated_parts(root))
        return Page(stated, FROM_METADATA if stated else _remark(root, [], {}, []))
    kept = main_units(units, page)
    more = [AROUND] if len(kept) < len(units) else []
    return Page(tuple(unit.part for unit in kept), _remark(root, kept, left_out, more))


def read_chapter(root: etree._Element) -> Page:
    """Return everything that a chapter of a book shows, block by block."""
    return Page(tuple(unit.part for unit in _without_contents(root, units_of(root))))


def _without_contents(root: etree._Element, units: list[Unit]) -> list[Unit]:
    """Return the blocks; those of a table of contents are furniture, for they repeat the headings."""
    contents = find_contents(root)
    return [_as_furniture(unit) if contents and _is_in(unit, contents) else unit for unit in units]


def _is_in(unit: Unit, contents: Labels) -> bool:
    return unit.element in contents or any(ancestor in contents for ancestor in unit.element.iterancestors())


def _as_furniture(unit: Unit) -> Unit:
    return replace(unit, part=replace(unit.part, kind=BlockKind.FURNITURE, level=0, context="", cells=()))


def _has_words(units: list[Unit]) -> bool:
    return any(c.isalnum() for unit in units for c in unit.part.text)


def _remark(root: etree._Element, kept: list[Unit], left_out: Labels, more: list[str]) -> str:
    return what_was_kept(root, "\n".join(unit.part.text for unit in kept), left_out, more)
