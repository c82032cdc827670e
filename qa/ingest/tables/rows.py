"""Split delimited text into rows of cells, whatever its quotes are like: one that is never closed costs one cell."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

BACKSLASH = "\\"

MAX_CARELESS_CHARS = 1_000

OPENING = re.compile(r"\w")
"""What stands before a quote that closes; before one that opens is a space, a bracket or nothing."""


@dataclass(frozen=True)
class Dialect:
    """How a file separates its cells."""

    delimiter: str
    """One character, or empty if each line is one cell."""
    quote: str = '"'
    """The character around cells that hold a delimiter or a line end, or empty if there is none."""
    backslash: bool = False
    """Whether a backslash, rather than a second quote, says that the next character belongs to the cell."""

    @cached_property
    def quoted(self) -> tuple[re.Pattern[str], ...]:
        """Patterns of a quoted cell up to what ends it, the likeliest first."""
        quote, end, blank = re.escape(self.quote), f"(?={self._ends})", self._blank
        doubled = rf"{quote}([^{quote}]*+(?:{quote}{quote}[^{quote}]*+)*+){quote}"
        escaped = rf"{quote}([^{quote}\\]*+(?:(?:\\.|{quote}{quote})[^{quote}\\]*+)*+){quote}"
        both = (escaped, doubled) if self.backslash else (doubled, escaped)
        return tuple(re.compile(f"{blank}{one}{blank}{end}", re.DOTALL) for one in both)

    @cached_property
    def careless(self) -> re.Pattern[str]:
        """A quoted cell on one line with quotes in it that are neither doubled nor escaped."""
        quote = re.escape(self.quote)
        # Limited, for a line may have many quotes, and each could begin such a cell.
        return re.compile(
            rf"{self._blank}{quote}([^\n]{{0,{MAX_CARELESS_CHARS}}}?){quote}{self._blank}(?={self._ends})"
        )

    @cached_property
    def plain(self) -> re.Pattern[str]:
        """A cell without quotes."""
        delimiter = re.escape(self.delimiter)
        return re.compile(rf"(?:[^{delimiter}\n\\]|\\.|\\)*+" if self.backslash else rf"[^{delimiter}\n]*+", re.DOTALL)

    @cached_property
    def escapes(self) -> re.Pattern[str]:
        """A character after its backslash, where that says that it belongs to the cell."""
        return re.compile(rf"\\([{re.escape(self.quote + self.delimiter)}\\\n])")

    @property
    def _ends(self) -> str:
        return f"{re.escape(self.delimiter)}|\n" if self.delimiter else "\n"

    @property
    def _blank(self) -> str:
        return " *+" if self.delimiter == "\t" else "[ \t]*+" if self.delimiter != " " else ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of cells, with the number of its first line."""

    number: int
    cells: list[str]
    unclosed: bool = False
    """Whether a cell begins with a quote that is never closed, so that it was read as it stands."""
    loose: int = 0
    """Cells that hold half a pair of quotes, if the row was read closely."""


def with_line_feeds(text: str) -> str:
    """Return text whose lines all end in a line feed, as `read_lines` wants it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.endswith("\n") else text + "\n"


def read_lines(
    text: str, dialect: Dialect, start: int = 0, number: int = 1, *, closely: bool = False
) -> Iterator[Line]:
    """Yield the rows of a text whose lines end in line feeds, in order; a blank line is a row with one blank cell.

    Args:
        text: What to split.
        dialect: How its cells are separated.
        start: Offset of the first line to read.
        number: Number of that line.
        closely: Whether to look at every quote, to see how well the dialect fits; it takes longer.
    """
    while start < len(text):
        end = text.find("\n", start)
        line = text[start:end]
        cells = None if closely and dialect.quote and dialect.quote in line else _simple_cells(line, dialect)
        if cells is None:
            row, end = _read_cells(text, dialect, start, number)
            yield row
            number += text.count("\n", start, end)
        else:
            yield Line(number, cells)
        number += 1
        start = end + 1


def _simple_cells(line: str, dialect: Dialect) -> list[str] | None:
    """Return the cells of a line quickly, or None if they need a closer look."""
    quote, delimiter = dialect.quote, dialect.delimiter
    if dialect.backslash and BACKSLASH in line:
        return None
    if not quote or quote not in line:
        return line.split(delimiter) if delimiter else [line]
    if not delimiter:
        return None
    try:  # strict: whatever is not well formed, or goes on in the next line, is an error
        return next(csv.reader([line], delimiter=delimiter, quotechar=quote, skipinitialspace=True, strict=True))
    except (csv.Error, TypeError, ValueError):
        return None


def _read_cells(text: str, dialect: Dialect, start: int, number: int) -> tuple[Line, int]:
    """Return the row that starts at `start` with the offset of the line feed after it."""
    cells, unclosed, loose = [], False, 0
    while True:
        cell, end = _quoted_cell(text, dialect, start)
        if cell is None:
            plain = dialect.plain.match(text, start)
            cell, end = (plain.group(), plain.end()) if plain else ("", start)
            unclosed = unclosed or _is_unclosed(cell, dialect)
            loose += cell.count(dialect.quote) % 2 or cell.lstrip().startswith(dialect.quote) if dialect.quote else 0
            cell = dialect.escapes.sub(r"\1", cell) if dialect.backslash else cell
        cells.append(cell)
        if end >= len(text) - 1 or text[end] == "\n":
            return Line(number, cells, unclosed, loose), min(end, len(text) - 1)
        start = end + 1


def _quoted_cell(text: str, dialect: Dialect, start: int) -> tuple[str | None, int]:
    """Return the cell, without its quotes, with its end; None if it is not in quotes."""
    quote = dialect.quote
    if not quote:
        return None, start
    for pattern in dialect.quoted:
        if found := pattern.match(text, start):
            is_escaped = pattern is dialect.quoted[0 if dialect.backslash else 1]
            return _unquoted(found.group(1), dialect, is_escaped), found.end()
    found = dialect.careless.match(text, start)
    if found and (inner := found.group(1)).count(quote) % 2 == 0 and not OPENING.match(inner[inner.find(quote) - 1]):
        return inner, found.end()
    return None, start


def _unquoted(cell: str, dialect: Dialect, is_escaped: bool) -> str:
    quote = dialect.quote
    if not is_escaped:
        return cell.replace(quote * 2, quote)
    return re.sub(f"{dialect.escapes.pattern}|{re.escape(quote * 2)}", lambda found: found.group(1) or quote, cell)


def _is_unclosed(cell: str, dialect: Dialect) -> bool:
    if not dialect.quote or dialect.delimiter == "\t":  # between tabs, a quote is a character like any other
        return False
    return cell.lstrip().startswith(dialect.quote) and cell.count(dialect.quote) % 2 == 1
