"""The reader's spans, weighed with what retrieval says of their passages and with how many places say the same."""

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.reader.answer_types import has_wrong_type
from qa.reader.model import ScoredSpan
from qa.text.normalise import normalise_answer
from qa.text.words import coverage, rarity, stems
from qa.types import Hit, Span

# Log-odds of a candidate being the right one of its question, by the features of `Candidate`, in that order.
# Printed, with those in qa/answering/answerers/reader.py, by: python -m qa.training.calibration DIR
RANKING_WEIGHTS = np.array([5.15, -0.38, 5.28, 0.37, 2.31, -0.25, -0.67, -0.42, -0.54])

AGREEMENT_SHARPNESS = 0.6
"""Of candidates that say the same in several documents, log(sum(exp(AGREEMENT * score))) / AGREEMENT counts: at 0.3
news questions gain most and short corpora lose, for what they are about is named everywhere; at 1 neither gains."""

SENTENCE_END = re.compile(r"(?:[.!?…:;][\"'”’»)\]]*|[\"”»])\s*$")
"""How a sentence ends, and a heading does not: what headings name, the text below them tells."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may answer, with the sentences that hold it and what speaks for it."""

    document_id: str
    span: Span
    quoted: Span
    """The whole sentences that hold the span."""
    text: str
    """Of the span."""
    features: tuple[float, ...]
    """The reader's score / 10 and its logistic; the hit's cosine; the shares of the question's words, weighed by their
    rarity, in the sentences and in the passage; log(rank) of the hit; 1 where the span only repeats the question; 1
    where it is no number, time or name and the question asks for one; 1 where the sentences end as a heading does."""
    kin: int | None = None
    """The hit's."""

    @property
    def cosine(self) -> float:
        """The hit's: of the question and the passage."""
        return self.features[2]

    @property
    def source(self) -> str | int:
        """The same of all near-copies of a document."""
        return self.document_id if self.kin is None else self.kin


def extract_candidates(question: str, hits: Sequence[Hit], readings: Sequence[Sequence[ScoredSpan]]) -> list[Candidate]:
    """The spans that were read in the hits, each place of a document once."""
    asked = stems(question)
    passages = [set(stems(hit.passage.text)) for hit in hits]
    weights = rarity(asked, passages)
    found: dict[tuple[str, Span], Candidate] = {}
    for rank, (hit, spans) in enumerate(zip(hits, readings, strict=True)):
        for reading in spans:
            shares = _shares(hit, reading, weights, passages[rank])
            candidate = _candidate(question, hit, reading, asked, (*shares, rank))
            known = found.get(key := (candidate.document_id, candidate.span))
            if known is None or known.features[0] < candidate.features[0]:
                found[key] = candidate  # neighbouring passages overlap
    return list(found.values())


def rank_candidates(
    candidates: Sequence[Candidate], weights: Floats = RANKING_WEIGHTS
) -> list[tuple[float, Candidate]]:
    """The candidates with their scores, best first; those that say the same share the score of them all."""
    own = np.array([candidate.features for candidate in candidates]).reshape(-1, len(weights)) @ weights
    shared: dict[str, float] = {}
    for said in group_by_answer(candidates):
        score = _together([max(own[place] for place in places) for places in said])
        shared |= {_key(candidates[place]): score for places in said for place in places}
    order = sorted(range(len(candidates)), key=lambda n: (-shared[_key(candidates[n])], -own[n]))
    return [(shared[_key(candidates[n])], candidates[n]) for n in order]


def group_by_answer(candidates: Sequence[Candidate]) -> list[list[list[int]]]:
    """For every different answer, for every source that says it: the places of the candidates that do."""
    found: dict[str, dict[str | int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, candidate in enumerate(candidates):
        found[_key(candidate)][candidate.source].append(place)
    return [list(documents.values()) for documents in found.values()]


def same_answer(one: Candidate, other: Candidate) -> bool:
    """Whether both say the same, but for case, articles and punctuation."""
    return _key(one) == _key(other)


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow."""
    return 1 / (1 + math.exp(-min(max(x, -50.0), 50.0)))


def _key(candidate: Candidate) -> str:
    return normalise_answer(candidate.text) or candidate.text


def _together(scores: Sequence[float]) -> float:
    best = max(scores)
    return (
        best + math.log(sum(math.exp(AGREEMENT_SHARPNESS * (score - best)) for score in scores)) / AGREEMENT_SHARPNESS
    )


def _candidate(
    question: str, hit: Hit, reading: ScoredSpan, asked: list[str], known: tuple[Span, float, float, int]
) -> Candidate:
    quoted, in_sentences, in_passage, rank = known
    passage = hit.passage
    text = passage.text[reading.start : reading.end]
    features = (
        reading.score / 10,
        sigmoid(reading.score),
        hit.cosine,
        in_sentences,
        in_passage,
        math.log1p(rank),
        float(set(stems(text)) <= set(asked)),
        float(has_wrong_type(question, text)),
        float(not SENTENCE_END.search(passage.text[quoted[0] - passage.start : quoted[1] - passage.start])),
    )
    span = (passage.start + reading.start, passage.start + reading.end)
    return Candidate(passage.document_id, span, quoted, text, features, hit.kin)


def _shares(hit: Hit, reading: ScoredSpan, weights: dict[str, float], words: set[str]) -> tuple[Span, float, float]:
    """The sentences that a span touches, and the shares of the question's words in these and in the passage."""
    passage = hit.passage
    start, end = passage.start + reading.start, passage.start + reading.end
    touched = [sentence for sentence in passage.sentences if sentence[0] < end and start < sentence[1]]
    quoted = (touched[0][0], touched[-1][1]) if touched else (start, end)
    sentences = set(stems(passage.text[quoted[0] - passage.start : quoted[1] - passage.start]))
    return quoted, coverage(weights, sentences), coverage(weights, words)
