"""Ask an assistant the questions of each task: one row of figures a question."""

import json
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.types import Encoder
from qa.answering.answerers.reader import ReaderAnswerer
from qa.answering.protocol import Quote
from qa.answering.retrieval import fuse
from qa.assistant import Assistant
from qa.evaluate.metrics import best_over_golds, exact_match, f1, ndcg, recall, reciprocal_rank
from qa.ingest.chunking import chunk
from qa.types import Answer, Hit, Passage, Span, make_document

WARM_UP_QUESTIONS = 40
"""Questions that are asked once before the clock starts: measured is a process that has been answering for a while."""

Row = dict[str, Any]
"""What one question contributes."""


def answer_rows(folder: Path, assistant: Assistant) -> Iterator[Row]:
    """Ask `questions.jsonl`: answers, citations, refusals."""
    items = read_lines(folder / "questions.jsonl")
    for item in items[:WARM_UP_QUESTIONS]:
        _ask(item, assistant)
    for item in items:
        began = time.perf_counter()
        answer = _ask(item, assistant)
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


def _ask(item: Row, assistant: Assistant) -> Answer:
    return assistant.ask(item["question"], [tuple(turn) for turn in item.get("history", [])])


def _right(answer: Answer, item: Row, assistant: Assistant) -> Row:
    golds, got = item["answers"], answer.short or ""
    scores: Row = {"exact_match": best_over_golds(golds, got, exact_match), "f1": best_over_golds(golds, got, f1)}
    if item["evidence"]:
        places = evidence_spans(item["evidence"], assistant)
        hits = [overlaps_evidence((c.document_id, c.start, c.end), places) for c in answer.citations]
        scores |= {f"cited_at_{k}": float(any(hits[:k])) for k in (1, 3)}
    return scores


def evidence_spans(evidence: Iterable[dict[str, str]], assistant: Assistant) -> dict[str, list[Span]]:
    """Where the evidence stands: document id to spans; an empty text is the whole document."""
    places: dict[str, list[Span]] = defaultdict(list)
    for item in evidence:
        text = assistant.document(item["doc"]).text
        words = item["text"].split()
        found = re.finditer(r"\s+".join(map(re.escape, words)), text) if words else ()
        places[item["doc"]] += [match.span() for match in found] or [(0, len(text))]
    return places


def overlaps_evidence(place: tuple[str, int, int], evidence: dict[str, list[Span]]) -> bool:
    """Whether a (document, start, end) lies in an evidence document and overlaps the evidence."""
    document, start, end = place
    return any(start < last and first < end for first, last in evidence.get(document, []))


def retrieval_rows(folder: Path, assistant: Assistant) -> Iterator[Row]:
    """Rank the documents for `queries.jsonl`, judged by `qrels/test.tsv`, in BEIR's layout."""
    relevance = read_relevance(folder)
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


def read_relevance(folder: Path) -> dict[str, dict[str, int]]:
    """Read `qrels/test.tsv`: query id to document id to grade."""
    relevance: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        relevance[query][document] = int(grade)
    return relevance


def _valid(passage: Passage, assistant: Assistant) -> bool:
    text = assistant.document(passage.document_id).text
    return text[passage.start : passage.end] == passage.text


def reading_rows(folder: Path, assistant: Assistant) -> Iterator[Row]:
    """Read each paragraph of `reading.json`, in SQuAD 2.0's layout, for its questions."""
    data = json.loads((folder / "reading.json").read_text("utf-8"))["data"]
    for given in (paragraph for article in data for paragraph in article["paragraphs"]):
        paragraph = RetrievedParagraph(given["context"], assistant.corpus.encoder)
        for item in given["qas"]:
            yield _read(item, paragraph, assistant)


class RetrievedParagraph:
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


def _read(item: Row, paragraph: RetrievedParagraph, assistant: Assistant) -> Row:
    began = time.perf_counter()
    answerer, hits = assistant.answerer, paragraph.hits(item["question"])
    if isinstance(answerer, ReaderAnswerer):
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
        "exact_match": best_over_golds(golds, prediction, exact_match),
        "f1": best_over_golds(golds, prediction, f1),
        f"{kind}_f1": best_over_golds(golds, prediction, f1),
        **({"HasAns_f1_unrefused": best_over_golds(golds, read, f1)} if golds else {}),
    }


def read_lines(path: Path) -> list[Row]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
