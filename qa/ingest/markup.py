"""Convert markup to plain text: a line per paragraph with a blank line between two, and a line per table row.

The parsers follow nothing in the markup: no entity is expanded, nothing is loaded.
"""

import re
from collections.abc import Iterator

from lxml import etree

from qa.errors import DocumentError
from qa.ingest.blocks import CELL_SEPARATOR

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "dd", "div", "dl", "dt", "figcaption", "figure",
    "footer", "form", "h", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "list", "list-item", "main",
    "nav", "ol", "p", "pre", "section", "table", "tbody", "thead", "ul",
})  # fmt: skip
"""Elements of HTML and OpenDocument, without their namespaces, that are lines of their own."""

HIDDEN = frozenset({
    "annotation", "head", "math", "noscript", "object", "script", "style", "svg", "template", "textarea", "title",
    "tracked-changes",
})  # fmt: skip
"""Elements whose text is not displayed, or is not prose."""

SEPARATORS = {"br": "\n", "line-break": "\n", "s": " ", "tab": " ", "tr": "\n", "table-row": "\n"}
"""What replaces an element that separates words or lines."""

CELLS = frozenset({"td", "th", "table-cell"})
BLANK_RUN = re.compile(r"[^\S\n]+")


def html_text(page: str) -> str:
    """Return all the text of an HTML page that is displayed."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(page.encode(), parser) if page.strip() else None
    return "" if root is None else text_of(root)


def parse_xml(data: bytes) -> etree._Element:
    """Parse an XML file and return its root.

    Raises:
        DocumentError: the XML is malformed, too deeply nested, or declares entities.
    """
    # Entities are not expanded, so that none can grow; the parser limits the depth.
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DocumentError(f"contains XML that cannot be read ({' '.join(str(error.msg).split())})") from error
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        # No document needs entities, and XML bombs are made of them.
        raise DocumentError("declares entities, which are not allowed; save it without a DOCTYPE")
    return root


def element_name(element: etree._Element) -> str:
    """Return an element's name in lower case, without its namespace."""
    return str(element.tag).rpartition("}")[2].lower()  # etree.QName refuses names that its own HTML parser makes


def text_of(root: etree._Element) -> str:
    """Return the text of an element."""
    lines = (_line(line) for line in "".join(_pieces(root)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _line(line: str) -> str:
    return BLANK_RUN.sub(" ", line).strip().removesuffix(CELL_SEPARATOR.rstrip()).rstrip()


def _pieces(root: etree._Element) -> Iterator[str]:
    """Yield the text in order, with line ends where the markup separates it."""
    hidden = cells = 0  # how many elements of these kinds are open
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name, step = element_name(element), 1 if event == "start" else -1
        hidden += step * (name in HIDDEN)
        cells += step * (name in CELLS)
        if hidden:
            continue
        separator = _separator(name, event == "start")
        yield " " if cells and "\n" in separator else separator  # a row stays on one line
        if event == "start":
            yield _one_line(element.text)
        elif element is not root:
            yield _one_line(element.tail)


def _separator(name: str, starts: bool) -> str:
    if name in BLOCKS:
        return "\n\n"
    if name in CELLS:
        return "" if starts else CELL_SEPARATOR
    return "" if starts else SEPARATORS.get(name, "")


def _one_line(text: str | None) -> str:
    return (text or "").replace("\n", " ").replace("\r", " ")
