"""Read evaluation sets as calibration cases: each question with its candidate answers, judged right or wrong."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings import load_encoder
from qa.answering.answerers.reader_small import SmallReaderAnswerer
from qa.answering.evidence import evidence_quote
from qa.answering.protocol import Quote
from qa.answering.wordings import HITS
from qa.assistant import Assistant
from qa.evaluate.metrics import best_over_golds, f1
from qa.evaluate.scorecard import bundled_corpus, sets_in
from qa.evaluate.tasks import RetrievedParagraph, evidence_spans, overlaps_evidence, read_lines
from qa.reader.candidates import Candidate
from qa.training.regression import Floats
from qa.types import Hit

MIN_RIGHT_F1 = 0.5
"""Token F1 with a gold answer from which a span counts as right."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its candidates."""

    set: str
    question: str
    answerable: bool
    hits: tuple[Hit, ...]
    candidates: list[Candidate]
    right: NDArray[np.bool_]
    """(n,): whether each candidate is right, judged by its own sentences."""
    confidence_features: NDArray[np.float32] | None = None
    """(n, s): see SmallReaderAnswerer.confidence_features; None where the passage is given: there only the reader's
    score counts."""
    shown: NDArray[np.bool_] | None = None
    """(n,): whether each is right, judged by everything quoted for it; None where that is the same."""
    overlaps: Floats | None = None
    """(n,): token F1 of each candidate with the gold answers, where the passage is given; None elsewhere."""


def cases(folder: Path) -> list[Case]:
    """Ask the questions of every set in `folder` whose task is in CASES."""
    encoder = load_encoder()
    found: list[Case] = []
    for place, task in sets_in(folder):
        if task not in CASES:
            continue
        with Assistant.open(bundled_corpus(place), encoder=encoder, answerer="reader_small") as assistant:
            found += CASES[task](place, assistant)
    return found


def _answer_cases(folder: Path, assistant: Assistant) -> Iterator[Case]:
    for item in read_lines(folder / "questions.jsonl"):
        if item.get("history"):
            continue
        hits = assistant.search(item["question"], HITS)
        candidates = _answerer(assistant).candidates(item["question"], hits)
        own = _right(item, candidates, [Quote(c.document_id, *c.quoted) for c in candidates], assistant)
        shown = _right(item, candidates, [evidence_quote(item["question"], c, hits) for c in candidates], assistant)
        features = _answerer(assistant).confidence_features(item["question"], candidates, hits)
        yield Case(folder.name, item["question"], bool(item["answerable"]), hits, candidates, own, features, shown)


def _right(
    item: dict[str, Any], candidates: Sequence[Candidate], quotes: Sequence[Quote], assistant: Assistant
) -> NDArray[np.bool_]:
    """Judge each candidate (n,) by the quote given for it: against the evidence, else by the answer's words."""
    stated = [evidence for evidence in item.get("evidence", []) if evidence["text"]]
    places = evidence_spans(stated, assistant)
    right = [
        item["answerable"]
        and (overlaps_evidence((q.document_id, q.start, q.end), places) if stated else _agrees(c.text, item["answers"]))
        for c, q in zip(candidates, quotes, strict=True)
    ]
    return np.array(right, bool)


def _reading_cases(folder: Path, assistant: Assistant) -> Iterator[Case]:
    data = json.loads((folder / "reading.json").read_text("utf-8"))["data"]
    for given in (paragraph for article in data for paragraph in article["paragraphs"]):
        paragraph = RetrievedParagraph(given["context"], assistant.corpus.encoder)
        for item in given["qas"]:
            hits = paragraph.hits(item["question"])
            candidates = _answerer(assistant).candidates(item["question"], hits)
            golds = [answer["text"] for answer in item["answers"]]
            overlaps = np.array([best_over_golds(golds, c.text, f1) if golds else 0.0 for c in candidates])
            yield Case(
                folder.name,
                item["question"],
                bool(golds),
                hits,
                candidates,
                overlaps >= MIN_RIGHT_F1,
                overlaps=overlaps,
            )


CASES = {"answer": _answer_cases, "reading": _reading_cases}
"""How the questions of a set are read, by its task."""


def _answerer(assistant: Assistant) -> SmallReaderAnswerer:
    assert isinstance(assistant.answerer, SmallReaderAnswerer)
    return assistant.answerer


def _agrees(text: str, golds: Sequence[str]) -> bool:
    return best_over_golds(golds, text, f1) >= MIN_RIGHT_F1
