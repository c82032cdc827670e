"""Write raised and lowered characters as Unicode's own, so that 1998 with note 12 is never read as 199812."""

RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def raised(text: str) -> str:
    """Return a superscript with Unicode's superscript characters; unchanged where one of them does not exist."""
    return text.translate(RAISED) if text and all(ord(c) in RAISED for c in text) else text


def lowered(text: str) -> str:
    """Return a subscript with Unicode's subscript characters; unchanged where one of them does not exist."""
    return text.translate(LOWERED) if text and all(ord(c) in LOWERED for c in text) else text
