"""Read presentations in Office Open XML: each slide is a section under its title, with the speaker's notes."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from qa.ingest.blocks import Part
from qa.ingest.office.drawing import chart, chosen, diagram, paragraph
from qa.ingest.office.elements import OFF, attribute, child, children, descendants, link_id, local, number
from qa.ingest.office.package import Package
from qa.ingest.office.tables import Cell, Row, table
from qa.types import BlockKind

TITLES = frozenset({"title", "ctrTitle"})
RUNNING = frozenset({"dt", "ftr", "hdr", "sldNum"})
"""Placeholders that are alike on all slides."""

LISTS = frozenset({"body", "obj", ""})
"""Placeholders whose paragraphs have bullets."""

MAX_NAMED = 20
"""No more slides are named in a remark."""

NOTES = "Notes"
"""The context of what the speaker notes hold."""


@dataclass(slots=True)
class Slides:
    """Reads the slides of a presentation."""

    package: Package
    hidden: list[int] = field(default_factory=list)
    """The numbers of the slides that are not shown."""
    empty: list[int] = field(default_factory=list)
    """The numbers of the slides without text."""
    comments: int = 0
    embedded: bool = False

    def read(self) -> Iterator[Part]:
        """Yield the units of all slides that are shown.

        Raises:
            DocumentError: the file is no presentation, or the list of its slides is damaged.
        """
        name, root = self.package.main("presentation", "ppt/presentation.xml")
        links = self.package.links(name)
        targets = [links[link].target for one in descendants(root, "sldId") if (link := link_id(one)) in links]
        for count, target in enumerate(targets, 1):
            slide = self.package.part(target, f"slide {count}")
            if slide is None:
                continue
            if attribute(slide, "show").lower() in OFF:
                self.hidden.append(count)
            else:
                yield from self._slide(slide, target, count)

    def _slide(self, root: etree._Element, name: str, count: int) -> Iterator[Part]:
        shapes = list(self._shapes(child(root, "cSld", "spTree")))
        titles = [shape for shape in shapes if _placeholder(shape) in TITLES and _words(shape)]
        parts = [part for shape in shapes if shape not in titles[:1] for part in self._shape(shape, name)]
        for target in self.package.linked(name, "notesSlide"):
            parts += self._notes(target, count)
        yield from headed(" ".join(_words(titles[0]).split()) if titles else "", parts, count, self.empty)
        for target in self.package.linked(name, "comments"):
            root_of_comments = self.package.part(target, f"the comments on slide {count}")
            if root_of_comments is not None:
                self.comments += sum(1 for _ in descendants(root_of_comments, "cm"))

    def _notes(self, target: str, count: int) -> Iterator[Part]:
        root = self.package.part(target, f"the notes of slide {count}")
        for shape in self._shapes(child(root, "cSld", "spTree")):
            if _placeholder(shape) not in (None, *RUNNING, "sldImg"):
                for part in self._shape(shape, target):
                    yield replace(part, kind=BlockKind.TEXT, context=NOTES) if part.text else part

    def _shapes(self, tree: etree._Element | None) -> Iterator[etree._Element]:
        """Yield the shapes on a slide, out of their groups."""
        for one in () if tree is None else tree:
            name = local(one)
            if name == "AlternateContent":
                yield from self._shapes(chosen(one))
            elif name == "grpSp":
                yield from self._shapes(one)
            elif name in ("sp", "graphicFrame", "cxnSp", "pic") and not _is_hidden(one):
                yield one

    def _shape(self, shape: etree._Element, name: str) -> Iterator[Part]:
        data = child(shape, "graphic", "graphicData")
        for one in descendants(data, "tbl") if data is not None else ():
            yield from _table(one)
        for one in () if data is None else data.iter():
            yield from self._linked(one, name)
        kind = _placeholder(shape)
        for one in children(child(shape, "txBody"), "p"):
            yield _part(one, kind)

    def _linked(self, element: etree._Element, name: str) -> Iterator[Part]:
        """Yield what a chart or a diagram shows, which is in a part of its own."""
        kind = local(element)
        if kind == "oleObj":
            self.embedded = True
        if kind not in ("chart", "relIds"):
            return
        link = self.package.links(name).get(link_id(element, "id" if kind == "chart" else "dm"))
        root = self.package.part(link.target, f"a {kind}") if link else None
        if root is not None:
            yield from chart(root) if kind == "chart" else diagram(root)

    def remarks(self) -> Iterator[str]:
        """Yield what was left out, in words that follow the file's name."""
        yield from unread(self.hidden, self.empty)
        if self.comments:
            yield f"holds {self.comments} comment{'s' * (self.comments > 1)}, left out"
        if self.embedded:
            yield "holds embedded files, left out"


def headed(title: str, parts: list[Part], count: int, empty: list[int]) -> Iterator[Part]:
    """Yield the units of a slide under its heading; add the number of a slide without text to those that are empty."""
    if not title and all(part.kind is BlockKind.FURNITURE or not part.text for part in parts):
        empty.append(count)
    else:
        # Without a heading of its own a slide would stand under the one before.
        yield Part(BlockKind.HEADING, title or f"Slide {count}", 1)
    yield from parts


def unread(hidden: list[int], empty: list[int]) -> Iterator[str]:
    """Yield which slides are hidden or without text, in words that follow the file's name."""
    if hidden:
        yield f"holds hidden {_slides(hidden)}, left out"
    if empty:
        yield f"{_slides(empty)} hold{'s' * (len(empty) == 1)} no text, perhaps a picture"


def _slides(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:MAX_NAMED])) + ", …" * (len(numbers) > MAX_NAMED)
    return f"slide{'s' * (len(numbers) > 1)} {shown}"


def _part(element: etree._Element, placeholder: str | None) -> Part:
    text = paragraph(element).text()
    properties = child(element, "pPr")
    bullets = [local(one) for one in properties] if properties is not None else []
    listed = "buNone" not in bullets and (placeholder in LISTS or "buChar" in bullets or "buAutoNum" in bullets)
    if placeholder in RUNNING:
        return Part(BlockKind.FURNITURE, text)
    return Part(BlockKind.ITEM if listed else BlockKind.TEXT, text)


def _placeholder(shape: etree._Element) -> str | None:
    """Return the kind of placeholder that a shape is, which may be empty; None if it is none."""
    for properties in shape:
        found = child(properties, "nvPr", "ph") if local(properties).startswith("nv") else None
        if found is not None:
            return attribute(found, "type")
    return None


def _is_hidden(shape: etree._Element) -> bool:
    properties = next((child(one, "cNvPr") for one in shape if local(one).startswith("nv")), None)
    return attribute(properties, "hidden") in ("1", "true")


def _words(shape: etree._Element) -> str:
    return " ".join(filter(None, (paragraph(one).text() for one in children(child(shape, "txBody"), "p"))))


def _table(element: etree._Element) -> Iterator[Part]:
    styled = attribute(child(element, "tblPr"), "firstRow") in ("1", "true")
    return table([Row([_cell(cell) for cell in _own(row)]) for row in children(element, "tr")], styled=styled)


def _own(row: etree._Element) -> Iterator[etree._Element]:
    """Yield the cells of a row without those that the one before covers."""
    return (cell for cell in children(row, "tc") if attribute(cell, "hMerge") not in ("1", "true"))


def _cell(element: etree._Element) -> Cell:
    lines = [paragraph(one) for one in children(child(element, "txBody"), "p")]
    return Cell(
        [Part(BlockKind.TEXT, text) for line in lines if (text := line.text())],
        bold=all(line.all_bold for line in lines),
        span=max(number(attribute(element, "gridSpan"), 1), 1),
        continues=attribute(element, "vMerge") in ("1", "true"),
    )
