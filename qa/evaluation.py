"""The scorecard: three tasks, told apart by the files in a folder, scored as the field scores them."""

import json
import math
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.types import Encoder
from qa.answering import Quote, Reads
from qa.assistant import Assistant, Source
from qa.chunking import chunk
from qa.documents import make_document
from qa.errors import EvaluationError
from qa.metrics import auroc, best_over, exact_match, f1, interval, ndcg, recall, reciprocal_rank
from qa.retrieval import fuse
from qa.types import Answer, Hit, Passage, Span

INTERVAL_UP_TO = 300
"""Questions; a score of that many or fewer is given with its interval."""

Row = dict[str, Any]
"""What one question contributes."""


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
        folder: holds `questions.jsonl`, `queries.jsonl` with `qrels/test.tsv`, or `reading.json`.
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
            f"{folder} holds no questions.jsonl, queries.jsonl or reading.json; give an evaluation set"
        )
    return sets


def held_corpus(folder: Path) -> Path | None:
    """The corpus that a set brings along."""
    return next((place for place in (folder / "corpus.jsonl", folder / "documents") if place.exists()), None)


def _task(folder: Path) -> str:
    files = {"answer": "questions.jsonl", "retrieval": "queries.jsonl", "reading": "reading.json"}
    return next((task for task, file in files.items() if (folder / file).is_file()), "")


def _evaluate(folder: Path, task: str, corpus: Source, open: Callable[[Source], Assistant]) -> Scores:
    tasks = {"answer": _answer_rows, "retrieval": _retrieval_rows, "reading": _reading_rows}
    with open(held_corpus(folder) or corpus) as assistant:
        try:
            rows = list(tasks[task](folder, assistant))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EvaluationError(f"{folder} cannot be read as a set of the task {task!r}: {error!r}") from error
    return _score(folder.resolve().name, task, rows)


# Each task: one row a question.


def _answer_rows(folder: Path, assistant: Assistant) -> Iterator[Row]:
    for item in read_lines(folder / "questions.jsonl"):
        began = time.perf_counter()
        answer = assistant.ask(item["question"], [tuple(turn) for turn in item.get("history", [])])
        row = {
            "id": item["id"],
            "ms": 1000 * (time.perf_counter() - began),
            "answerable": bool(item["answerable"]),
            "refused": answer.abstained,
            "confidence": answer.confidence,
            "prediction": answer.short or "",
            "valid": [assistant.document(c.document_id).text[c.start : c.end] == c.text for c in answer.citations],
        }
        if item["answerable"]:
            row |= _right(answer, item, assistant)
        yield row


def _right(answer: Answer, item: Row, assistant: Assistant) -> Row:
    golds, got = item["answers"], answer.short or ""
    scores: Row = {"exact_match": best_over(golds, got, exact_match), "f1": best_over(golds, got, f1)}
    if item["evidence"]:
        places = evidence_places(item["evidence"], assistant)
        hits = [on_evidence((c.document_id, c.start, c.end), places) for c in answer.citations]
        scores |= {f"cited_at_{k}": float(any(hits[:k])) for k in (1, 3)}
    return scores


def evidence_places(evidence: Iterable[dict[str, str]], assistant: Assistant) -> dict[str, list[Span]]:
    """Where the evidence stands: document id to spans; an empty text is the whole document."""
    places: dict[str, list[Span]] = defaultdict(list)
    for item in evidence:
        text = assistant.document(item["doc"]).text
        words = item["text"].split()
        found = re.finditer(r"\s+".join(map(re.escape, words)), text) if words else ()
        places[item["doc"]] += [match.span() for match in found] or [(0, len(text))]
    return places


def on_evidence(place: tuple[str, int, int], evidence: dict[str, list[Span]]) -> bool:
    """Whether a (document, start, end) lies in an evidence document and overlaps the evidence."""
    document, start, end = place
    return any(start < last and first < end for first, last in evidence.get(document, []))


def _retrieval_rows(folder: Path, assistant: Assistant) -> Iterator[Row]:
    relevance: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        relevance[query][document] = int(grade)
    for item in read_lines(folder / "queries.jsonl"):
        if item["_id"] not in relevance:
            continue
        began = time.perf_counter()
        hits = assistant.rank(item["text"])
        ms = 1000 * (time.perf_counter() - began)
        ranked = list(dict.fromkeys(hit.passage.document_id for hit in hits))
        relevant = relevance[item["_id"]]
        yield {
            "id": item["_id"],
            "ms": ms,
            "prediction": " ".join(ranked[:10]),
            "valid": [_valid(hit.passage, assistant) for hit in hits[:10]],
            "ndcg@10": ndcg(ranked, relevant),
            **{f"recall@{k}": recall(ranked, relevant, k) for k in (1, 5, 10, 100)},
            "mrr@10": reciprocal_rank(ranked, relevant),
        }


def _valid(passage: Passage, assistant: Assistant) -> bool:
    text = assistant.document(passage.document_id).text
    return text[passage.start : passage.end] == passage.text


def _reading_rows(folder: Path, assistant: Assistant) -> Iterator[Row]:
    data = json.loads((folder / "reading.json").read_text("utf-8"))["data"]
    for given in (paragraph for article in data for paragraph in article["paragraphs"]):
        paragraph = Paragraph(given["context"], assistant.corpus.encoder)
        for item in given["qas"]:
            yield _read(item, paragraph, assistant)


class Paragraph:
    """One paragraph given to read, its passages as if they had been retrieved."""

    def __init__(self, text: str, encoder: Encoder) -> None:
        document = make_document(id="paragraph", title="", text=text, source="", media_type="text/plain")
        self.text = text
        self._encoder = encoder
        self._passages = chunk(document, encoder)
        self._vectors = encoder.embed_passages([passage.text for passage in self._passages])

    def hits(self, question: str) -> tuple[Hit, ...]:
        """Every passage, ranked by its cosine alone."""
        if not self._passages:
            return ()
        cosines = self._vectors @ self._encoder.embed_query(question)
        scores, order = fuse(cosines, cosines), np.argsort(-cosines, kind="stable")
        return tuple(Hit(self._passages[i], float(scores[i]), float(cosines[i]), 0.0, None, None) for i in order)


def _read(item: Row, paragraph: Paragraph, assistant: Assistant) -> Row:
    began = time.perf_counter()
    answerer, hits = assistant.answerer, paragraph.hits(item["question"])
    if isinstance(answerer, Reads):
        reply = answerer.alone(item["question"], hits)
        said = reply.short is not None
    else:
        reply = answerer.answer(item["question"], hits)
        said = reply.confidence >= assistant.min_confidence
    ms = 1000 * (time.perf_counter() - began)
    found: Quote | None = reply.short or next(iter(reply.quotes), None)
    read = paragraph.text[found.start : found.end] if found else ""
    prediction = read if said else ""
    golds = [answer["text"] for answer in item["answers"]]
    kind = "HasAns" if golds else "NoAns"
    return {
        "id": item["id"],
        "ms": ms,
        "answerable": bool(golds),
        "confidence": reply.confidence,
        "prediction": prediction,
        "exact_match": best_over(golds, prediction, exact_match),
        "f1": best_over(golds, prediction, f1),
        f"{kind}_f1": best_over(golds, prediction, f1),
        **({"HasAns_f1_unrefused": best_over(golds, read, f1)} if golds else {}),
    }


# Rows to scores.


def _score(name: str, task: str, rows: Sequence[Row]) -> Scores:
    if not rows:
        raise EvaluationError(f"{name} holds no question")
    statistics = _statistics(rows)
    values = {key: statistic(rows) for key, statistic in statistics.items()}
    few = len(rows) <= INTERVAL_UP_TO
    return Scores(
        name=name,
        task=task,
        questions=len(rows),
        values=values,
        intervals={key: interval(rows, statistics[key]) for key in values if few and key != "citation_validity"},
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


def read_lines(path: Path) -> list[Row]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
