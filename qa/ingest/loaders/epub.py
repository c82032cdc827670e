"""Load EPUB books: the chapters in reading order, with the title, date and publisher that the book states."""

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree

from qa.errors import DocumentError
from qa.ingest.archives import open_archive, read_member
from qa.ingest.decoding import decode
from qa.ingest.loaders.txt import title_line
from qa.ingest.markup import element_name, html_text, parse_xml
from qa.ingest.metadata import iso_date
from qa.types import Document, make_document

CONTAINER, ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"


def load(data: bytes, name: str) -> Iterator[Document]:
    """Yield the book in an .epub file, as one document.

    Raises:
        DocumentError: the file is no .epub, is damaged or encrypted, or unpacks to too much.
    """
    with open_archive(data) as archive:
        package_name = _first(parse_xml(read_member(archive, CONTAINER)), "rootfile").get("full-path") or ""
        package = parse_xml(read_member(archive, package_name))
        chapters = _chapters(package, posixpath.dirname(package_name))
        if protected := _protected(archive) & set(chapters):
            raise DocumentError(f"is protected, {min(protected)!r} is encrypted; save it without protection")
        texts = [html_text(decode(read_member(archive, chapter))) for chapter in chapters]
    text = "\n\n".join(filter(None, texts))
    yield make_document(
        id=name,
        title=_stated(package, "title") or title_line(text),
        text=text,
        source=name,
        media_type="application/epub+zip",
        published=iso_date(_stated(package, "date")),
        publisher=_stated(package, "publisher"),
    )


def _chapters(package: etree._Element, folder: str) -> list[str]:
    """Return the chapters' names in the archive, in the order of the spine."""
    items = {item.get("id"): item.get("href") or "" for item in package.iter() if element_name(item) == "item"}
    spine = [items.get(item.get("idref")) for item in package.iter() if element_name(item) == "itemref"]
    return [posixpath.normpath(posixpath.join(folder, unquote(href))) for href in dict.fromkeys(spine) if href]


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
