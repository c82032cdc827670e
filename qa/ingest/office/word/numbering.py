"""Count a Word document's numbered paragraphs, and give each the label that Word shows."""

import re
from dataclasses import dataclass, field

from lxml import etree

from qa.ingest.office.elements import attribute, child, children, flag, number, value
from qa.ingest.office.numbers import label

PLACE = re.compile(r"%([1-9])")
"""Where a label shows the number of a level."""

MAX_LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    """The label, with %1 for the number of the first level."""
    joined: bool = False
    """Whether nothing separates the label from the text."""
    legal: bool = False
    """Whether all its numbers are shown in figures."""


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each is counted."""

    abstract: dict[str, str] = field(default_factory=dict)
    """Which description each list has: lists that share one are counted together."""
    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    """The levels of each description."""
    starts: dict[str, dict[int, int]] = field(default_factory=dict)
    """Where a list begins anew, by its level."""
    own_levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    def next(self, list_id: str, depth: int) -> str:
        """Count a paragraph, and return its label with what separates it from the text; empty for a bullet."""
        description = self.abstract.get(list_id, "")
        levels = self.levels.get(description, {}) | self.own_levels.get(list_id, {})
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self.counts.setdefault(description, {})
        if list_id not in self.begun:
            self.begun.add(list_id)
            for at, start in self.starts.get(list_id, {}).items():
                counts[at] = start - 1
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [at for at in counts if at > depth]:
            del counts[deeper]
        if level.style == "bullet":
            return ""
        shown = PLACE.sub(lambda found: _number(levels, counts, int(found[1]) - 1, level.legal), level.text).strip()
        return shown + ("" if level.joined or not shown else " ")


def _number(levels: dict[int, Level], counts: dict[int, int], at: int, legal: bool) -> str:
    level = levels.get(at, Level())
    return label(counts.get(at, level.start), "decimal" if legal and level.style != "none" else level.style)


def read_numbering(root: etree._Element | None) -> Numbering:
    """Read the lists of a document; without a part for them, there are none."""
    found = Numbering()
    for one in children(root, "abstractNum"):
        found.levels[attribute(one, "abstractNumId")] = dict(map(_level, children(one, "lvl")))
    for one in children(root, "num"):
        list_id = attribute(one, "numId")
        found.abstract[list_id] = value(one, "abstractNumId")
        for override in children(one, "lvlOverride"):
            at = number(attribute(override, "ilvl"))
            if start := value(override, "startOverride"):
                found.starts.setdefault(list_id, {})[at] = number(start, 1)
            for level in children(override, "lvl"):
                found.own_levels.setdefault(list_id, {})[at] = _level(level)[1]
    return found


def _level(element: etree._Element) -> tuple[int, Level]:
    style = value(element, "numFmt")
    if not style and (choice := child(element, "AlternateContent", "Choice")) is not None:
        style = value(choice, "numFmt")
    return number(attribute(element, "ilvl")), Level(
        number(value(element, "start"), 1),
        style or "decimal",
        value(element, "lvlText"),
        value(element, "suff") == "nothing",
        bool(flag(element, "isLgl")),
    )
