"""Write a formula in one line: Office's and MathML's fractions, powers, indices and roots."""

from collections.abc import Callable

from lxml import etree

from qa.ingest.office.elements import child, local, value
from qa.ingest.office.lines import lower_signs, raise_signs

SKIPPED = frozenset({"annotation", "annotation-xml", "del", "moveFrom", "instrText", "rPr"})
TOKENS = frozenset({"t", "mi", "mn", "mo", "mtext", "ms"})
"""Elements that hold the characters of a formula."""


def formula(element: etree._Element) -> str:
    """Return the formula in an element."""
    name = local(element)
    if name in TOKENS:
        return "".join(element.itertext())
    parts = [formula(one) for one in element if local(one) not in SKIPPED and not local(one).endswith("Pr")]
    if name == "d":
        return _delimited(element, parts)
    if name == "nary":
        sign = value(element, "naryPr", "chr") or "∫"
        return _with_scripts(sign, *parts[:2]) + "".join(parts[2:])
    wanted, join = LAYOUTS.get(name, (0, _joined))
    return join(*parts) if len(parts) == wanted else "".join(parts)


def _joined(*parts: str) -> str:
    return "".join(parts)


def _delimited(element: etree._Element, parts: list[str]) -> str:
    properties = child(element, "dPr")
    begins, ends = (
        "(" if child(properties, "begChr") is None else value(properties, "begChr"),
        ")" if child(properties, "endChr") is None else value(properties, "endChr"),
    )
    return begins + (value(properties, "sepChr") or "|").join(parts) + ends


def _fraction(above: str, below: str) -> str:
    return f"{_grouped(above)}/{_grouped(below)}"


def _power(base: str, power: str) -> str:
    small = raise_signs(power)
    return base + (small if small != power or not power else f"^{_grouped(power)}")


def _index(base: str, index: str) -> str:
    small = lower_signs(index)
    return base + (small if small != index or not index else f"_{_grouped(index)}")


def _with_scripts(base: str, index: str = "", power: str = "") -> str:
    return _power(_index(base, index), power)


def _root(degree: str, inner: str) -> str:
    return f"{raise_signs(degree)}√{_grouped(inner)}"


def _grouped(text: str) -> str:
    return text if text.replace(".", "").isalnum() else f"({text})"


LAYOUTS: dict[str, tuple[int, Callable[..., str]]] = {
    "f": (2, _fraction),
    "mfrac": (2, _fraction),
    "mroot": (2, lambda inner, degree: _root(degree, inner)),
    "msqrt": (1, lambda inner: _root("", inner)),
    "msub": (2, _index),
    "msubsup": (3, _with_scripts),
    "msup": (2, _power),
    "munderover": (3, _with_scripts),
    "rad": (2, _root),
    "sSub": (2, _index),
    "sSubSup": (3, _with_scripts),
    "sSup": (2, _power),
}
"""How the parts of an element are written, and how many it has."""
