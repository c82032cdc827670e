"""Read what is inside a paragraph of a Word document: runs, fields, tracked changes, notes, text boxes."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from qa.ingest.blocks import Part
from qa.ingest.office.drawing import chart, chosen, diagram
from qa.ingest.office.elements import attribute, child, children, descendants, flag, link_id, local, number, value
from qa.ingest.office.formula import formula
from qa.ingest.office.lines import Line, note_mark
from qa.ingest.office.numbers import label
from qa.ingest.office.package import Package
from qa.ingest.office.symbols import symbol
from qa.ingest.office.word.styles import Format, Styles
from qa.types import BlockKind

SKIPPED = frozenset({
    "rPr", "pPr", "sectPr", "tblPr", "tblPrEx", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr", "customXmlPr",
    "smartTagPr", "ctrlPr", "instrText", "delInstrText", "delText", "rt", "rubyPr", "annotationRef", "binData",
})  # fmt: skip
"""Elements that hold no words of the document."""

DELETED = frozenset({"del", "moveFrom"})

SEPARATORS = {"tab": " ", "ptab": " ", "noBreakHyphen": "-"}

Blocks = Callable[[etree._Element], Iterator[Part]]
"""Reads the paragraphs and tables in an element."""


@dataclass(slots=True)
class Notes:
    """The foot- or endnotes of a document."""

    bodies: dict[str, etree._Element] = field(default_factory=dict)
    """Those that are not read yet, by id."""
    count: int = 0
    style: str = "decimal"


@dataclass(slots=True)
class Runs:
    """Reads the text of paragraphs; fields and the numbers of notes go on from one to the next."""

    package: Package
    name: str
    """The name of the part that is read."""
    styles: Styles
    blocks: Blocks
    notes: dict[str, Notes] = field(default_factory=dict)
    """Notes by the name of the element that refers to one."""
    left_out: Counter[str] = field(default_factory=Counter)
    """How often something was left out, by what it is."""
    fields: list[bool] = field(default_factory=list)
    """The fields that are open, from the outermost: whether their result has begun."""
    format: Format = field(default_factory=Format)
    base: Format = field(default_factory=Format)
    """How the paragraph's characters are shown that say nothing themselves."""

    def read(self, element: etree._Element, line: Line) -> None:
        """Add the text of a paragraph to a line."""
        # A text box is read in the middle of the paragraph that holds it.
        outer = self.format, self.base
        self.base = self.format = self.styles.paragraph_format(child(element, "pPr"))
        self._inside(element, line)
        # A field whose result has not begun by the end of its paragraph has lost its middle.
        self.fields = [True] * len(self.fields)
        self.format, self.base = outer

    def _inside(self, element: etree._Element, line: Line) -> None:
        for one in element:
            name = local(one)
            if name in DELETED:
                self.left_out["deleted text (tracked changes)"] += any(True for _ in descendants(one, "r"))
            elif name == "r":
                self._run(one, line)
            elif name not in SKIPPED:
                HANDLERS.get(name, Runs._inside)(self, one, line)

    def _run(self, run: etree._Element, line: Line) -> None:
        outer, self.format = self.format, self.styles.format(self.base, run)
        self._inside(run, line)
        self.format = outer

    def _is_shown(self) -> bool:
        return not self.format.hidden and all(self.fields)

    def _put(self, text: str, line: Line) -> None:
        if self.format.hidden and text.strip():
            self.left_out["hidden text"] += 1
        if self._is_shown():
            line.script, line.bold, line.font = self.format.script, self.format.bold, self.format.font
            line.put(text)
            line.script = 0

    def _text(self, element: etree._Element, line: Line) -> None:
        self._put(element.text or "", line)

    def _separator(self, element: etree._Element, line: Line) -> None:
        self._put(SEPARATORS[local(element)], line)

    def _nothing(self, element: etree._Element, line: Line) -> None:
        """Read an element that has no text."""

    def _line_end(self, element: etree._Element, line: Line) -> None:
        if self._is_shown():
            line.end_line()

    def _symbol(self, element: etree._Element, line: Line) -> None:
        code = attribute(element, "char")
        if len(code) <= 4 and all(c in "0123456789abcdefABCDEF" for c in code) and code:
            self._put(symbol(int(code, 16), attribute(element, "font")), line)

    def _field(self, element: etree._Element, line: Line) -> None:
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            self._put(_form_field(child(element, "ffData")), line)
            self.fields.append(False)
        elif kind == "separate" and self.fields:
            self.fields[-1] = True
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _note(self, element: etree._Element, line: Line) -> None:
        notes = self.notes.get(local(element))
        if notes is None or not self._is_shown():
            return
        mark = ""
        if not attribute(element, "customMarkFollows"):
            notes.count += 1
            mark = note_mark(label(notes.count, notes.style))
            line.pieces.append(mark)
        body = notes.bodies.pop(attribute(element, "id"), None)
        if body is not None:
            line.after += self._note_parts(body, mark)

    def _note_parts(self, body: etree._Element, mark: str) -> Iterator[Part]:
        for part in self._apart(body):
            yield replace(part, kind=BlockKind.TEXT, text=f"{mark} {part.text}") if mark else part
            mark = ""

    def _apart(self, element: etree._Element) -> list[Part]:
        """Return the units of an element that is read apart from the paragraph which holds it."""
        outer, self.fields = self.fields, []
        parts = list(self.blocks(element))
        self.fields = outer
        return parts

    def _alternatives(self, element: etree._Element, line: Line) -> None:
        self._inside(chosen(element), line)

    def _box(self, element: etree._Element, line: Line) -> None:
        if self._is_shown():
            line.after += self._apart(element)

    def _drawing(self, element: etree._Element, line: Line) -> None:
        """Read what a drawing refers to, and the text boxes in it."""
        if not self._is_shown():
            return
        for one in descendants(element, "chart"):
            line.after += self._linked(link_id(one), "a chart", chart)
        for one in descendants(element, "relIds"):
            line.after += self._linked(link_id(one, "dm"), "a diagram", diagram)
        self._inside(element, line)

    def _linked(self, link: str, what: str, read: Blocks) -> Iterator[Part]:
        target = self.package.links(self.name).get(link)
        root = self.package.part(target.target, what) if target else None
        return iter(()) if root is None else read(root)

    def _object(self, element: etree._Element, line: Line) -> None:
        if any(True for _ in descendants(element, "OLEObject")):
            self.left_out["embedded files"] += 1
        self._inside(element, line)

    def _formula(self, element: etree._Element, line: Line) -> None:
        if self._is_shown():
            line.pieces.append(formula(element))


HANDLERS: dict[str, Callable[[Runs, etree._Element, Line], None]] = {
    "AlternateContent": Runs._alternatives,
    "br": Runs._line_end,
    "cr": Runs._line_end,
    "drawing": Runs._drawing,
    "endnoteReference": Runs._note,
    "fldChar": Runs._field,
    "footnoteReference": Runs._note,
    "noBreakHyphen": Runs._separator,
    "oMath": Runs._formula,
    "object": Runs._object,
    "pict": Runs._drawing,
    "ptab": Runs._separator,
    "softHyphen": Runs._nothing,
    "sym": Runs._symbol,
    "t": Runs._text,
    "tab": Runs._separator,
    "txbxContent": Runs._box,
}
"""What reads an element inside a paragraph; all others are read as what they hold."""


def _form_field(data: etree._Element | None) -> str:
    """Return what a form field shows that is no text of the document: the chosen entry of a list, a box."""
    choice, box = child(data, "ddList"), child(data, "checkBox")
    if choice is not None:
        entries = [attribute(one, "val") for one in children(choice, "listEntry")]
        at = number(value(choice, "result") or value(choice, "default"))
        return entries[at] if 0 <= at < len(entries) else ""
    if box is None:
        return ""
    checked = flag(box, "checked")
    return "☒" if (flag(box, "default") if checked is None else checked) else "☐"


def read_notes(root: etree._Element | None, name: str, style: str) -> Notes:
    """Read foot- or endnotes.

    Args:
        root: The part that holds them, or None.
        name: What such a note is called there.
        style: How their marks are written.
    """
    bodies = {
        attribute(one, "id"): one
        for one in children(root, name)
        if attribute(one, "type") in ("", "normal") and number(attribute(one, "id"), -1) >= 0
    }
    return Notes(bodies, 0, style)


def is_joined_with_next(properties: etree._Element | None) -> bool:
    """Return whether the end of a paragraph is deleted, so that the next goes on in it."""
    mark = child(properties, "rPr")
    return any(child(mark, name) is not None for name in DELETED)
