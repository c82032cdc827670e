"""Find how a file separates its cells, by trying: the right way makes rows that are as long as one another.

The measure is the pattern score of van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting row and
type patterns", Data Mining and Knowledge Discovery 33 (2019), with a simpler judgement of the cells.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from qa.ingest.tables.rows import Dialect, Line, read_lines

DELIMITERS = "\t;|,"
"""What may separate cells. Of two that do equally well, the earlier: a comma is also in prose and in numbers."""

SAMPLE_ROWS = 200
"""Rows that are tried."""

TAB_SUFFIXES = (".tsv", ".tab")
TAB_WEIGHT = 4
"""How much more a tab counts in a file whose name says that tabs separate its cells."""

MIN_SPLIT = 0.6
"""Share of rows that a delimiter must be in; one that is in fewer is a part of the text."""

SEP_LINE = re.compile(r'\s*"?sep=(.)"?[ ;,]*\n', re.IGNORECASE)
"""What a spreadsheet program may write above the header: the delimiter of the lines below."""

SUSPECT = 0.1
"""How clean a cell with a possible delimiter in it is: enough to choose between two ways that leave only such cells."""

QUOTES_NEXT_TO_DELIMITER = re.compile(r'"[;|,]|[;|,]"')
"""What speaks against quotes without a meaning."""

MIN_CLEAN = 0.001

SENTENCE = re.compile(r"[^;|\t,]*+(?:, [^;|\t,]*+)*+")

NUMBER = re.compile(r"[^\w,;|]*\d[\d.,' ]*\d[^\w,;|]*")


def find_dialect(text: str, name: str = "") -> tuple[Dialect, int]:
    """Return how a text whose lines end in line feeds separates its cells, and the offset of the first row.

    Args:
        text: The whole text.
        name: The file's name, which may say that tabs are to be expected.
    """
    if stated := SEP_LINE.match(text):
        return _best([stated.group(1)], text[stated.end() :], name)[0], stated.end()
    dialect, score = _best(DELIMITERS, text, name)
    return dialect if score > 0 else Dialect(""), 0


def _best(delimiters: Sequence[str], text: str, name: str) -> tuple[Dialect, float]:
    candidates = [dialect for delimiter in delimiters for dialect in _candidates(delimiter, text)]
    scores = [_score(dialect, text, name) for dialect in candidates]
    best = scores.index(max(scores))
    return candidates[best], scores[best]


def _candidates(delimiter: str, text: str) -> Iterator[Dialect]:
    """Yield the ways in which a delimiter may be used, the commonest first."""
    yield Dialect(delimiter)
    if "\\" in text:
        yield Dialect(delimiter, backslash=True)
    if re.search(rf"(?:^|{re.escape(delimiter)})'[^'\n]*'(?:{re.escape(delimiter)}|\n)", text[:100_000], re.MULTILINE):
        yield Dialect(delimiter, "'")
    sample = islice(read_lines(text, Dialect(delimiter)), SAMPLE_ROWS) if delimiter == "\t" else ()
    if any("\n" in cell for line in sample for cell in line.cells):
        # Many programs write tabs without quoting, so that a quote is a character like any other.
        yield Dialect(delimiter, "")


def _score(dialect: Dialect, text: str, name: str) -> float:
    """Return how well a dialect splits the first rows; 0 if it does not split them."""
    rows = [
        line for line in islice(read_lines(text, dialect, closely=True), SAMPLE_ROWS) if any(map(str.strip, line.cells))
    ]
    widths = Counter(len(line.cells) for line in rows)
    split = sum(count for width, count in widths.items() if width > 1)
    titles = next((i for i, line in enumerate(rows) if len(line.cells) > 1), 0)  # lines above the header
    if split == 0 or split < MIN_SPLIT * (len(rows) - min(titles, split)):
        return 0
    if len(widths) > 1 and dialect.delimiter != "\t" and _is_prose(rows, dialect.delimiter):
        return 0
    consistency = sum(count * (width - 1) / width for width, count in widths.items()) / len(widths)
    weight = TAB_WEIGHT if dialect.delimiter == "\t" and name.lower().endswith(TAB_SUFFIXES) else 1
    return consistency * _share_of_clean_cells(rows, dialect) * weight


def _is_prose(rows: Sequence[Line], delimiter: str) -> bool:
    """Say whether the delimiter is always followed by a space, as the comma of a sentence is."""
    return all(cell.startswith(" ") for line in rows for cell in line.cells[1:])


def _share_of_clean_cells(rows: Sequence[Line], dialect: Dialect) -> float:
    cells = [cell for line in rows for cell in line.cells if cell.strip()]
    others = [other for other in DELIMITERS if other != dialect.delimiter]
    clean = sum(_cleanness(cell, others, dialect.quote) for cell in cells) - sum(line.loose for line in rows)
    return max(clean / len(cells), MIN_CLEAN)


def _cleanness(cell: str, others: Sequence[str], quote: str) -> float:
    """Return 1 for a cell that looks whole, less for one that holds what may separate cells itself.

    The commas of a sentence or a number are a part of it.
    """
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == cell[-1] == "'":
        return 0
    if not quote and (cell == '"' or QUOTES_NEXT_TO_DELIMITER.search(cell)):
        return -1
    if NUMBER.fullmatch(cell) or not any(other in cell for other in others) or SENTENCE.fullmatch(cell):
        return 1
    return SUSPECT
