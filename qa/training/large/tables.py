"""Build training examples from tables: one row is one text, read as "header: cell; header: cell"."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qa.ingest.sections import CONTEXT_SEPARATOR
from qa.text.words import stems
from qa.training.large.examples import Example
from qa.types import Span

POSITIVE_ROWS, NEGATIVE_ROWS = 2, 2
"""Rows of a table shown with one question, at most: those that answer, and others."""

LOOKUPS_PER_TABLE = 2
"""Questions by rule for each table."""

TEMPLATES = (
    "What is the {header} of {key}?",
    "what was the {header} for {key}",
    "Which {header} is given for {key}?",
    "{key} {header}",
    "What {header} did {key} have?",
)
"""Questions for the cell in a named column of the row whose first cell is named."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with what is above it."""

    context: str
    header: list[str]
    rows: list[list[str]]

    def example(self, question: str, row: int, *, right: bool, column: int | None = None) -> Example:
        """Show a row; where `column` is given, the answer is that cell of the row if it is `right`."""
        text, cells = self._shown(row)
        known = column is not None or not right
        answer = cells[column] if right and column is not None and self.rows[row][column] else None
        evidence = frozenset([0]) if right else frozenset[int]()
        return Example(question, text, ((0, len(text)),), evidence, self.context, answer, known and not right)

    def _shown(self, row: int) -> tuple[str, list[Span]]:
        text, cells = "", []
        for header, cell in zip(self.header, self.rows[row], strict=False):
            text += "; " if text else ""
            text += f"{header}: " if header else ""
            cells.append((len(text), len(text) + len(cell)))
            text += cell
        return text, cells


def table_examples(folder: Path, rng: random.Random) -> Iterator[Example]:
    """Yield examples from tables_*.jsonl in `folder`: written questions, and questions by rule over the same tables."""
    for line in _lines(folder / "tables_cells_feta.jsonl"):
        table = Table(CONTEXT_SEPARATOR.join([line["title"], line["caption"]]), line["header"], line["rows"])
        right = sorted({row for row, _ in line["cells"] if row < len(table.rows)})
        yield from _question_rows(table, line["question"], right, None, rng)
        yield from _lookups(table, rng)
    for line in _lines(folder / "tables_lookup_wtq.jsonl"):
        table = Table("", line["header"], line["rows"])
        yield from _question_rows(table, line["question"], [int(line["row"])], int(line["column"]), rng)
        yield from _lookups(table, rng)


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.is_file() else []


def _question_rows(
    table: Table, question: str, right: Sequence[int], column: int | None, rng: random.Random
) -> Iterator[Example]:
    for row in rng.sample(right, min(POSITIVE_ROWS, len(right))):
        yield table.example(question, row, right=True, column=column)
    for row in _near_rows(table, question, set(right), rng):
        yield table.example(question, row, right=False)


def _near_rows(table: Table, question: str, right: set[int], rng: random.Random) -> list[int]:
    """Return rows that do not answer, those that share the most words with the question first."""
    asked = set(stems(question))
    others = [row for row in range(len(table.rows)) if row not in right]
    rng.shuffle(others)
    others.sort(key=lambda row: -len(asked & set(stems(" ".join(table.rows[row])))))
    return others[:NEGATIVE_ROWS]


def _lookups(table: Table, rng: random.Random) -> Iterator[Example]:
    keys = [row[0] for row in table.rows if row]
    for row in rng.sample(range(len(table.rows)), min(LOOKUPS_PER_TABLE, len(table.rows))):
        columns = [n for n, cell in enumerate(table.rows[row]) if n and cell.strip() and n < len(table.header)]
        key = table.rows[row][0] if table.rows[row] else ""
        if not columns or len(key) < 3 or keys.count(key) > 1 or not any(c.isalpha() for c in key):
            continue
        column = rng.choice(columns)
        if not table.header[column]:
            continue
        question = rng.choice(TEMPLATES).format(header=table.header[column].lower(), key=key)
        yield from _question_rows(replace(table), question, [row], column, rng)
