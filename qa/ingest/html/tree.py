"""Parse a page into a tree, and say what in it is not displayed. Nothing is loaded, no entity can grow."""

import re
from html.entities import html5

from lxml import etree

XHTML = re.compile(r"\s*<\?xml\b|[^<]*(?:<!(?:[^<>]|<[^<>]*>)*>\s*)*<html\b[^>]*\sxmlns\s*=", re.IGNORECASE)
"""How a page begins that may be well-formed XML."""

DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[(?P<inside>.*?)\]\s*)?>", re.IGNORECASE | re.DOTALL)
DOCTYPE_WITH_ENTITIES = re.compile(r"\s*<!DOCTYPE[^>\[]*\[", re.IGNORECASE)
ENTITY = re.compile(r"<!ENTITY\s+(?P<name>[\w.-]+)\s+(?:\"(?P<double>[^\"<&%]*)\"|'(?P<single>[^'<&%]*)')\s*>")
CHARACTER_ENTITY = re.compile(r"<!ENTITY\s+(?P<name>[\w.-]+)\s+[\"'](?P<value>&#\w{1,8};)[\"']\s*>")
"""An entity that stands for plain text or one character; others are not read."""

MAX_ENTITY_CHARS = 500
MAX_EXPANDED_CHARS = 1_000_000
"""Characters that a page's own entities may add to it."""

REFERENCE = re.compile(r"&([A-Za-z][\w.-]*);")
OWN_IN_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})

SELF_CLOSED = re.compile(r"<(?P<name>a|b|div|em|h[1-6]|i|iframe|li|p|script|span|strong|style|td|textarea|title|ul)"
                         r"(?P<rest>(?:\s[^<>]*)?)/>", re.IGNORECASE)  # fmt: skip
"""An element that only XML lets end where it starts; HTML would take all that follows into it."""

NESTING = re.compile(r"</?(?P<name>[a-zA-Z][\w:-]*)[^<>]*>")
INLINE = frozenset({"a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "kbd", "small", "span", "strong", "tt"})

NOT_TEXT = frozenset({
    "area", "audio", "base", "canvas", "col", "colgroup", "datalist", "del", "frame", "head", "link", "meta",
    "noscript", "param", "s", "script", "source", "strike", "style", "template", "title", "track", "video",
})  # fmt: skip
"""Elements whose content browsers do not show, or show as deleted."""

NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
FOR_SCREEN_READERS = frozenset({
    "offscreen", "screen-reader-text", "sr-only", "visually-hidden", "visuallyhidden", "katex-html",
})  # fmt: skip
"""Classes of text that is out of sight, or that repeats a formula's."""


def parse_page(page: str) -> etree._Element | None:
    """Return the root element of a page, or None if there is nothing in it."""
    if not page.strip():
        return None
    if XHTML.match(page):
        page = _with_entities(page)
        root = _parse_xml(page)
        if root is not None:
            return root
        page = SELF_CLOSED.sub(r"<\g<name>\g<rest>></\g<name>>", page)
    elif DOCTYPE_WITH_ENTITIES.match(page):
        page = _with_entities(page)
    parser = _html_parser()
    root = _parse_html(page, parser)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        root = _parse_html(NESTING.sub(_flat, page), _html_parser())
    return root


def _html_parser() -> etree.HTMLParser:
    return etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)


def _parse_html(page: str, parser: etree.HTMLParser) -> etree._Element | None:
    try:
        return etree.fromstring(page.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # nothing but a comment
        return None


def _flat(tag: re.Match[str]) -> str:
    """Replace a tag so that it cannot nest: elements of a page that nests them thousandfold say nothing."""
    return "" if tag["name"].lower() in INLINE else "<p>"


def _parse_xml(page: str) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    without_declaration = re.sub(r"^\s*<\?xml[^>]*\?>", "", page)
    try:
        root = etree.fromstring(without_declaration.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
    return root if tag(root) in ("html", "svg") else None


def _with_entities(page: str) -> str:
    """Replace the named characters, and the plain entities that the page itself declares, and drop its DOCTYPE."""
    doctype = DOCTYPE.search(page)
    inside = (doctype["inside"] or "") if doctype else ""
    own = {match["name"]: match["double"] or match["single"] or "" for match in ENTITY.finditer(inside)}
    own |= {match["name"]: match["value"] for match in CHARACTER_ENTITY.finditer(inside)}
    own = {name: value for name, value in own.items() if len(value) <= MAX_ENTITY_CHARS and name not in OWN_IN_XML}
    room = MAX_EXPANDED_CHARS

    def replace(match: re.Match[str]) -> str:
        nonlocal room
        name = match[1]
        value = own.get(name) if room > 0 else None
        if value is not None:
            room -= len(value)
            return value
        return match[0] if name in OWN_IN_XML else html5.get(f"{name};", f"&amp;{name};")

    return REFERENCE.sub(replace, DOCTYPE.sub("", page, count=1) if doctype else page)


def tag(element: etree._Element) -> str:
    """Return an element's name in lower case, without its namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def names(element: etree._Element) -> frozenset[str]:
    """Return an element's classes and its id, in lower case."""
    return frozenset(f"{element.get('class') or ''} {element.get('id') or ''}".lower().split())


def is_hidden(element: etree._Element) -> bool:
    """Return whether an element of the body, with all in it, is not displayed."""
    name = tag(element)
    if not name or name in NOT_TEXT:
        return True
    hidden = element.get("hidden") is not None or bool(NOT_SHOWN.search(element.get("style") or ""))
    return hidden or (name == "dialog" and element.get("open") is None) or bool(names(element) & FOR_SCREEN_READERS)
