"""The scorecard: four tasks, told apart by the files in a folder, scored as the field scores them."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.assistant import Assistant, Source
from qa.errors import EvaluationError
from qa.evaluate.html_extraction import TRUTH_FILE, extraction_rows, f1_of_means
from qa.evaluate.metrics import auroc, bootstrap_interval
from qa.evaluate.tasks import Row, answer_rows, reading_rows, retrieval_rows

MAX_INTERVAL_QUESTIONS = 300
"""Questions; a score of that many or fewer is given with its interval."""


TASK_FILES = {
    "answer": "questions.jsonl",
    "retrieval": "queries.jsonl",
    "reading": "reading.json",
    "extraction": TRUTH_FILE,
}
"""The file that makes a folder a set, by task."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one set."""

    name: str
    task: str
    questions: int
    values: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    latency_ms: dict[str, float]
    predictions: dict[str, str]
    """Question id to what was answered; empty when refused."""

    def to_dict(self) -> dict[str, Any]:
        """As `--json` prints it: every score under its own key."""
        values = {key: None if math.isnan(value) else value for key, value in self.values.items()}
        return {
            "set": self.name,
            "task": self.task,
            "questions": self.questions,
            **values,
            "intervals": {key: list(pair) for key, pair in self.intervals.items()},
            "latency_ms": self.latency_ms,
        }


def evaluate(folder: Path, corpus: Source = None, open: Callable[[Source], Assistant] = Assistant.open) -> list[Scores]:
    """Score the set in `folder`, or every set in its subfolders.

    Args:
        folder: holds `questions.jsonl`, `queries.jsonl` with `qrels/test.tsv`, `reading.json`, or
            `ground-truth.json` with the web pages in `html`.
        corpus: where the answers are looked for, when the folder does not hold it.
        open: how a corpus is opened.

    Raises:
        EvaluationError: no set there, or one that cannot be read.
    """
    return [_evaluate(place, task, corpus, open) for place, task in sets_in(folder)]


def sets_in(folder: Path) -> list[tuple[Path, str]]:
    """The sets in `folder` itself and in its subfolders, each with its task.

    Raises:
        EvaluationError: there is none.
    """
    sets = [(place, _task(place)) for place in (folder, *sorted(folder.glob("*/"))) if _task(place)]
    if not sets:
        raise EvaluationError(
            f"{folder} holds no questions.jsonl, queries.jsonl, reading.json or {TRUTH_FILE}; give an evaluation set"
        )
    return sets


def bundled_corpus(folder: Path) -> Path | None:
    """The corpus that a set brings along."""
    return next((place for place in (folder / "corpus.jsonl", folder / "documents") if place.exists()), None)


def _task(folder: Path) -> str:
    return next((task for task, file in TASK_FILES.items() if (folder / file).is_file()), "")


def _evaluate(folder: Path, task: str, corpus: Source, open: Callable[[Source], Assistant]) -> Scores:
    tasks: dict[str, Callable[[Path, Assistant], Iterator[Row]]] = {
        "answer": answer_rows,
        "retrieval": retrieval_rows,
        "reading": reading_rows,
        "extraction": lambda folder, _: extraction_rows(folder),
    }
    with open(bundled_corpus(folder) or corpus) as assistant:
        try:
            rows = list(tasks[task](folder, assistant))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EvaluationError(f"{folder} cannot be read as a set of the task {task!r}: {error!r}") from error
    return _score(folder.resolve().name, task, rows)


def _score(name: str, task: str, rows: Sequence[Row]) -> Scores:
    if not rows:
        raise EvaluationError(f"{name} holds no question")
    statistics = _statistics(rows)
    values = {key: statistic(rows) for key, statistic in statistics.items()}
    few = len(rows) <= MAX_INTERVAL_QUESTIONS
    return Scores(
        name=name,
        task=task,
        questions=len(rows),
        values=values,
        intervals={
            key: bootstrap_interval(rows, statistics[key]) for key in values if few and key != "citation_validity"
        },
        latency_ms={f"p{p}": float(np.percentile([row["ms"] for row in rows], p)) for p in (50, 95)},
        predictions={str(row["id"]): row["prediction"] for row in rows},
    )


def _statistics(rows: Sequence[Row]) -> dict[str, Callable[[Sequence[Any]], float]]:
    """The statistic of the rows behind each key that the rows' task has."""
    measures = {
        key
        for row in rows
        for key, value in row.items()
        if isinstance(value, float) and key not in ("ms", "confidence")
    }
    statistics: dict[str, Callable[[Sequence[Any]], float]] = {key: _mean(key) for key in sorted(measures)}
    if any("refused" in row for row in rows):
        statistics["false_refusal"] = lambda some: _share(some, "refused", answerable=True)
        statistics["refusal_recall"] = lambda some: _share(some, "refused", answerable=False)
    if any("confidence" in row for row in rows):
        statistics["auroc"] = lambda some: auroc(
            [row["confidence"] for row in some if row["answerable"]],
            [row["confidence"] for row in some if not row["answerable"]],
        )
    if any("precision" in row for row in rows):
        statistics["f1"] = f1_of_means
    if any("valid" in row for row in rows):
        statistics["citation_validity"] = _validity
    return statistics


def _mean(key: str) -> Callable[[Sequence[Row]], float]:
    def mean(rows: Sequence[Row]) -> float:
        values = [row[key] for row in rows if key in row]
        return sum(values) / len(values) if values else math.nan

    return mean


def _share(rows: Sequence[Row], key: str, *, answerable: bool) -> float:
    values = [float(row[key]) for row in rows if row["answerable"] is answerable]
    return sum(values) / len(values) if values else math.nan


def _validity(rows: Sequence[Row]) -> float:
    checks = [valid for row in rows for valid in row["valid"]]
    return sum(checks) / len(checks) if checks else math.nan
