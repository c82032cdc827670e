"""Write a spreadsheet's numbers as they are shown: with their decimals, their sign, or as a day."""

import re
from datetime import datetime, timedelta

BUILT_IN = {
    9: "0%", 10: "0.00%", 14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss",
    20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0",
    2: "0.00", 4: "#,##0.00", 5: "$#,##0", 6: "$#,##0", 7: "$#,##0.00", 8: "$#,##0.00",
    **dict.fromkeys((*range(27, 32), 36, *range(50, 59)), "yyyy-mm-dd"),
}  # fmt: skip
"""Formats that have a number but are not written in the file (ECMA-376, part 1, 18.8.30); others show plain numbers."""

NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?:\$[^\]]*|[^\]hms][^\]]*)\]')
"""Literal text, padding, colours and conditions in a format."""

CURRENCY = re.compile(r'\[\$([^\]-]+)(?:-[^\]]*)?\]|"([^"]*[^\W\d_][^"]*|[^"]*[$€£¥][^"]*)"|([$€£¥])')

EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
"""Day 0 of a workbook, by whether it counts from 1904 as old Macintoshes did."""

MAX_SERIAL = 2_958_465
"""The last day that a spreadsheet knows: 31 December 9999."""


def shown_number(value: float, code: str, from_1904: bool = False) -> str:
    """Return a number as its format shows it.

    Args:
        value: The number as it is stored.
        code: The format, such as "0.0%" or "yyyy-mm-dd"; empty for none.
        from_1904: Whether the workbook counts days from 1904.
    """
    if code in ("", "General"):
        return plain_number(value)
    section = code.partition(";")[0]
    pattern = NOT_SHOWN.sub("", section)
    if re.search(r"[ymdhs]", pattern, re.IGNORECASE) and not re.search(r"general|standard", pattern, re.IGNORECASE):
        return _shown_date(value, pattern.lower(), from_1904)
    places = _places(pattern)
    if "%" in pattern:
        return f"{plain_number(value * 100, places)}%"
    number = plain_number(value, places)
    if currency := CURRENCY.search(section):
        unit = next(filter(None, currency.groups())).strip()
        return f"{unit}{number}" if unit in ("$", "£", "¥") and currency.start() < 3 else f"{number} {unit}"
    return number


def _places(pattern: str) -> tuple[int, int] | None:
    """Return the fewest and most decimals that a format shows; None if it shows those that there are."""
    if re.search(r"[/?]|E[+-]|,(?![#0?])", pattern) or not re.search("[0#]", pattern):
        return None
    decimals = re.search(r"\.([0#]*)", pattern)
    return (decimals.group(1).count("0"), len(decimals.group(1))) if decimals else (0, 0)


def plain_number(value: float, places: tuple[int, int] | None = None) -> str:
    """Return a number without the error of its binary form and without needless zeros.

    Args:
        value: The number.
        places: The fewest and most decimals to show; None shows all that there are.
    """
    if abs(value) >= 1e15 or 0 < abs(value) < 1e-9 or value != value:
        return f"{value:.15g}"
    if places is None and value == int(value):
        return str(int(value))
    fewest, most = places or (0, 15 - min(len(str(int(abs(value)))), 15))
    whole, _, fraction = f"{value:.{most}f}".partition(".")
    fraction = fraction.rstrip("0").ljust(fewest, "0")
    text = f"{whole}.{fraction}" if fraction else whole
    return text.removeprefix("-") if not text.strip("-0.") else text


def _shown_date(value: float, pattern: str, from_1904: bool) -> str:
    has_day = bool(re.search(r"[yd]|mmm", pattern))
    if "[" in pattern or (not has_day and 0 <= value < 1):
        return _duration(value)
    if not 0 <= value <= MAX_SERIAL:
        return plain_number(value)
    if not from_1904 and value < 60:
        value += 1  # the calendar of spreadsheets has a 29 February 1900, which was never a day
    moment = EPOCHS[from_1904] + timedelta(seconds=round(value * 86_400))
    if not has_day:
        return moment.strftime("%H:%M:%S").removesuffix(":00")
    return shown_moment(moment)


def shown_moment(moment: datetime) -> str:
    """Return a day as YYYY-MM-DD, with the time unless it is midnight."""
    time = "" if (moment.hour, moment.minute, moment.second) == (0, 0, 0) else f" {moment:%H:%M:%S}".removesuffix(":00")
    return f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}{time}"


def _duration(value: float) -> str:
    minutes, seconds = divmod(round(abs(value) * 86_400), 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if value < 0 else ""
    return f"{sign}{hours:02d}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")
