"""Find what a Word document's styles say: which paragraphs are headings, which characters are hidden or raised."""

import re
from dataclasses import dataclass, field

from lxml import etree

from qa.ingest.office.elements import attribute, child, children, flag, number, value

HEADING_NAME = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop|rubrik|заголовок) ?([1-9])", re.IGNORECASE)
CONTENTS_NAME = re.compile(r"toc \d|table of (?:figures|authorities)|toa heading|index \d", re.IGNORECASE)
BODY_LEVEL = 9
"""The outline level of ordinary text."""

MAX_LEVEL = 6
MAX_BASES = 20
"""A style is taken to be based on no longer a chain of others."""


@dataclass(frozen=True, slots=True)
class Style:
    """A style of paragraphs, characters or tables."""

    name: str = ""
    based_on: str = ""
    element: etree._Element | None = None


@dataclass(slots=True)
class Format:
    """How characters are shown."""

    hidden: bool = False
    bold: bool = False
    script: int = 0
    """1 if raised, -1 if lowered."""
    font: str = ""


@dataclass(slots=True)
class Styles:
    """The styles of a document by id."""

    by_id: dict[str, Style] = field(default_factory=dict)
    default: str = ""
    """The id of the style of paragraphs that name none."""

    def chain(self, style_id: str) -> list[Style]:
        """Return a style and those that it is based on."""
        found: list[Style] = []
        while style_id in self.by_id and len(found) < MAX_BASES:
            found.append(self.by_id[style_id])
            style_id = found[-1].based_on
        return found

    def paragraph_chain(self, properties: etree._Element | None) -> list[Style]:
        """Return the styles of a paragraph, the nearest first."""
        return self.chain(value(properties, "pStyle") or self.default)

    def level(self, properties: etree._Element | None) -> int:
        """Return the level of a heading from 1; 0 for other paragraphs."""
        stated = value(properties, "outlineLvl")
        for style in self.paragraph_chain(properties):
            if stated:
                break
            stated = value(style.element, "pPr", "outlineLvl")
            named = HEADING_NAME.fullmatch(style.name)
            if not stated and named:
                stated = str(int(named[1]) - 1)
        level = number(stated, BODY_LEVEL)
        return min(level + 1, MAX_LEVEL) if 0 <= level < BODY_LEVEL else 0

    def is_named(self, properties: etree._Element | None, *names: str) -> bool:
        """Return whether a paragraph's style, or one that it is based on, has one of these names in lower case."""
        return any(style.name.lower() in names for style in self.paragraph_chain(properties))

    def is_contents(self, properties: etree._Element | None) -> bool:
        """Return whether a paragraph is an entry in a table of contents."""
        return any(CONTENTS_NAME.fullmatch(style.name) for style in self.paragraph_chain(properties)[:1])

    def numbering(self, properties: etree._Element | None) -> tuple[str, int]:
        """Return the id of the list that a paragraph is in, and its level from 0; an empty id if it is in none."""
        list_id, level = "", ""
        for holder in (properties, *(child(style.element, "pPr") for style in self.paragraph_chain(properties))):
            numbered = child(holder, "numPr")
            list_id = list_id or value(numbered, "numId")
            level = level or value(numbered, "ilvl")
            if list_id:
                break
        return ("" if list_id == "0" else list_id), min(max(number(level), 0), 8)

    def format(self, paragraph: Format, run: etree._Element | None) -> Format:
        """Return how a run's characters are shown, given how its paragraph's are."""
        properties = child(run, "rPr")
        if properties is None:
            return paragraph
        return _apply([properties, *self._characters(value(properties, "rStyle"))], paragraph)

    def paragraph_format(self, properties: etree._Element | None) -> Format:
        """Return how the characters of a paragraph are shown that say nothing themselves."""
        chain = self.paragraph_chain(properties)
        return _apply([found for style in chain if (found := child(style.element, "rPr")) is not None], Format())

    def _characters(self, style_id: str) -> list[etree._Element]:
        return [found for style in self.chain(style_id) if (found := child(style.element, "rPr")) is not None]


def read_styles(root: etree._Element | None) -> Styles:
    """Read the styles of a document; without a part for them, there are none."""
    styles = Styles()
    for one in children(root, "style"):
        style_id = attribute(one, "styleId")
        styles.by_id[style_id] = Style(value(one, "name"), value(one, "basedOn"), one)
        if attribute(one, "type") == "paragraph" and attribute(one, "default") in ("1", "true", "on"):
            styles.default = style_id
    return styles


def _apply(holders: list[etree._Element], below: Format) -> Format:
    """Return what the first of the holders says about each property; of the rest, what is below."""
    hidden = next((on for holder in holders if (on := flag(holder, "vanish")) is not None), below.hidden)
    bold = next((on for holder in holders if (on := flag(holder, "b")) is not None), below.bold)
    aligned = next((found for holder in holders if (found := value(holder, "vertAlign"))), "")
    script = {"superscript": 1, "subscript": -1, "baseline": 0}.get(aligned, below.script)
    fonts = (attribute(child(holder, "rFonts"), "ascii") for holder in holders)
    return Format(hidden, bold, script, next(filter(None, fonts), below.font))
