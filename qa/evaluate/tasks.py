"""Ask an assistant the questions of each task and yield one row of measurements per question."""

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
from qa.answering.answerers.reader_small import SmallReaderAnswerer
from qa.answering.protocol import Quote
from qa.answering.retrieval import fuse
from qa.assistant import Assistant
from qa.evaluate.metrics import best_over_golds, exact_match, f1, ndcg, recall, reciprocal_rank
from qa.ingest.chunking import chunk
from qa.types import Answer, Hit, Passage, Span, make_document

WARM_UP_QUESTIONS = 5
"""Questions asked once before timing starts, so that latency is measured in a process that is warm."""

TEXT_METRICS = {"exact_match": exact_match, "f1": f1}

Row = dict[str, Any]
"""The measurements of one question."""


def answer_rows(folder: Path, assistant: Assistant) -> Iterator[Row]:
    """Ask `questions.jsonl` and measure answers, citations and refusals."""
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
            row |= _score_answer(answer, item, assistant)
        yield row


def _ask(item: Row, assistant: Assistant) -> Answer:
    return assistant.ask(item["question"], [tuple(turn) for turn in item.get("history", [])])


def _score_answer(answer: Answer, item: Row, assistant: Assistant) -> Row:
    golds, predicted = item["answers"], answer.short or ""
    scores: Row = {}
    if golds:
        scores |= {key: best_over_golds(golds, predicted, metric) for key, metric in TEXT_METRICS.items()}
    cited = [(c.document_id, c.start, c.end) for c in answer.citations]
    if item["evidence"]:
        evidence = evidence_spans(item["evidence"], assistant)
        correct = [overlaps_evidence(place, evidence) for place in cited]
        scores |= {f"cited_at_{k}": float(any(correct[:k])) for k in (1, 3)}
        if len({one["doc"] for one in item["evidence"]}) > 1:
            each = [evidence_spans([one], assistant) for one in item["evidence"]]
            scores["all_evidence"] = float(all(_any_overlaps(cited, one) for one in each))
    if nuggets := [evidence_spans(places, assistant) for places in item.get("nuggets", [])]:
        told = [_any_overlaps(cited, nugget) for nugget in nuggets]
        scores |= {"nugget_recall": sum(told) / len(told), "all_nuggets": float(all(told))}
        scores["on_a_nugget"] = [any(overlaps_evidence(place, nugget) for nugget in nuggets) for place in cited]
    return scores


def _any_overlaps(cited: Iterable[tuple[str, int, int]], evidence: dict[str, list[Span]]) -> bool:
    return any(overlaps_evidence(place, evidence) for place in cited)


def evidence_spans(evidence: Iterable[dict[str, str]], assistant: Assistant) -> dict[str, list[Span]]:
    """Return the spans of the evidence by document id.

    Whitespace may differ. Evidence with an empty text, or a text that is not there, is the whole document.
    """
    spans: dict[str, list[Span]] = defaultdict(list)
    for item in evidence:
        text = assistant.document(item["doc"]).text
        words = item["text"].split()
        matches = re.finditer(r"\s+".join(map(re.escape, words)), text) if words else ()
        spans[item["doc"]] += [match.span() for match in matches] or [(0, len(text))]
    return spans


def overlaps_evidence(cited: tuple[str, int, int], evidence: dict[str, list[Span]]) -> bool:
    """Whether a cited (document id, start, end) shares a character with the evidence."""
    document, start, end = cited
    return any(start < last and first < end for first, last in evidence.get(document, []))


def retrieval_rows(folder: Path, assistant: Assistant) -> Iterator[Row]:
    """Rank the documents for each judged query, in BEIR's layout: `queries.jsonl` and `qrels/test.tsv`."""
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
    """Ask the reader the questions of each paragraph of `reading.json`, in SQuAD 2.0's layout."""
    data = json.loads((folder / "reading.json").read_text("utf-8"))["data"]
    for entry in (paragraph for article in data for paragraph in article["paragraphs"]):
        paragraph = RetrievedParagraph(entry["context"], assistant.corpus.encoder)
        for item in entry["qas"]:
            yield _read(item, paragraph, assistant)


class RetrievedParagraph:
    """One paragraph cut into passages, as if they had been retrieved."""

    def __init__(self, text: str, encoder: Encoder) -> None:
        document = make_document(id="paragraph", title="", text=text, source="", media_type="text/plain")
        self.text = text
        self._encoder = encoder
        self._passages = chunk(document, encoder)
        self._vectors = encoder.embed_passages([passage.text for passage in self._passages])

    def hits(self, question: str) -> tuple[Hit, ...]:
        """Return every passage, ranked by its cosine alone."""
        if not self._passages:
            return ()
        cosines = self._vectors @ self._encoder.embed_query(question)
        scores, order = fuse(cosines, cosines), np.argsort(-cosines, kind="stable")
        return tuple(Hit(self._passages[i], float(scores[i]), float(cosines[i]), 0.0, None, None) for i in order)


def _read(item: Row, paragraph: RetrievedParagraph, assistant: Assistant) -> Row:
    began = time.perf_counter()
    answerer, hits = assistant.answerer, paragraph.hits(item["question"])
    if isinstance(answerer, ReaderAnswerer | SmallReaderAnswerer):
        reply = answerer.alone(item["question"], hits)
        answered = reply.short is not None
    else:
        reply = answerer.answer(item["question"], hits)
        answered = not reply.is_refused(assistant.min_confidence)
    ms = 1000 * (time.perf_counter() - began)
    quote: Quote | None = reply.short or next(iter(reply.quotes), None)
    found = paragraph.text[quote.start : quote.end] if quote else ""
    prediction = found if answered else ""
    golds = [answer["text"] for answer in item["answers"]]
    prefix = "HasAns" if golds else "NoAns"  # as the official SQuAD 2.0 script names them
    return {
        "id": item["id"],
        "ms": ms,
        "answerable": bool(golds),
        "confidence": reply.confidence,
        "prediction": prediction,
        **{key: best_over_golds(golds, prediction, metric) for key, metric in TEXT_METRICS.items()},
        f"{prefix}_f1": best_over_golds(golds, prediction, f1),
        **({"HasAns_f1_unrefused": best_over_golds(golds, found, f1)} if golds else {}),
    }


def read_lines(path: Path) -> list[Row]:
    """Return the objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
