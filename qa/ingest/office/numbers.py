"""Write a number as a list's label shows it: 4, 04, d, D, iv, IV, 4th."""

ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip

FORMATS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "": "none",
}  # fmt: skip
"""OpenDocument's formats by the names that Word has for them."""

MAX_ROMAN = 4_999


def label(count: int, style: str) -> str:
    """Return a number in one of Word's formats; in figures if the format is another."""
    if style in ("none", "bullet"):
        return ""
    if style.endswith("Letter"):
        text = _letters(count)
    elif style.endswith("Roman"):
        text = _roman(count)
    elif style == "decimalZero":
        text = f"{count:02}"
    elif style == "ordinal":
        text = f"{count}{_ending(count)}"
    else:
        text = str(count)
    return text.upper() if style.startswith("upper") else text


def _letters(count: int) -> str:
    """Return a, b … z, aa, bb … as Word and LibreOffice do."""
    if not 1 <= count <= 26 * 9:
        return str(count)
    times, place = divmod(count - 1, 26)
    return chr(ord("a") + place) * (times + 1)


def _roman(count: int) -> str:
    if not 1 <= count <= MAX_ROMAN:
        return str(count)
    text = ""
    for size, letters in ROMAN:
        text += letters * (count // size)
        count %= size
    return text


def _ending(count: int) -> str:
    if 10 < count % 100 < 14:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
