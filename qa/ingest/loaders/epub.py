"""Load EPUB books: the chapters in reading order, with the title, date and publisher that the book states."""

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree

from qa.errors import DocumentError
from qa.ingest.archives import open_archive, read_member
from qa.ingest.blocks import Part, assemble
from qa.ingest.html.encodings import decode_page
from qa.ingest.html.page import read_chapter
from qa.ingest.html.tree import parse_page
from qa.ingest.loaders.txt import title_line
from qa.ingest.markup import element_name, parse_xml
from qa.ingest.metadata import iso_date
from qa.types import Document, Remark, make_document

CONTAINER, ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
CHAPTER_SUFFIXES = (".xhtml", ".html", ".htm", ".xml", ".svg")
CHAPTER_TYPES = (
    "application/xhtml+xml",
    "application/x-dtbook+xml",
    "image/svg+xml",
    "text/html",
    "text/x-oeb1-document",
)

MAX_NAMED = 3
"""Items of a book that a remark names."""


def load(data: bytes, name: str) -> Iterator[Document | Remark]:
    """Yield the book in an .epub file, as one document, and a remark on each item of it that cannot be read.

    Raises:
        DocumentError: the file is no .epub, is damaged or encrypted, unpacks to too much, or no item can be read.
    """
    with open_archive(data) as archive:
        package_name = _package_name(archive)
        package = parse_xml(read_member(archive, package_name))
        items, remarks = _items(package, posixpath.dirname(package_name))
        if protected := _protected(archive) & {item.split("#")[0] for item in items}:
            raise DocumentError(f"is protected, {min(protected)!r} is encrypted; save it without protection")
        parts: list[Part] = []
        bad: list[str] = []
        for item in items:
            try:
                parts += _chapter(archive, item)
            except DocumentError as error:
                bad.append(f"{item!r} {error}")
    if bad and not parts:
        raise DocumentError(f"holds no chapter that can be read: {bad[0]}")
    yield _book(package, parts, name)
    yield from map(Remark, [*remarks, *_on_items(bad)])


def _book(package: etree._Element, parts: list[Part], name: str) -> Document:
    text, blocks = assemble(parts)
    return make_document(
        id=name,
        title=_stated(package, "title") or title_line(text),
        text=text,
        source=name,
        media_type="application/epub+zip",
        published=iso_date(_stated(package, "date")),
        publisher=_stated(package, "publisher"),
        blocks=blocks,
    )


def _package_name(archive: ZipFile) -> str:
    """Return the name of the file that lists the book's items."""
    try:
        return _first(parse_xml(read_member(archive, CONTAINER)), "rootfile").get("full-path") or ""
    except DocumentError:
        packages = [name for name in archive.namelist() if name.lower().endswith(".opf")]
        if len(packages) != 1:
            raise
        return packages[0]


def _items(package: etree._Element, folder: str) -> tuple[list[str], list[str]]:
    """Return the names in the archive of the items to read, in order, and what is to be said about them.

    They are the spine's; without one, all chapters in the order in which the book lists them.
    """
    listed = {item.get("id"): item for item in package.iter() if element_name(item) == "item"}
    ids = [item.get("idref") for item in package.iter() if element_name(item) == "itemref"]
    spine = [listed[id] for id in ids if id in listed]
    remarks = [f"its reading order names {sum(id not in listed for id in ids)} items that it does not hold"]
    if not spine:
        spine = [item for item in listed.values() if _is_chapter(item)]
        remarks = ["has no reading order, so its chapters are read in the order in which they are listed"]
    hrefs = dict.fromkeys(href for item in spine if (href := (item.get("href") or "").split("#")[0]))
    names = [posixpath.normpath(posixpath.join(folder, unquote(href))) for href in hrefs]
    return names, [] if len(spine) == len(ids) or not names else remarks


def _is_chapter(item: etree._Element) -> bool:
    return item.get("media-type") in CHAPTER_TYPES or (item.get("href") or "").lower().endswith(CHAPTER_SUFFIXES)


def _chapter(archive: ZipFile, name: str) -> tuple[Part, ...]:
    """Read one item of the book.

    Raises:
        DocumentError: the item is missing, damaged or no text.
    """
    if name.startswith(("../", "/")):
        raise DocumentError("lies outside the book")
    stored = name if name in archive.namelist() else _stored_name(archive, name)
    data = read_member(archive, stored)
    try:
        page = decode_page(data)
    except DocumentError as error:
        raise DocumentError("is no text, so it is left out") from error
    root = parse_page(page)
    return read_chapter(root).parts if root is not None else ()


def _stored_name(archive: ZipFile, name: str) -> str:
    """Return the name under which an item is stored that the book spells in other case.

    Raises:
        DocumentError: the archive has no such file.
    """
    found = [
        stored for stored in archive.namelist() if name.casefold() in (stored.casefold(), unquote(stored).casefold())
    ]
    if not found:
        raise DocumentError("is missing")
    return found[0]


def _on_items(bad: list[str]) -> list[str]:
    """Return a remark on the items that were not read."""
    if not bad:
        return []
    more = f" and {len(bad) - MAX_NAMED} more" if len(bad) > MAX_NAMED else ""
    return [", ".join(bad[:MAX_NAMED]) + more]


def _protected(archive: ZipFile) -> set[str]:
    if ENCRYPTION not in archive.namelist():
        return set()
    elements = parse_xml(read_member(archive, ENCRYPTION)).iter()
    return {unquote(element.get("URI") or "") for element in elements if element_name(element) == "cipherreference"}


def _first(root: etree._Element, name: str) -> etree._Element:
    for element in root.iter():
        if element_name(element) == name:
            return element
    raise DocumentError(f"has no {name} element, so it is not an EPUB book")


def _stated(package: etree._Element, name: str) -> str:
    texts = (element.text or "" for element in package.iter() if element_name(element) == name)
    return " ".join(next(texts, "").split())
