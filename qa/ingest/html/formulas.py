"""Write a formula in MathML as a line of text: E=mc², a/b, √(x)."""

from collections.abc import Callable

from lxml import etree

from qa.ingest.html.tree import tag
from qa.text.scripts import lowered, raised

NOTES = frozenset({"annotation", "annotation-xml", "mphantom"})
"""Elements that repeat a formula in another notation, or are not displayed."""


def formula_text(formula: etree._Element) -> str:
    """Return what a formula shows; else its alternative text or its source; an empty string if it has none."""
    try:
        text = " ".join(_text(formula).split())
    except RecursionError:  # no formula nests a thousand times
        text = " ".join("".join(formula.itertext()).split())
    if text:
        return text
    notes = (note.text for note in formula.iter() if tag(note) == "annotation")
    return " ".join((formula.get("alttext") or next(filter(None, notes), "")).split())


def _text(element: etree._Element) -> str:
    name = tag(element)
    if name in NOTES or not name:
        return ""
    parts = [_text(child) for child in element]
    if name in WRITTEN and len(parts) >= WRITTEN[name][0]:
        return WRITTEN[name][1](parts)
    if name in ("mtr", "mlabeledtr"):
        return " ".join(parts) + "; "
    own = (element.text or "").strip()
    return own + "".join(parts)


def _bracketed(text: str) -> str:
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


def _power(text: str) -> str:
    return raised(text) if raised(text) != text else f"^{_bracketed(text)}"


def _index(text: str) -> str:
    return lowered(text) if lowered(text) != text else f"_{_bracketed(text)}"


WRITTEN: dict[str, tuple[int, Callable[[list[str]], str]]] = {
    "mfrac": (2, lambda parts: f"{_bracketed(parts[0])}/{_bracketed(parts[1])}"),
    "mroot": (2, lambda parts: f"{_power(parts[1])}√{_bracketed(parts[0])}"),
    "msqrt": (1, lambda parts: f"√{_bracketed(''.join(parts))}"),
    "msub": (2, lambda parts: parts[0] + _index(parts[1])),
    "msubsup": (3, lambda parts: parts[0] + _index(parts[1]) + _power(parts[2])),
    "msup": (2, lambda parts: parts[0] + _power(parts[1])),
    "munderover": (3, lambda parts: f"{parts[0]}{_index(parts[1])}{_power(parts[2])} "),
}
"""How many parts an element of a formula has, and how they are written in a line."""
