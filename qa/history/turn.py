"""Represent a turn of a chat: a question, its answer, and what the page shows beside it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.answering.rewriting import Turn as HistoryTurn
from qa.errors import CorpusError
from qa.text.sentences import sentence_spans
from qa.types import Answer, Citation, Document, Hit, Passage, _Dictable

NEIGHBOUR_CHARS = 600
"""Characters before and after a quote in which its neighbouring sentences are found."""

MAX_STORED_PASSAGES = 6
"""Passages stored with an answer; a refusal shows some of them."""

FORGOTTEN = "The document that this answer quoted was forgotten; ask again."

Neighbours = tuple[str, str]
"""The sentence before a quote and the one after it; empty if there is none."""


@dataclass(frozen=True, slots=True)
class Turn(_Dictable):
    """A question with an answer, a problem in words, or neither yet."""

    question: str
    answer: Answer | None = None
    problem: str | None = None
    around: tuple[Neighbours, ...] = ()
    """The neighbours of each citation, from its document as it was when cited."""
    rating: int = 0
    """1 for thumbs up, -1 for thumbs down, 0 for neither."""
    remark: str = ""
    searched: tuple[int, int] | None = None
    """Number of documents and passages searched for a refused question; None means all there were."""


def history(turns: Sequence[Turn]) -> list[HistoryTurn]:
    """Return what was asked and answered; a refusal has an empty answer, for it says nothing about the documents."""
    return [
        (turn.question, "" if turn.answer.abstained else turn.answer.short or turn.answer.text)
        for turn in turns
        if turn.answer
    ]


def neighbours(citation: Citation, document: Callable[[str], Document]) -> Neighbours:
    """Return the sentences on both sides of a citation; none if its document has changed or is gone."""
    try:
        text = document(citation.document_id).text
    except CorpusError:
        return "", ""
    if text[citation.start : citation.end] != citation.text:
        return "", ""
    return _before(text, citation.start), _after(text, citation.end)


def turn_from_dict(data: Mapping[str, Any]) -> Turn:
    """Rebuild a turn from the output of `to_dict`, in which JSON has turned tuples into lists.

    Raises:
        TypeError, KeyError: another version wrote it.
    """
    answer = _answer(data["answer"]) if data["answer"] else None
    around = tuple((before, after) for before, after in data["around"])
    documents, passages = data.get("searched") or (0, 0)
    searched = (int(documents), int(passages)) if documents else None
    return Turn(**{**data, "answer": answer, "around": around, "searched": searched})


def without_excerpts(data: dict[str, Any], documents: Collection[str]) -> dict[str, Any]:
    """Return a turn, as `to_dict` gives it, without excerpts from the documents; drop an answer that cites one."""
    answer = data.get("answer")
    if not isinstance(answer, dict):
        return data
    if any(citation["document_id"] in documents for citation in answer["citations"]):
        return Turn(data["question"], problem=FORGOTTEN, rating=data["rating"], remark=data["remark"]).to_dict()
    hits = [hit for hit in answer["passages"] if hit["passage"]["document_id"] not in documents]
    kept = [{**hit, "duplicates": [p for p in hit["duplicates"] if p["document_id"] not in documents]} for hit in hits]
    return {**data, "answer": {**answer, "passages": kept}}


def _before(text: str, start: int) -> str:
    low = max(start - NEIGHBOUR_CHARS, 0)
    spans = sentence_spans(text[low:start])
    if not spans:
        return ""
    cut = "…" if low and len(spans) == 1 else ""  # it starts further away
    return cut + text[low + spans[-1][0] : low + spans[-1][1]]


def _after(text: str, end: int) -> str:
    spans = sentence_spans(text[end : end + NEIGHBOUR_CHARS])
    if not spans:
        return ""
    cut = "…" if end + NEIGHBOUR_CHARS < len(text) and len(spans) == 1 else ""
    return text[end + spans[0][0] : end + spans[0][1]] + cut


def _answer(data: Mapping[str, Any]) -> Answer:
    citations = tuple(_citation(citation) for citation in data["citations"])
    passages = tuple(_hit(hit) for hit in data["passages"])
    missing = tuple(data.get("missing_terms", ()))
    return Answer(**{**data, "citations": citations, "passages": passages, "missing_terms": missing})


def _citation(data: Mapping[str, Any]) -> Citation:
    return Citation(**{**data, "copies": tuple(data.get("copies", ()))})


def _hit(data: Mapping[str, Any]) -> Hit:
    duplicates = tuple(_passage(passage) for passage in data["duplicates"])
    return Hit(**{**data, "passage": _passage(data["passage"]), "duplicates": duplicates})


def _passage(data: Mapping[str, Any]) -> Passage:
    sentences = tuple((start, end) for start, end in data["sentences"])
    cells = tuple((start, header) for start, header in data.get("cells", ()))
    return Passage(**{**data, "sentences": sentences, "cells": cells})
