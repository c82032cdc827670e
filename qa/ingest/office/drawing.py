"""Read DrawingML, which slides, charts and diagrams are made of: paragraphs, charts with their data, diagrams."""

from collections.abc import Iterator

from lxml import etree

from qa.ingest.blocks import Part
from qa.ingest.office.elements import attribute, child, children, descendants, local, number
from qa.ingest.office.formula import formula
from qa.ingest.office.lines import Line
from qa.ingest.office.tables import Cell, Row, table
from qa.types import BlockKind

MAX_POINTS = 1_000
"""More of a chart's points are not read."""


def paragraph(element: etree._Element) -> Line:
    """Return the line of a paragraph of DrawingML."""
    line = Line()
    _runs(element, line)
    return line


def _runs(element: etree._Element, line: Line) -> None:
    for one in element:
        name = local(one)
        if name in ("r", "fld"):
            _run(one, line)
        elif name == "br":
            line.end_line()
        elif name == "oMath":
            line.pieces.append(formula(one))
        elif name == "AlternateContent":
            _runs(chosen(one), line)
        elif name not in ("pPr", "endParaRPr", "rPr"):
            _runs(one, line)


def _run(element: etree._Element, line: Line) -> None:
    properties = child(element, "rPr")
    shift = number(attribute(properties, "baseline").rstrip("%"))
    line.script = (shift > 0) - (shift < 0)
    line.bold = attribute(properties, "b") in ("1", "true")
    line.font = attribute(child(properties, "sym"), "typeface")
    for text in children(element, "t"):
        line.put(text.text or "")
    line.script = 0


def chosen(element: etree._Element) -> etree._Element:
    """Return the one child of AlternateContent that is to be read: the first choice that has any text, else the last.

    An AlternateContent without children is returned itself.
    """
    last = element
    for option in element:
        if any((text.text or "").strip() for text in descendants(option, "t")):
            return option
        last = option
    return next(iter(element), last)


def chart(root: etree._Element) -> Iterator[Part]:
    """Yield a chart's title, then its data as a table."""
    body = child(root, "chart")
    title = _words(child(body, "title"))
    series = [one for one in root.iter() if local(one) == "ser"]
    names = [_words(child(one, "tx")) or " ".join(_points(child(one, "tx")).values()) for one in series]
    columns = [_points(_first(one, "val", "yVal")) for one in series]
    labels: dict[int, str] = {}
    for one in series:
        labels = _points(_first(one, "cat", "xVal")) | labels
    at = sorted({place for column in columns for place in column} | set(labels))[:MAX_POINTS]
    rows = [[labels.get(place, ""), *(column.get(place, "") for column in columns)] for place in at]
    if rows:
        cells = [Row([Cell([Part(BlockKind.TEXT, text)]) for text in row]) for row in rows]
        header = Row([Cell([Part(BlockKind.TEXT, text)]) for text in ("", *names)], header=any(names))
        yield from table([header, *cells] if header.header else cells, caption=title)
    elif title:
        yield Part(BlockKind.TEXT, title)
    for axis in (one for one in root.iter() if local(one) in ("catAx", "valAx", "dateAx")):
        yield Part(BlockKind.ITEM, _words(child(axis, "title")))


def _first(element: etree._Element, *names: str) -> etree._Element | None:
    return next((found for name in names if (found := child(element, name)) is not None), None)


def _words(element: etree._Element | None) -> str:
    paragraphs = descendants(element, "p") if element is not None else ()
    return " ".join(filter(None, (paragraph(one).text() for one in paragraphs)))


def _points(element: etree._Element | None) -> dict[int, str]:
    """Return the cached values of a chart's data by their places."""
    found: dict[int, list[str]] = {}
    for point in descendants(element, "pt") if element is not None else ():
        text = child(point, "v")
        found.setdefault(number(attribute(point, "idx")), []).append((text.text or "") if text is not None else "")
    return {place: " ".join(reversed(texts)) for place, texts in found.items()}


def diagram(root: etree._Element) -> Iterator[Part]:
    """Yield the texts of a diagram, each an item."""
    for point in descendants(root, "pt"):
        for one in descendants(point, "p"):
            yield Part(BlockKind.ITEM, paragraph(one).text())
