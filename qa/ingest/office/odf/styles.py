"""Find what the styles of an OpenDocument file say: hidden and raised characters, titles, the numbers of lists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from qa.ingest.office.elements import attribute, children, descendants, local, number
from qa.ingest.office.numbers import FORMATS, label

MAX_PARENTS = 20
"""A style is taken to have no longer a chain of parents."""

MAX_LEVELS = 10

HEADING_NAME = re.compile(r"Heading_20_([1-9])")
"""The names of the styles that headings have."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How characters are shown."""

    hidden: bool = False
    bold: bool = False
    script: int = 0
    """1 if raised, -1 if lowered."""
    font: str = ""


@dataclass(frozen=True, slots=True)
class ListLevel:
    """A level of a list that is numbered."""

    style: str
    prefix: str
    suffix: str
    shown: int
    """How many levels the label shows."""
    start: int


@dataclass(slots=True)
class Styles:
    """The styles of a file by family and name."""

    by_name: dict[tuple[str, str], etree._Element] = field(default_factory=dict)
    lists: dict[str, dict[int, ListLevel]] = field(default_factory=dict)
    outline: dict[int, ListLevel] = field(default_factory=dict)
    _looks: dict[tuple[str, str, Looks], Looks] = field(default_factory=dict)

    def chain(self, family: str, name: str) -> Iterator[etree._Element]:
        """Yield a style and its parents."""
        for _ in range(MAX_PARENTS):
            style = self.by_name.get((family, name))
            if style is None:
                return
            yield style
            name = attribute(style, "parent-style-name")

    def looks(self, family: str, name: str, below: Looks) -> Looks:
        """Return how characters of a style are shown, given how those around them are."""
        key = (family, name, below)
        if key not in self._looks:
            self._looks[key] = self._merged(family, name, below)
        return self._looks[key]

    def _merged(self, family: str, name: str, below: Looks) -> Looks:
        stated: dict[str, str] = {}
        for style in self.chain(family, name):
            for properties in children(style, "text-properties"):
                stated = {key.rpartition("}")[2]: str(value) for key, value in properties.items()} | stated
        hidden = {"none": True, "true": False}.get(stated.get("display", ""), below.hidden)
        bold = stated["font-weight"] in ("bold", "600", "700", "800", "900") if "font-weight" in stated else below.bold
        script = _script(stated["text-position"]) if "text-position" in stated else below.script
        return Looks(hidden, bold, script, stated.get("font-name") or below.font)

    def is_title(self, name: str) -> bool:
        """Return whether a paragraph's style is the one for a document's title."""
        return name == "Title" or any(
            "Title" in (attribute(style, "name"), attribute(style, "parent-style-name"))
            for style in self.chain("paragraph", name)
        )

    def level(self, name: str) -> int:
        """Return the level of a paragraph that is styled as a heading; 0 for any other."""
        chain = self.chain("paragraph", name)
        names = [name, *(attribute(style, key) for style in chain for key in ("name", "parent-style-name"))]
        return next((int(found[1]) for one in names if (found := HEADING_NAME.fullmatch(one))), 0)

    def is_hidden_section(self, element: etree._Element) -> bool:
        """Return whether a section is stated to be hidden."""
        return attribute(element, "display") == "none" or attribute(element, "is-hidden") == "true"

    def is_hidden_page(self, name: str) -> bool:
        """Return whether a slide is left out of the show."""
        return any(
            attribute(properties, "visibility") == "hidden"
            for style in self.chain("drawing-page", name)
            for properties in children(style, "drawing-page-properties")
        )

    def list_of(self, paragraph_style: str) -> str:
        """Return the name of the list style that a paragraph's style brings along."""
        names = (attribute(style, "list-style-name") for style in self.chain("paragraph", paragraph_style))
        return next(filter(None, names), "")


def read_styles(*roots: etree._Element | None) -> Styles:
    """Read the styles in several parts of a file; the later parts win."""
    styles = Styles()
    for root in roots:
        for one in () if root is None else root.iter():
            name = local(one)
            if name == "style":
                styles.by_name[attribute(one, "family"), attribute(one, "name")] = one
            elif name == "list-style":
                styles.lists[attribute(one, "name")] = _levels(one)
            elif name == "outline-style":
                styles.outline = _levels(one)
    return styles


def _levels(element: etree._Element) -> dict[int, ListLevel]:
    levels = {}
    for one in (*descendants(element, "list-level-style-number"), *descendants(element, "outline-level-style")):
        levels[number(attribute(one, "level"), 1)] = ListLevel(
            FORMATS.get(attribute(one, "num-format"), "decimal"),
            attribute(one, "num-prefix"),
            attribute(one, "num-suffix"),
            min(max(number(attribute(one, "display-levels"), 1), 1), MAX_LEVELS),
            number(attribute(one, "start-value"), 1),
        )
    return levels


def _script(position: str) -> int:
    """Return 1 for a raised position ("super 58%", "33% 58%"), -1 for a lowered one, else 0."""
    place = position.split()[0] if position.split() else ""
    if place in ("super", "sub"):
        return 1 if place == "super" else -1
    shift = number(place.rstrip("%").partition(".")[0])
    return (shift > 0) - (shift < 0)


@dataclass(slots=True)
class Counter:
    """Counts the items of lists, or headings, by level from 1."""

    counts: dict[int, int] = field(default_factory=dict)

    def next(self, levels: dict[int, ListLevel], depth: int, start: int | None = None) -> str:
        """Count an item, and return its label with a blank; empty if its level is not numbered.

        Args:
            levels: The levels of its list.
            depth: Its level.
            start: The number that it states itself, if any.
        """
        begin = levels[depth].start if depth in levels else 1
        self.counts[depth] = self.counts.get(depth, begin - 1) + 1 if start is None else start
        for deeper in [at for at in self.counts if at > depth]:
            del self.counts[deeper]
        level = levels.get(depth)
        if level is None or level.style == "none":
            return ""
        numbers = (self._shown(levels, at) for at in range(max(depth - level.shown, 0) + 1, depth + 1))
        return f"{level.prefix}{'.'.join(filter(None, numbers))}{level.suffix}".strip() + " "

    def _shown(self, levels: dict[int, ListLevel], at: int) -> str:
        level = levels.get(at)
        return label(self.counts.get(at, level.start), level.style) if level else ""
