"""Walk over a page's tree and yield what it shows, block by block."""

from collections.abc import Callable, Container
from dataclasses import dataclass, field

from lxml import etree

from qa.ingest.blocks import Part
from qa.ingest.html import inline, leaves
from qa.ingest.html.formulas import formula_text
from qa.ingest.html.tables import is_layout, table_rows
from qa.ingest.html.tree import is_hidden, parse_page, tag
from qa.ingest.sections import CONTEXT_SEPARATOR
from qa.text.structure import plain_blocks
from qa.types import BlockKind

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "html", "iframe", "legend", "li", "main", "menu", "nav", "noframes", "object", "ol",
    "optgroup", "option", "p", "pre", "search", "section", "select", "summary", "svg", "table", "tbody", "td",
    "textarea", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
"""Elements whose text is apart from the text around them."""

ITEMS = frozenset({"dd", "dt", "li", "option"})
VERBATIM = frozenset({"listing", "plaintext", "pre", "textarea", "xmp"})
"""Elements whose line breaks are kept."""

HEADINGS = {f"h{level}": level for level in range(1, 7)}
MAX_TERM_CHARS = 100
"""Longer terms are cut where they are the context of what follows, never in the text."""

MAX_MARK_ELEMENTS = 3
"""A link with more elements in it is neither the mark of a note nor a permalink."""

MAX_FRAMES = 5
"""Pages within pages that are read, one in the other."""


@dataclass(slots=True)
class Unit:
    """A block of a page, with what tells text and navigation apart."""

    part: Part
    element: etree._Element
    """The block's own element, or the innermost around it."""
    linked: int = 0
    """Characters of it that are links."""


@dataclass(slots=True)
class _Frame:
    """An open element that says what its text is."""

    element: etree._Element
    kind: BlockKind = BlockKind.TEXT
    level: int = 0
    term: str = ""
    """Of a <dd>: the term that it defines."""
    is_begun: bool = True
    """Of a <dd>: whether its term has been written."""


def units_of(root: etree._Element, left_out: Container[etree._Element] = (), *, depth: int = 0) -> list[Unit]:
    """Return the blocks below an element in order, without the elements that are `left_out`."""
    walker = _Walker(left_out, depth, [_Frame(root)], [root])
    walker.walk(root)
    return walker.units


def inline_text(element: etree._Element, left_out: Container[etree._Element] = ()) -> str:
    """Return all the text of an element in one line."""
    return " ".join(unit.part.text for unit in units_of(element, left_out)).replace("\n", " ")


@dataclass(slots=True)
class _Walker:
    left_out: Container[etree._Element]
    depth: int
    """How many pages this one is within."""
    frames: list[_Frame]
    open: list[etree._Element]
    """The open blocks."""
    units: list[Unit] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    """What has been read of the current block."""
    linked: int = 0
    """Characters of it that are links."""
    links: int = 0
    """How many links are open."""
    verbatim: int = 0
    """How many elements are open in which line breaks are kept."""
    terms: list[str] = field(default_factory=list)
    """Terms that wait for their definition."""
    defined: str = ""
    """The term that was defined last, for a second definition of it."""

    def walk(self, root: etree._Element) -> None:
        """Walk over all below an element, without recursion: pages nest deeply."""
        steps: list[tuple[Callable[[etree._Element], object], etree._Element]] = []

        def descend(element: etree._Element) -> None:
            for child in reversed(element):
                steps.append((self._tail, child))
                steps.append((enter, child))
            self._add(element.text)

        def enter(element: etree._Element) -> None:
            if self._enter(element):
                steps.append((self._leave, element))
                descend(element)

        descend(root)
        while steps:
            step, element = steps.pop()
            step(element)
        self._flush()
        self._flush_terms()

    def _enter(self, element: etree._Element) -> bool:
        """Begin an element; return whether to read what is in it, rather than to pass over it."""
        name = tag(element)
        if name in BLOCKS or element.get("role") == "heading":
            self._flush()
        if is_hidden(element) or element in self.left_out:
            return False
        if self._read_whole(element, name):
            return False
        if name == "a" and element.get("href") is not None:
            return self._enter_link(element)
        if name in BLOCKS:
            self.open.append(element)
        if name == "q":
            self.pieces.append("“")
        if name == "dl":
            self._flush_terms()
        self._open_frame(element, name)
        return True

    def _read_whole(self, element: etree._Element, name: str) -> bool:
        """Read an element at once with all in it; return whether it is such an element."""
        if name == "table" and not is_layout(element):
            self._table(element)
        elif name in LEAVES:
            LEAVES[name](self, element)
        else:
            return False
        return True

    def _enter_link(self, link: etree._Element) -> bool:
        text = "".join(link.itertext()) if len(link) < MAX_MARK_ELEMENTS else ""
        if inline.is_permalink(link, text):
            return False
        if not len(link) and inline.is_note_link(link, "".join(self.pieces[-1:]), text):
            self.pieces.append(inline.script(text, "sup"))
            return False
        self.links += 1
        return True

    def _open_frame(self, element: etree._Element, name: str) -> None:
        level = HEADINGS.get(name) or leaves.stated_level(element)
        if level:
            self.frames.append(_Frame(element, BlockKind.HEADING, level))
        elif name == "dd":
            term = ", ".join(self.terms) or self.defined
            self.frames.append(_Frame(element, BlockKind.ITEM, term=term, is_begun=not self.terms))
        elif name in ITEMS or (name in VERBATIM and not self.frames[-1].level):
            self.frames.append(_Frame(element, BlockKind.ITEM))
        self.verbatim += name in VERBATIM

    def _tail(self, element: etree._Element) -> None:
        self._add(element.tail)

    def _add(self, text: str | None) -> None:
        if not text:
            return
        piece = inline.verbatim(text) if self.verbatim else inline.collapse(text)
        self.pieces.append(piece)
        if self.links:
            self.linked += len(piece.strip())

    def _leave(self, element: etree._Element) -> None:
        name, is_framed = tag(element), self.frames[-1].element is element
        if name in BLOCKS or is_framed:
            self._flush()
        if self.open[-1] is element:
            self.open.pop()
        self.links -= name == "a" and element.get("href") is not None
        self.verbatim -= name in VERBATIM
        if name == "q":
            self.pieces.append("”")
        if name == "dl":
            self._flush_terms()
        if is_framed:
            frame = self.frames.pop()
            if name == "dd":
                self._flush_terms()
                self.defined = frame.term

    def _flush(self) -> None:
        """End the block that is being read."""
        text, linked = "".join(self.pieces), self.linked
        self.pieces, self.linked = [], 0
        if not text.strip(inline.ALL_BLANKS):
            return
        frame = self.frames[-1]
        if self.verbatim:
            self._flush_verbatim(text)
        elif tag(frame.element) == "dt":
            self.terms.append(" ".join(text.split()))
        else:
            for paragraph in inline.paragraphs(text):
                self._emit(paragraph.replace("\n", " ") if frame.level else paragraph, linked)
                linked = 0

    def _flush_verbatim(self, text: str) -> None:
        text = inline.trim_lines(text)
        if not inline.is_prose(text):
            self._emit(text, 0)
            return
        self._flush_terms()
        end = None
        for block in plain_blocks(text):
            before = None if end is None else text[end : block.start]
            part = Part(block.kind, text[block.start : block.end], block.level, self._context(), before=before)
            self.units.append(Unit(part, self.open[-1]))
            end = block.end

    def _emit(self, text: str, linked: int, kind: BlockKind | None = None) -> None:
        """Add a block; the first of a definition begins with its term."""
        frame = self.frames[-1]
        skipped = None
        if self.terms and tag(frame.element) == "dd" and kind is None:
            text = inline.defined(", ".join(self.terms), text)
            self.terms, frame.is_begun, skipped = [], True, frame
        self._flush_terms()
        context = "" if frame.level else self._context(skipped)
        kind = kind or (BlockKind.ITEM if frame.kind is BlockKind.TEXT and inline.is_label(text) else frame.kind)
        self.units.append(Unit(Part(kind, text, frame.level, context), self.open[-1], linked))

    def _flush_terms(self) -> None:
        """Write terms that no text of their own follows."""
        terms, self.terms = self.terms, []
        waiting = next((frame for frame in self.frames if not frame.is_begun), None)
        for term in terms:
            self.units.append(Unit(Part(BlockKind.ITEM, term, context=self._context(waiting)), self.open[-1]))
        if waiting:
            waiting.is_begun = True

    def _context(self, skipped: _Frame | None = None) -> str:
        terms = (frame.term[:MAX_TERM_CHARS] for frame in self.frames if frame.term and frame is not skipped)
        return CONTEXT_SEPARATOR.join(terms)

    def _table(self, table: etree._Element) -> None:
        self._flush_terms()
        parts = table_rows(table, lambda cell: inline_text(cell, self.left_out), self._context())
        self.units.extend(Unit(part, table) for part in parts)

    def _break(self, element: etree._Element) -> None:
        self.pieces.append("\n" if self.verbatim else inline.LINE_BREAK)

    def _script(self, element: etree._Element) -> None:
        """Read <sup> or <sub>; what is in it is never a block."""
        before = "".join(self.pieces[-2:])
        text = inline.script(inline_text(element, self.left_out), tag(element))
        whole = "".join(element.itertext())
        first, last = (" " if edge.isspace() else "" for edge in (whole[:1], whole[-1:]))
        glued = not first and before[-1:].isdecimal() and text[:1].isdecimal()
        self.pieces.append(f"^{text}" if glued and tag(element) == "sup" else f"{first}{text}{last}")

    def _formula(self, element: etree._Element) -> None:
        self.pieces.append(formula_text(element))

    def _drawing(self, element: etree._Element) -> None:
        if labels := leaves.drawing_labels(element):
            self._emit(labels, 0, BlockKind.ITEM)

    def _input(self, element: etree._Element) -> None:
        self.pieces.append(leaves.shown_value(element))

    def _picture(self, element: etree._Element) -> None:
        self.pieces.append(leaves.pictured(element))

    def _reading(self, element: etree._Element) -> None:
        """Read how a character is pronounced, which <rp> puts in brackets for browsers that write it in the line."""
        text = inline_text(element, self.left_out)
        siblings = element.itersiblings("rp", preceding=True)
        self.pieces.append(text if next(siblings, None) is not None else f"({text})")

    def _inner_page(self, element: etree._Element) -> None:
        inner = parse_page(element.get("srcdoc") or "") if self.depth < MAX_FRAMES else None
        if inner is not None:
            self.units.extend(units_of(inner, self.left_out, depth=self.depth + 1))

    def _without_frames(self, element: etree._Element) -> None:
        inner = parse_page("".join(element.itertext())) if self.depth < MAX_FRAMES else None
        if inner is not None:
            self.units.extend(units_of(inner, self.left_out, depth=self.depth + 1))


LEAVES: dict[str, Callable[[_Walker, etree._Element], None]] = {
    "br": _Walker._break,
    "iframe": _Walker._inner_page,
    "img": _Walker._picture,
    "input": _Walker._input,
    "math": _Walker._formula,
    "noframes": _Walker._without_frames,
    "rt": _Walker._reading,
    "sub": _Walker._script,
    "sup": _Walker._script,
    "svg": _Walker._drawing,
}
"""Elements that are read as a whole."""
