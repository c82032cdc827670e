"""Read the body of an OpenDocument file: paragraphs, headings, lists and tables, in sections, frames and slides."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from qa.ingest.blocks import Part
from qa.ingest.office.elements import attribute, children, descendants, local, number
from qa.ingest.office.formula import formula
from qa.ingest.office.lines import Line
from qa.ingest.office.odf.runs import SKIPPED, Runs
from qa.ingest.office.odf.styles import Counter, Styles
from qa.ingest.office.tables import MAX_SPAN, Cell, Row, table
from qa.types import BlockKind

INDEXES = frozenset({
    "alphabetical-index", "illustration-index", "object-index", "table-index", "table-of-content", "user-index",
})  # fmt: skip
"""Lists of what is elsewhere in the document."""

LEFT_OUT = {"annotation": "comments", "tracked-changes": "deleted text (tracked changes)"}
CHART_TITLES = frozenset(f"{{urn:oasis:names:tc:opendocument:xmlns:chart:1.0}}{name}" for name in ("title", "subtitle"))
CAPTIONS = frozenset({"Caption", "Table", "TableCaption"})
"""Styles of paragraphs that say what the table below is."""

HEADS = frozenset({"header", "footer", "header-left", "footer-left", "header-first", "footer-first"})
MAX_LEVEL = 6
MAX_REPEATED = 100
"""A row is repeated no more often than that."""


@dataclass(slots=True)
class Body:
    """Walks over the paragraphs, lists and tables of a file."""

    styles: Styles
    objects: dict[str, etree._Element] = field(default_factory=dict)
    """Formulas, charts and tables in the file, by the name of their folder."""
    runs: Runs = field(init=False)
    title: str = ""
    """The first paragraph that is styled as the document's title."""
    outline: Counter = field(default_factory=Counter)
    lists: dict[str, Counter] = field(default_factory=dict)
    """How far lists are counted, by the name of their style: one may continue another."""

    def __post_init__(self) -> None:
        self.runs = Runs(self.styles, self.blocks, self.objects)

    def blocks(self, container: etree._Element) -> Iterator[Part]:
        """Yield the units in an element, in order."""
        caption: Part | None = None
        for one in [container] if local(container) in READERS else container:
            if local(one) == "table":
                yield from self._table(one, caption.text if caption else "")
                caption = None
                continue
            if caption:
                yield caption
                caption = None
            if local(one) == "p" and self._is_caption(one):
                caption, *after = self._paragraph(one)
                yield from after
            else:
                yield from self._block(one)
        if caption:
            yield caption

    def _is_caption(self, element: etree._Element) -> bool:
        name = attribute(element, "style-name")
        chain = self.styles.chain("paragraph", name)
        return name in CAPTIONS or any(attribute(style, "name") in CAPTIONS for style in chain)

    def _block(self, element: etree._Element) -> Iterator[Part]:
        name = local(element)
        if name in INDEXES:
            yield from (replace(part, kind=BlockKind.FURNITURE, level=0) for part in self._index(element))
        elif name in LEFT_OUT:
            self.runs.left_out[LEFT_OUT[name]] += name != "tracked-changes" or _has_deletion(element)
        elif name == "section" and self.styles.is_hidden_section(element):
            self.runs.left_out["hidden text"] += 1
        elif name in READERS:
            yield from READERS[name](self, element)
        elif name not in SKIPPED:
            yield from self.blocks(element)

    def _index(self, element: etree._Element) -> Iterator[Part]:
        for body in children(element, "index-body"):
            yield from self.blocks(body)

    def _paragraph(self, element: etree._Element, kind: BlockKind = BlockKind.TEXT, mark: str = "") -> Iterator[Part]:
        line = self._line(element)
        text = line.text()
        style = attribute(element, "style-name")
        level = self.styles.level(style)
        if text and self.styles.is_title(style):
            self.title = self.title or text
            level = 1
        if text and level:
            yield Part(BlockKind.HEADING, mark + " ".join(text.split()), min(level, MAX_LEVEL))
        else:
            yield Part(kind, mark + text if text else "")
        yield from line.after

    def _line(self, element: etree._Element) -> Line:
        line = Line()
        self.runs.read(element, line)
        return line

    def _heading(self, element: etree._Element, mark: str = "") -> Iterator[Part]:
        line = self._line(element)
        text = " ".join(line.text().split())
        level = max(number(attribute(element, "outline-level"), 1), 1)
        if text and not mark and attribute(element, "is-list-header") != "true":
            mark = self.outline.next(self.styles.outline, level)
        yield Part(BlockKind.HEADING, mark + text if text else "", min(level, MAX_LEVEL))
        yield from line.after

    def _list(
        self, element: etree._Element, depth: int = 1, style: str = "", counter: Counter | None = None
    ) -> Iterator[Part]:
        style = attribute(element, "style-name") or style
        if counter is None:
            goes_on = attribute(element, "continue-numbering") == "true" or attribute(element, "continue-list")
            counter = self.lists.get(style) if goes_on else None
            counter = self.lists[style] = counter or Counter()
        for item in element:
            if local(item) in ("list-item", "list-header"):
                yield from self._item(item, depth, style, counter)

    def _item(self, item: etree._Element, depth: int, style: str, counter: Counter) -> Iterator[Part]:
        counted = local(item) == "list-header"  # which has no label
        for one in item:
            name = local(one)
            if name == "list":
                yield from self._list(one, depth + 1, style, counter)
            elif name in ("p", "h"):
                mark = "" if counted else self._mark(item, one, depth, style, counter)
                counted = True
                yield from self._heading(one, mark) if name == "h" else self._paragraph(one, BlockKind.ITEM, mark)
            elif name != "number":
                yield from self._block(one)

    def _mark(self, item: etree._Element, first: etree._Element, depth: int, style: str, counter: Counter) -> str:
        stated = attribute(item, "start-value")
        style = style or self.styles.list_of(attribute(first, "style-name"))
        return counter.next(self.styles.lists.get(style, {}), depth, number(stated, 1) if stated else None)

    def _object(self, element: etree._Element) -> Iterator[Part]:
        """Read a formula, or a chart's titles and data, or a table from elsewhere."""
        root = self.runs.object_root(element)
        if root is None:
            return
        if local(root) == "math":
            yield Part(BlockKind.TEXT, formula(root))
            return
        for title in (one for one in root.iter() if str(one.tag) in CHART_TITLES):
            for part in self.blocks(title):
                yield replace(part, kind=BlockKind.ITEM)
        yield from self.blocks(root)

    def _table(self, element: etree._Element, caption: str = "") -> Iterator[Part]:
        styled = attribute(element, "use-first-row-styles") == "true"
        return table(list(self._rows(element, False)), caption=caption, styled=styled)

    def _rows(self, element: etree._Element, header: bool) -> Iterator[Row]:
        for one in element:
            name = local(one)
            if name == "table-row":
                repeated = min(max(number(attribute(one, "number-rows-repeated"), 1), 1), MAX_REPEATED)
                row = Row(list(self._cells(one)), header)
                yield from [row] * (repeated if any(cell.text for cell in row.cells) else 1)
            elif name in ("table-header-rows", "table-rows", "table-row-group"):
                yield from self._rows(one, header or name == "table-header-rows")

    def _cells(self, element: etree._Element) -> Iterator[Cell]:
        across = 0  # how many cells to the right the last one covers
        for one in element:
            if local(one) not in ("table-cell", "covered-table-cell"):
                continue
            repeated = min(max(number(attribute(one, "number-columns-repeated"), 1), 1), MAX_SPAN)
            if local(one) == "covered-table-cell" and across > 0:
                across -= repeated
                continue
            cell = self._cell(one)
            cell.continues = local(one) == "covered-table-cell"
            across = cell.span - 1
            yield from [cell] * repeated

    def _cell(self, element: etree._Element) -> Cell:
        cell = Cell(span=max(number(attribute(element, "number-columns-spanned"), 1), 1), bold=True)
        for one in element:
            if local(one) == "table":
                cell.nested += self._table(one)
            elif local(one) == "p":
                line = self._line(one)
                text = line.text()
                cell.parts += [Part(BlockKind.TEXT, text)] * bool(text)
                cell.bold = cell.bold and (line.all_bold or not text)
                cell.nested += line.after
            else:
                cell.parts += [part for part in self._block(one) if part.text]
        return cell

    def running_heads(self, root: etree._Element) -> Iterator[Part]:
        """Yield the texts of the page headers and footers, each once."""
        seen: set[str] = set()
        for page in descendants(root, "master-page"):
            for part in (part for one in page if local(one) in HEADS for part in self.blocks(one)):
                if part.text not in seen:
                    seen.add(part.text)
                    yield Part(BlockKind.FURNITURE, part.text)

    def remarks(self) -> Iterator[str]:
        """Yield what was left out, in words that follow the file's name."""
        for what, times in sorted(self.runs.left_out.items()):
            if times:
                yield f"holds {what}, left out"


def _has_deletion(element: etree._Element) -> bool:
    return any(True for _ in descendants(element, "deletion"))


READERS: dict[str, Callable[[Body, etree._Element], Iterator[Part]]] = {
    "h": Body._heading,
    "list": Body._list,
    "object": Body._object,
    "p": Body._paragraph,
    "table": Body._table,
}
"""What reads a unit; all other elements are read as what they hold."""
