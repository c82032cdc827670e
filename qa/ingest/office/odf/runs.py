"""Read what is inside a paragraph of an OpenDocument file: spans, notes, fields, text boxes."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from qa.ingest.blocks import Part
from qa.ingest.office.elements import attribute, child, local, number
from qa.ingest.office.formula import formula
from qa.ingest.office.lines import Line, note_mark
from qa.ingest.office.odf.styles import Looks, Styles
from qa.types import BlockKind

SKIPPED = frozenset({
    "annotation-end", "binary-data", "desc", "event-listeners", "forms", "glue-point", "hidden-text",
    "object-ole", "ruby-text", "sequence-decls", "table-source", "thumbnail", "title", "tracked-changes",
    "user-field-decls", "variable-decls", "dde-connection-decls", "enhanced-geometry", "image", "param", "script",
})  # fmt: skip
"""Elements that hold no words of the text. `title` is what a picture is called, never shown."""

MAX_SPACES = 1_000

Blocks = Callable[[etree._Element], Iterator[Part]]
"""Reads the paragraphs, lists and tables in an element."""


@dataclass(slots=True)
class Runs:
    """Reads the text of paragraphs."""

    styles: Styles
    blocks: Blocks
    objects: dict[str, etree._Element] = field(default_factory=dict)
    """Formulas, charts and tables in the file, by the name of their folder."""
    left_out: Counter[str] = field(default_factory=Counter)
    """How often something was left out, by what it is."""
    looks: Looks = field(default_factory=Looks)

    def read(self, element: etree._Element, line: Line) -> None:
        """Add the text of a paragraph to a line."""
        outer, self.looks = self.looks, self.styles.looks("paragraph", attribute(element, "style-name"), Looks())
        self._inside(element, line)
        self.looks = outer

    def _inside(self, element: etree._Element, line: Line) -> None:
        self._put(element.text or "", line)
        for one in element:
            name = local(one)
            if name == "hidden-text":
                self.left_out["hidden text"] += 1
            elif name not in SKIPPED:
                HANDLERS.get(name, Runs._inside)(self, one, line)
            self._put(one.tail or "", line)

    def _put(self, text: str, line: Line) -> None:
        if self.looks.hidden:
            self.left_out["hidden text"] += bool(text.strip())
            return
        if text:
            line.script, line.bold, line.font = self.looks.script, self.looks.bold, self.looks.font
            line.put(text)
            line.script = 0

    def _span(self, element: etree._Element, line: Line) -> None:
        outer = self.looks
        self.looks = self.styles.looks("text", attribute(element, "style-name"), outer)
        self._inside(element, line)
        self.looks = outer

    def _space(self, element: etree._Element, line: Line) -> None:
        self._put(" " * min(max(number(attribute(element, "c"), 1), 1), MAX_SPACES), line)

    def _line_end(self, element: etree._Element, line: Line) -> None:
        if not self.looks.hidden:
            line.end_line()

    def _note(self, element: etree._Element, line: Line) -> None:
        if self.looks.hidden:
            return
        citation = child(element, "note-citation")
        mark = note_mark(attribute(citation, "label") or "".join(citation.itertext())) if citation is not None else ""
        line.pieces.append(mark)
        body = child(element, "note-body")
        if body is not None:
            line.after += self._note_parts(body, mark)

    def _note_parts(self, body: etree._Element, mark: str) -> Iterator[Part]:
        for part in self._apart(body):
            yield replace(part, kind=BlockKind.TEXT, text=f"{mark} {part.text}") if mark and part.text else part
            mark = "" if part.text else mark

    def _apart(self, element: etree._Element) -> list[Part]:
        outer, self.looks = self.looks, Looks()
        parts = list(self.blocks(element))
        self.looks = outer
        return parts

    def _box(self, element: etree._Element, line: Line) -> None:
        if not self.looks.hidden:
            line.after += self._apart(element)

    def object_root(self, element: etree._Element) -> etree._Element | None:
        """Return the root of an embedded object; None if it is outside of the file, or in no format that is read."""
        found = self.objects.get(attribute(element, "href").removeprefix("./").rstrip("/"))
        if found is None:  # in a flat file it is in its place
            found = next((one for one in element if local(one) in ("math", "document")), None)
        self.left_out["embedded files"] += found is None
        return found

    def _object(self, element: etree._Element, line: Line) -> None:
        if self.looks.hidden:
            return
        root = self.object_root(element)
        if root is not None and local(root) == "math":
            line.pieces.append(formula(root))
        elif root is not None:
            line.after += self._apart(element)

    def _comment(self, element: etree._Element, line: Line) -> None:
        self.left_out["comments"] += 1

    def _hidden_paragraph(self, element: etree._Element, line: Line) -> None:
        if attribute(element, "is-hidden") == "true":
            # It is a field in the paragraph that it hides.
            self.looks = replace(self.looks, hidden=True)


HANDLERS: dict[str, Callable[[Runs, etree._Element, Line], None]] = {
    "a": Runs._span,
    "annotation": Runs._comment,
    "custom-shape": Runs._box,
    "hidden-paragraph": Runs._hidden_paragraph,
    "line-break": Runs._line_end,
    "list": Runs._box,
    "note": Runs._note,
    "object": Runs._object,
    "p": Runs._box,
    "s": Runs._space,
    "span": Runs._span,
    "tab": Runs._space,
    "table": Runs._box,
    "text-box": Runs._box,
}
"""What reads an element inside a paragraph; all others are read as what they hold."""
