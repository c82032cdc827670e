"""Score the sets in a folder; the files in each say which of four tasks it is."""

import math
import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from qa.assistant import Assistant
from qa.errors import EvaluationError
from qa.evaluate.html_extraction import TRUTH_FILE, extraction_rows, f1_of_means
from qa.evaluate.metrics import auroc, bootstrap_interval
from qa.evaluate.plots import calibration_error
from qa.evaluate.sampling import Sample, draw_sample
from qa.evaluate.tasks import Row, answer_rows, reading_rows, retrieval_rows
from qa.paths import Source

MAX_INTERVAL_QUESTIONS = 300
"""A set of no more questions than this gets a confidence interval for each score."""

VERY_SURE = 0.9
"""Confidence from which the page says "Very sure"."""

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
    """Question id to the predicted answer; empty when refused."""
    time_seconds: dict[str, float] = field(default_factory=dict)
    """`wall` and `cpu` (user and system), for indexing and every question."""
    sample: Sample | None = None
    """What part of the set was scored; None for all of it."""

    def to_dict(self) -> dict[str, Any]:
        """Return what `--json` prints, with every score under its own key."""
        values = {key: None if math.isnan(value) else value for key, value in self.values.items()}
        return {
            "set": self.name,
            "task": self.task,
            "questions": self.questions,
            **values,
            "intervals": {key: list(pair) for key, pair in self.intervals.items()},
            "latency_ms": self.latency_ms,
            "time_seconds": self.time_seconds,
            "sample": self.sample and str(self.sample),
        }


def evaluate(
    folder: Path,
    corpus: Source = None,
    open: Callable[[Source], Assistant] = Assistant.open,
    *,
    sample: int | None = None,
    only: Collection[str] | None = None,
    on_problem: Callable[[str], object] | None = None,
) -> list[Scores]:
    """Score the set in `folder` and every set in its subfolders.

    Args:
        folder: contains `questions.jsonl`, `queries.jsonl` with `qrels/test.tsv`, `reading.json`, or
            `ground-truth.json` with the web pages in `html`.
        corpus: the corpus to search when the folder has none.
        open: opens a corpus.
        sample: score at most this many questions of each set; see qa.evaluate.sampling.
        only: the names of the sets to score; None scores all.
        on_problem: called with the reason why a set cannot be read; the others are scored then.

    Raises:
        EvaluationError: there is no such set, or a set cannot be read and there is no `on_problem`.
    """
    sets = [(place, task) for place, task in sets_in(folder) if only is None or place.resolve().name in only]
    if not sets:
        raise EvaluationError(f"{folder} has no set named {' or '.join(sorted(only or ()))}; choose another folder")
    scores = []
    for place, task in sets:
        try:
            scores.append(_evaluate(place, task, corpus, open, sample))
        except EvaluationError as error:
            if on_problem is None:
                raise
            on_problem(f"{place.resolve().name} is not scored: {error}")
    return scores


def sets_in(folder: Path) -> list[tuple[Path, str]]:
    """Return the sets in `folder` itself and in its subfolders, each with its task.

    Raises:
        EvaluationError: there is none.
    """
    sets = [(place, _task(place)) for place in (folder, *sorted(folder.glob("*/"))) if _task(place)]
    if not sets:
        raise EvaluationError(
            f"{folder} has no questions.jsonl, queries.jsonl, reading.json or {TRUTH_FILE}; choose an evaluation set"
        )
    return sets


def bundled_corpus(folder: Path) -> Path | None:
    """Return the corpus inside a set's folder, or None."""
    return next((place for place in (folder / "corpus.jsonl", folder / "documents") if place.exists()), None)


def _task(folder: Path) -> str:
    return next((task for task, file in TASK_FILES.items() if (folder / file).is_file()), "")


def _evaluate(folder: Path, task: str, corpus: Source, open: Callable[[Source], Assistant], size: int | None) -> Scores:
    tasks: dict[str, Callable[[Path, Assistant], Iterator[Row]]] = {
        "answer": answer_rows,
        "retrieval": retrieval_rows,
        "reading": reading_rows,
        "extraction": lambda folder, _: extraction_rows(folder),
    }
    wall, cpu = time.perf_counter(), _cpu_seconds()
    with _checking_layout(folder, task):
        sample = draw_sample(folder, task, size) if size else None
    place = sample.folder if sample else folder
    with open(bundled_corpus(place) or bundled_corpus(folder) or corpus) as assistant, _checking_layout(folder, task):
        rows = list(tasks[task](place, assistant))
    spent = {"wall": time.perf_counter() - wall, "cpu": _cpu_seconds() - cpu}
    return replace(_score(folder.resolve().name, task, rows), time_seconds=spent, sample=sample)


@contextmanager
def _checking_layout(folder: Path, task: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EvaluationError(f"{folder} cannot be read as a set of the task {task!r}: {error!r}") from error


def _cpu_seconds() -> float:
    """Return the CPU time used by this process and by child processes that have ended."""
    return sum(os.times()[:4])


def _score(name: str, task: str, rows: Sequence[Row]) -> Scores:
    if not rows:
        raise EvaluationError(f"{name} has no questions; choose another set")
    statistics = _statistics(rows)
    values = {key: statistic(rows) for key, statistic in statistics.items()}
    few = len(rows) <= MAX_INTERVAL_QUESTIONS
    drawn = {key: bootstrap_interval(rows, statistics[key]) for key in values if few and key != "citation_validity"}
    return Scores(
        name=name,
        task=task,
        questions=len(rows),
        values=values,
        intervals={key: pair for key, pair in drawn.items() if not math.isnan(pair[0])},  # NaN is not JSON
        latency_ms={f"p{p}": float(np.percentile([row["ms"] for row in rows], p)) for p in (50, 95)},
        predictions={str(row["id"]): row["prediction"] for row in rows},
    )


def _statistics(rows: Sequence[Row]) -> dict[str, Callable[[Sequence[Any]], float]]:
    """Return, for each score that these rows have, the function that computes it from rows."""
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
    if any("cited_at_1" in row for row in rows):
        statistics["calibration_error"] = lambda some: calibration_error(*_judged(some))
        statistics["very_sure_right"] = _very_sure_right
    if any("on_a_nugget" in row for row in rows):
        statistics["citation_precision"] = lambda some: _pooled(some, "on_a_nugget")
    if any("precision" in row for row in rows):
        statistics["f1"] = f1_of_means
    if any("valid" in row for row in rows):
        statistics["citation_validity"] = lambda some: _pooled(some, "valid")
    return statistics


def _judged(rows: Sequence[Row]) -> tuple[list[float], list[bool]]:
    """Return the confidence of each answer whose first citation can be judged, and whether that is on the evidence.

    An answer to a question that has none is wrong.
    """
    answered = [row for row in rows if not row["refused"] and (not row["answerable"] or "cited_at_1" in row)]
    return [row["confidence"] for row in answered], [row.get("cited_at_1", 0.0) == 1.0 for row in answered]


def _very_sure_right(rows: Sequence[Row]) -> float:
    right = [one for confidence, one in zip(*_judged(rows), strict=True) if confidence >= VERY_SURE]
    return sum(right) / len(right) if right else math.nan


def _mean(key: str) -> Callable[[Sequence[Row]], float]:
    def mean(rows: Sequence[Row]) -> float:
        values = [row[key] for row in rows if key in row]
        return sum(values) / len(values) if values else math.nan

    return mean


def _share(rows: Sequence[Row], key: str, *, answerable: bool) -> float:
    values = [float(row[key]) for row in rows if row["answerable"] is answerable]
    return sum(values) / len(values) if values else math.nan


def _pooled(rows: Sequence[Row], key: str) -> float:
    """Return the share of all checks of all rows that hold."""
    checks = [check for row in rows for check in row.get(key, [])]
    return sum(checks) / len(checks) if checks else math.nan
