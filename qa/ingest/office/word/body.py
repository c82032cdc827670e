"""Read the body of a Word document: paragraphs, headings, lists and tables, whatever they are wrapped in."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from qa.ingest.blocks import Part
from qa.ingest.office.drawing import chosen
from qa.ingest.office.elements import attribute, child, children, descendants, flag, local, number, value
from qa.ingest.office.lines import Line
from qa.ingest.office.package import Package
from qa.ingest.office.tables import Cell, Row, table
from qa.ingest.office.word.numbering import Numbering, read_numbering
from qa.ingest.office.word.runs import DELETED, SKIPPED, Runs, is_joined_with_next, read_notes
from qa.ingest.office.word.styles import Styles, read_styles
from qa.types import BlockKind

PLACEHOLDERS = {"altChunk": "embedded files", "subDoc": "linked documents"}
"""Elements in the place of text from elsewhere."""


@dataclass(slots=True)
class WordFile:
    """What was read of a Word document."""

    parts: list[Part]
    styled_title: str
    """The first paragraph that is styled as the document's title."""
    left_out: list[str]
    """What was left out or could not be read, in words that follow the file's name."""


def read_word(package: Package) -> WordFile:
    """Read a Word document.

    Raises:
        DocumentError: it has no body, or its body is damaged.
    """
    name, root = package.main("document", "word/document.xml")
    body = _Body(package, name, root)
    parts = list(body.blocks(root))
    parts += body.running_heads(root)
    return WordFile(parts, body.title, [*body.remarks(), *package.problems])


@dataclass(slots=True)
class _Body:
    """Walks over the paragraphs and tables of a document."""

    package: Package
    name: str
    root: etree._Element
    styles: Styles = field(init=False)
    numbering: Numbering = field(init=False)
    runs: Runs = field(init=False)
    title: str = ""

    def __post_init__(self) -> None:
        self.styles = read_styles(self.package.first(self.name, "styles", "the list of styles"))
        self.numbering = read_numbering(self.package.first(self.name, "numbering", "the list of its lists"))
        self.runs = Runs(self.package, self.name, self.styles, self.blocks)
        for kind, usual in (("footnote", "decimal"), ("endnote", "lowerRoman")):
            root = self.package.first(self.name, f"{kind}s", f"the part with the {kind}s")
            stated = (value(one, "numFmt") for one in descendants(self.root, f"{kind}Pr"))
            style = next(filter(None, stated), usual)
            self.runs.notes[f"{kind}Reference"] = read_notes(root, kind, style)

    def blocks(self, container: etree._Element) -> Iterator[Part]:
        """Yield the units in an element, in order."""
        caption: Part | None = None
        for line, element in self._lines(container):
            if line is None:
                yield from self._table(element, caption)
                caption = None
                continue
            if caption:
                yield caption
                caption = None
            properties = child(element, "pPr")
            part = self._part(line, properties)
            if self.styles.is_named(properties, "caption") and not line.after:
                caption = part
            else:
                yield part
                yield from line.after
        if caption:
            yield caption

    def _lines(self, container: etree._Element) -> Iterator[tuple[Line | None, etree._Element]]:
        """Yield each paragraph's line with its element, and each table's element with None, in order."""
        line: Line | None = None
        before = container
        for one in self._units(container):
            if local(one) == "tbl":
                if line:
                    yield line, before
                line = None
                yield None, one
                continue
            line, before = line or Line(), one
            self.runs.read(one, line)
            if not is_joined_with_next(child(one, "pPr")):
                yield line, one
                line = None
        if line:
            yield line, before

    def _units(self, container: etree._Element) -> Iterator[etree._Element]:
        """Yield the paragraphs and tables in an element, out of whatever wraps them."""
        for one in container:
            name = local(one)
            if name in ("p", "tbl"):
                yield one
            elif name in PLACEHOLDERS:
                self.runs.left_out[PLACEHOLDERS[name]] += 1
            elif name == "AlternateContent":
                yield from self._units(chosen(one))
            elif name not in SKIPPED and name not in DELETED:
                yield from self._units(one)

    def _part(self, line: Line, properties: etree._Element | None) -> Part:
        text = line.text()
        if not text:
            return Part(BlockKind.TEXT, "")
        list_id, depth = self.styles.numbering(properties)
        mark = self.numbering.next(list_id, depth) if list_id else ""
        level = self.styles.level(properties)
        if self.styles.is_contents(properties):
            return Part(BlockKind.FURNITURE, mark + text)
        if self.styles.is_named(properties, "title"):
            self.title = self.title or text
            level = 1
        if level:
            return Part(BlockKind.HEADING, mark + " ".join(text.split()), level)
        return Part(BlockKind.ITEM if list_id else BlockKind.TEXT, mark + text)

    def _table(self, element: etree._Element, caption: Part | None) -> Iterator[Part]:
        rows = [self._row(row) for row in _wrapped(element, "tr") if not _is_deleted(row, "trPr", "del")]
        styled = _shows_first_row(element) and self._has_header_style(value(element, "tblPr", "tblStyle"))
        return table(rows, caption=caption.text if caption else "", styled=styled)

    def _has_header_style(self, style_id: str) -> bool:
        return any(
            attribute(part, "type") == "firstRow"
            for style in self.styles.chain(style_id)
            for part in children(style.element, "tblStylePr")
        )

    def _row(self, element: etree._Element) -> Row:
        properties = child(element, "trPr")
        before = number(value(properties, "gridBefore"))
        cells = [Cell(span=before)] if before else []
        cells += [self._cell(cell) for cell in _wrapped(element, "tc") if not _is_deleted(cell, "tcPr", "cellDel")]
        return Row(cells, bool(flag(properties, "tblHeader")))

    def _cell(self, element: etree._Element) -> Cell:
        properties = child(element, "tcPr")
        merged = child(properties, "vMerge")
        cell = Cell(
            span=max(number(value(properties, "gridSpan"), 1), 1),
            continues=merged is not None and attribute(merged, "val") != "restart",
            bold=True,
        )
        for line, one in self._lines(element):
            if line is None:
                cell.nested += self._table(one, None)
                continue
            part = self._part(line, child(one, "pPr"))
            if part.text:
                cell.parts.append(part)
                cell.bold = cell.bold and line.all_bold
            cell.nested += line.after
        return cell

    def running_heads(self, root: etree._Element) -> Iterator[Part]:
        """Yield the texts of the page headers and footers, each once."""
        seen: set[str] = set()
        for kind in ("header", "footer"):
            for target in self.package.linked(self.name, kind):
                part = self.package.part(target, f"a page {kind}")
                if part is None:
                    continue
                self.runs.name = target
                for one in self.blocks(part):
                    if one.text not in seen:
                        seen.add(one.text)
                        yield Part(BlockKind.FURNITURE, one.text)
        self.runs.name = self.name

    def remarks(self) -> Iterator[str]:
        """Yield what was left out, in words that follow the file's name."""
        comments = self.package.first(self.name, "comments", "the part with the comments")
        count = sum(1 for _ in children(comments, "comment"))
        if count:
            yield f"holds {count} comment{'s' * (count > 1)}, left out"
        for what, times in sorted(self.runs.left_out.items()):
            if times:
                yield f"holds {what}, left out"


def _wrapped(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield a table's rows or a row's cells, out of whatever wraps them."""
    for one in element:
        if local(one) == name:
            yield one
        elif local(one) not in SKIPPED and local(one) not in DELETED:
            yield from _wrapped(one, name)


def _is_deleted(element: etree._Element, properties: str, name: str) -> bool:
    return child(element, properties, name) is not None


def _shows_first_row(element: etree._Element) -> bool:
    look = child(element, "tblPr", "tblLook")
    stated = attribute(look, "firstRow")
    bits = attribute(look, "val")
    return stated in ("1", "true", "on") or (not stated and bool(int(bits, 16) & 0x20 if _is_hex(bits) else False))


def _is_hex(text: str) -> bool:
    return 0 < len(text) <= 8 and all(c in "0123456789abcdefABCDEF" for c in text)
