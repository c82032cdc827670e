"""Open OpenDocument files (.odt, .odp), packed or flat."""

from dataclasses import dataclass, field
from zipfile import ZipFile

from lxml import etree

from qa.errors import DocumentError
from qa.ingest.archives import open_archive, read_member
from qa.ingest.markup import parse_xml
from qa.ingest.office.elements import child, descendants, local

MANIFEST = "META-INF/manifest.xml"
KINDS = {
    "drawing": "a drawing (.odg)",
    "presentation": "a presentation (.odp)",
    "spreadsheet": "a spreadsheet (.ods)",
    "text": "a text document (.odt)",
}
"""What a file is by the element in its body."""


@dataclass(slots=True)
class Opened:
    """The parts of an OpenDocument file."""

    body: etree._Element
    content: etree._Element
    styles: etree._Element | None
    title: str
    """The title in the file's properties; empty if there is none."""
    objects: dict[str, etree._Element] = field(default_factory=dict)
    """Formulas, charts and tables in the file, by the name of their folder."""
    problems: list[str] = field(default_factory=list)
    """What could not be read, in words that follow the file's name."""


def open_odf(data: bytes, kind: str) -> Opened:
    """Open an OpenDocument file.

    Args:
        data: Its bytes.
        kind: The name of the element that its body must hold.

    Raises:
        DocumentError: the file is of another kind, is damaged or protected by a password, or unpacks to too much.
    """
    problems: list[str] = []
    objects: dict[str, etree._Element] = {}
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        content = parse_xml(data.lstrip())
        styles, meta = content, content
    else:
        with open_archive(data) as archive:
            if MANIFEST in archive.NameToInfo and b"encryption-data" in read_member(archive, MANIFEST):
                raise DocumentError("is protected by a password; save it without one")
            content = parse_xml(read_member(archive, "content.xml"))
            styles = _part(archive, "styles.xml", "the part with the styles", problems)
            meta = _part(archive, "meta.xml", "the part with the properties", problems)
            objects = _objects(archive, problems)
    body = child(content, "body", kind)
    if body is None:
        holder = child(content, "body")
        names = [local(one) for one in holder] if holder is not None else []
        found = next((KINDS[name] for name in names if name in KINDS), "something else")
        raise DocumentError(f"is {found}, not {KINDS[kind]}; rename it")
    return Opened(body, content, styles, _title(meta, styles is content), objects, problems)


def _part(archive: ZipFile, name: str, what: str, problems: list[str]) -> etree._Element | None:
    if name not in archive.NameToInfo:
        return None
    try:
        return parse_xml(read_member(archive, name))
    except DocumentError as error:
        problems.append(f"{what} cannot be read, it {error}")
        return None


def _objects(archive: ZipFile, problems: list[str]) -> dict[str, etree._Element]:
    names = [name for name in archive.namelist() if name.endswith("/content.xml")]
    roots = ((name, _part(archive, name, "an object in it", problems)) for name in names)
    return {name.removesuffix("/content.xml"): root for name, root in roots if root is not None}


def _title(meta: etree._Element | None, is_flat: bool) -> str:
    holder = child(meta, "meta") if is_flat else meta
    found = next(descendants(holder, "title"), None) if holder is not None else None
    return (found.text or "").strip() if found is not None else ""
