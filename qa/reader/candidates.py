"""Rank the reader's spans by their features from reading and retrieval, and by how many documents agree."""

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.reader.answer_types import has_wrong_type
from qa.reader.model import ScoredSpan
from qa.reader.units import identifiers, names_all, whole_unit
from qa.text.normalise import normalise_answer
from qa.text.words import coverage, rarity, stems
from qa.types import Hit, Span

# Weights of `Candidate.features`, in that order, in the log-odds that a candidate is the right one of its question.
# Printed, with the constants of qa/answering/answerers/reader_small.py, by: python -m qa.training.calibration DIR
RANKING_WEIGHTS = np.array([5.15, -0.38, 5.28, 0.37, 2.31, -0.25, -0.67, -0.42, -0.54])

AGREEMENT_SHARPNESS = 0.6
"""An answer given by several documents scores log(sum(exp(AGREEMENT_SHARPNESS * score))) / AGREEMENT_SHARPNESS. At 0.3
news questions gain most and short corpora lose, since every passage of theirs names what they are about; at 1 neither
gains."""

SENTENCE_END = re.compile(r"(?:[.!?…:;][\"'”’»)\]]*|[\"”»])\s*$")
"""How a sentence ends. A heading ends otherwise: it names something that the text below it explains."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may answer the question, with the sentences that hold it and its features."""

    document_id: str
    span: Span
    quoted: Span
    """The whole sentences that hold the span."""
    text: str
    """The text of the span."""
    features: tuple[float, ...]
    """Of a sentence, see qa.reader.choice. Of a span, in this order: the reader's score / 10; the sigmoid of it; the
    hit's cosine; the shares of the question's words, weighted by rarity, that are in the sentences and in the
    passage; log(1 + index) of the hit; and three flags (1 or 0): the span only repeats the question; it is not the
    number, time or name that the question asks for; the sentences end like a heading."""
    duplicate_group: int | None = None
    """Shared by near-duplicate documents, as in `Hit.duplicate_group`; None for a document without any."""

    @property
    def cosine(self) -> float:
        """The cosine of the question and the passage."""
        return self.features[2]

    @property
    def source(self) -> str | int:
        """What counts as one source: a document together with its near-duplicates."""
        return self.document_id if self.duplicate_group is None else self.duplicate_group


def extract_candidates(question: str, hits: Sequence[Hit], spans: Sequence[Sequence[ScoredSpan]]) -> list[Candidate]:
    """Build the candidates from the spans found in the hits, each place in a document once.

    Where sentences name exactly what an identifier in the question names, only they give candidates.
    """
    asked, wanted = stems(question), identifiers(question)
    passages = [set(stems(hit.passage.text)) for hit in hits]
    weights = rarity(asked, passages)
    found: dict[tuple[str, Span], Candidate] = {}
    naming: set[tuple[str, Span]] = set()
    for rank, (hit, found_in_hit) in enumerate(zip(hits, spans, strict=True)):
        for span in found_in_hit:
            shares = _word_shares(hit, span, weights, passages[rank])
            candidate = _candidate(question, hit, span, asked, (*shares, rank))
            known = found.get(key := (candidate.document_id, candidate.span))
            if known is None or known.features[0] < candidate.features[0]:
                found[key] = candidate  # neighbouring passages overlap, so both may hold the span
            if wanted and names_all(_quoted_text(hit, candidate), wanted):
                naming.add(key)
    return [found[key] for key in found if key in naming] or list(found.values())


def _quoted_text(hit: Hit, candidate: Candidate) -> str:
    start, end = candidate.quoted
    return hit.passage.text[start - hit.passage.start : end - hit.passage.start]


def rank_candidates(
    candidates: Sequence[Candidate], weights: Floats = RANKING_WEIGHTS
) -> list[tuple[float, Candidate]]:
    """Return the candidates with their scores, best first; candidates with the same answer share a combined score."""
    own = np.array([candidate.features for candidate in candidates]).reshape(-1, len(weights)) @ weights
    shared: dict[str, float] = {}
    for sources in group_by_answer(candidates):
        score = _combined_score([max(own[place] for place in places) for places in sources])
        shared |= {_key(candidates[place]): score for places in sources for place in places}
    order = sorted(range(len(candidates)), key=lambda n: (-shared[_key(candidates[n])], -own[n]))
    return [(shared[_key(candidates[n])], candidates[n]) for n in order]


def group_by_answer(candidates: Sequence[Candidate]) -> list[list[list[int]]]:
    """Group candidate indices by answer, and within each answer by the source that gives it."""
    found: dict[str, dict[str | int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, candidate in enumerate(candidates):
        found[_key(candidate)][candidate.source].append(place)
    return [list(documents.values()) for documents in found.values()]


def same_answer(one: Candidate, other: Candidate) -> bool:
    """Return whether two candidates give the same answer, apart from case, articles and punctuation."""
    return _key(one) == _key(other)


def sigmoid(x: float) -> float:
    """Compute 1 / (1 + exp(-x)) without overflow."""
    return 1 / (1 + math.exp(-min(max(x, -50.0), 50.0)))


def _key(candidate: Candidate) -> str:
    return normalise_answer(candidate.text) or candidate.text


def _combined_score(scores: Sequence[float]) -> float:
    best = max(scores)
    return (
        best + math.log(sum(math.exp(AGREEMENT_SHARPNESS * (score - best)) for score in scores)) / AGREEMENT_SHARPNESS
    )


def _candidate(
    question: str, hit: Hit, span: ScoredSpan, asked: list[str], known: tuple[Span, float, float, int]
) -> Candidate:
    quoted, in_sentences, in_passage, rank = known
    passage = hit.passage
    first, last = whole_unit(passage.text, span.start, span.end)
    text = passage.text[first:last]
    features = (
        span.score / 10,
        sigmoid(span.score),
        hit.cosine,
        in_sentences,
        in_passage,
        math.log1p(rank),
        float(set(stems(text)) <= set(asked)),
        float(has_wrong_type(question, text)),
        float(not SENTENCE_END.search(passage.text[quoted[0] - passage.start : quoted[1] - passage.start])),
    )
    place = (passage.start + first, passage.start + last)
    return Candidate(passage.document_id, place, quoted, text, features, hit.duplicate_group)


def _word_shares(hit: Hit, span: ScoredSpan, weights: dict[str, float], words: set[str]) -> tuple[Span, float, float]:
    """Return the sentences that a span touches, and the shares of the question's words in them and in the passage."""
    passage = hit.passage
    start, end = passage.start + span.start, passage.start + span.end
    touched = [sentence for sentence in passage.sentences if sentence[0] < end and start < sentence[1]]
    quoted = (touched[0][0], touched[-1][1]) if touched else (start, end)
    sentences = set(stems(passage.text[quoted[0] - passage.start : quoted[1] - passage.start]))
    return quoted, coverage(weights, sentences), coverage(weights, words)
