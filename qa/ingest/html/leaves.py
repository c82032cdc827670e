"""Read single elements that stand for text: inputs, pictures, drawings."""

import re

from lxml import etree

from qa.ingest.html.inline import collapse
from qa.ingest.html.tree import tag

SHOWN_VALUES = frozenset({"", "date", "datetime-local", "email", "month", "number", "search", "tel", "text", "time",
                          "url", "week"})  # fmt: skip
"""Types of inputs that show their value as text."""

PICTURED = re.compile(r"\b(?:emoji|math|tex|latex|formula|smiley)", re.IGNORECASE)
"""Classes of pictures that stand for characters or a formula."""


def shown_value(element: etree._Element) -> str:
    """Return the text that a field of a form shows; an empty string if it shows none."""
    value = collapse(element.get("value"))
    return f" {value} " if value and (element.get("type") or "").lower() in SHOWN_VALUES else ""


def pictured(element: etree._Element) -> str:
    """Return the characters or the formula that a picture stands for; an empty string for any other picture."""
    return collapse(element.get("alt")) if PICTURED.search(element.get("class") or "") else ""


def drawing_labels(element: etree._Element) -> str:
    """Return the labels of a drawing (SVG) in one line."""
    texts = (" ".join("".join(node.itertext()).split()) for node in element.iter() if tag(node) == "text")
    return " ".join(filter(None, texts))


def stated_level(element: etree._Element) -> int:
    """Return the level of an element that is a heading by its role; 0 if it is none."""
    if element.get("role") != "heading":
        return 0
    level = element.get("aria-level") or ""
    return min(max(int(level), 1), 6) if level.isdecimal() and level.isascii() else 2
