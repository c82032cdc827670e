"""Look at XML elements by their local names, so that each of a format's namespaces is read alike."""

from collections.abc import Iterator

from lxml import etree

OFF = frozenset({"0", "false", "off", "none", "no"})
"""Values by which a property is switched off."""


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: etree._Element | None, name: str) -> str:
    """Return the value of the attribute with this local name; empty if there is none."""
    if element is None:
        return ""
    return next((str(value) for key, value in element.items() if key.rpartition("}")[2] == name), "")


def link_id(element: etree._Element, name: str = "id") -> str:
    """Return the id of the relationship that an element refers to; empty if there is none."""
    end = f"relationships}}{name}"
    return next((str(value) for key, value in element.items() if key.endswith(end)), "")


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """Return the first child with a local name, or the descendant at the end of such a path; None if there is none."""
    for name in names:
        if element is None:
            return None
        element = next(element.iterchildren("{*}" + name), None)
    return element


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """Yield the children with a local name."""
    if element is not None:
        yield from element.iterchildren("{*}" + name)


def descendants(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the elements with a local name, at any depth, in order."""
    yield from element.iter("{*}" + name)


def value(element: etree._Element | None, *path: str) -> str:
    """Return the `val` attribute at the end of a path of children; empty if there is none."""
    return attribute(child(element, *path), "val")


def flag(element: etree._Element | None, name: str) -> bool | None:
    """Return whether a property that has only on and off is on; None if it is not stated."""
    found = child(element, name)
    return None if found is None else attribute(found, "val").lower() not in OFF


def number(text: str, otherwise: int = 0) -> int:
    """Return a whole number of at most nine digits, or what to take if the text is none."""
    digits = text.removeprefix("-")
    return int(text) if digits.isdecimal() and digits.isascii() and len(digits) < 10 else otherwise
