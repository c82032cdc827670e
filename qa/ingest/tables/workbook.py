"""Read the parts of an Excel workbook: which sheets it has, their texts, formats and notes; nothing is computed."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from zipfile import ZipFile

from lxml import etree

from qa.errors import DocumentError
from qa.ingest.archives import read_member
from qa.ingest.markup import element_name, parse_xml
from qa.ingest.tables.formats import BUILT_IN
from qa.ingest.tables.streaming import children, elements, local_attributes
from qa.text.scripts import lowered, raised

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""A character that XML cannot hold."""

THREAD_NOTICE = "[Threaded comment]"
"""How a note begins that only stands in for comments stored elsewhere."""

ON = ("1", "true")


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook lists it."""

    name: str
    member: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Workbook:
    """What all sheets of a workbook share."""

    sheets: tuple[SheetEntry, ...]
    strings: tuple[str, ...]
    """Texts that cells refer to by number."""
    formats: tuple[str, ...]
    """The number format of each style that cells refer to by number."""
    from_1904: bool


def read_workbook(archive: ZipFile) -> Workbook:
    """Read what the sheets share, and their list.

    Raises:
        DocumentError: the archive is no workbook, or is damaged.
    """
    member = next((target for kind, _, target in relations(archive, "") if kind == "officeDocument"), "xl/workbook.xml")
    root = parse_xml(read_member(archive, member))
    related = {id: (kind, target) for kind, id, target in relations(archive, member)}
    parts = {kind: target for kind, target in related.values()}
    sheets = [_entry(element, related) for element in root.iter("{*}sheet")]
    properties = next(root.iter("{*}workbookPr"), None)
    return Workbook(
        sheets=tuple(sheet for sheet in sheets if sheet),
        strings=tuple(_strings(archive, parts.get("sharedStrings", ""))),
        formats=tuple(_formats(archive, parts.get("styles", ""))),
        from_1904=properties is not None and properties.get("date1904", "") in ON,
    )


def _entry(element: etree._Element, related: dict[str, tuple[str, str]]) -> SheetEntry | None:
    attributes = local_attributes(element)
    kind, member = related.get(attributes.get("id", ""), ("", ""))
    is_hidden = attributes.get("state", "visible") != "visible"
    return SheetEntry(attributes.get("name", ""), member, is_hidden) if kind == "worksheet" else None


def relations(archive: ZipFile, member: str) -> Iterator[tuple[str, str, str]]:
    """Yield the kind, id and target of what a part of the workbook refers to within it; nothing outside is followed."""
    folder, name = posixpath.split(member)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in archive.namelist():
        return
    for relation in parse_xml(read_member(archive, path)).iter("{*}Relationship"):
        if relation.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
            yield relation.get("Type", "").rpartition("/")[2], relation.get("Id", ""), target.lstrip("/")


def _strings(archive: ZipFile, member: str) -> Iterator[str]:
    if member in archive.namelist():
        yield from (rich_text(element) for _, element in elements(archive, member, "si"))


def rich_text(element: etree._Element) -> str:
    """Return a text whose pieces may be raised or lowered, without the readings of Japanese words."""
    pieces = []
    for child in children(element, "t", "r"):
        texts = [child] if element_name(child) == "t" else list(children(child, "t"))
        aligned = next((one.get("val") for one in child.iter("{*}vertAlign")), None)
        piece = "".join(text.text or "" for text in texts)
        pieces.append(
            raised(piece) if aligned == "superscript" else lowered(piece) if aligned == "subscript" else piece
        )
    return ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), "".join(pieces))


def _formats(archive: ZipFile, member: str) -> Iterator[str]:
    """Yield the number format of each style; none if the styles cannot be read, for the values can."""
    if member not in archive.namelist():
        return
    try:
        root = parse_xml(read_member(archive, member))
    except DocumentError:
        return
    codes = {one.get("numFmtId", ""): one.get("formatCode", "") for one in root.iter("{*}numFmt")}
    for styles in root.iter("{*}cellXfs"):
        for style in children(styles, "xf"):
            number = style.get("numFmtId", "0")
            yield codes.get(number) or BUILT_IN.get(int(number) if number.isdecimal() else 0, "")


def notes(archive: ZipFile, sheet_member: str) -> Iterator[tuple[str, str]]:
    """Yield the place and text of each note on a sheet, then the texts of its shapes with no place.

    Raises:
        DocumentError: a file that holds them is damaged.
    """
    for kind, _, member in relations(archive, sheet_member):
        if member not in archive.namelist():
            continue
        if kind in ("comments", "threadedComment"):
            for element in parse_xml(read_member(archive, member)).iter("{*}comment", "{*}threadedComment"):
                text = " ".join("".join(map(rich_text, children(element, "text"))).split())
                text = text or " ".join(str(one.text or "") for one in children(element, "text"))
                if text and not text.startswith(THREAD_NOTICE):
                    yield element.get("ref", ""), text
        elif kind == "drawing":
            for paragraph in parse_xml(read_member(archive, member)).iter("{*}p"):
                yield "", "".join(text.text or "" for text in paragraph.iter("{*}t"))
