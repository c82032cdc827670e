"""Choose among the sentences that the large reader has read: by what it says of each, and by what retrieval says.

A sentence is a candidate whether or not a span of it is a short answer. Which features count how much is learned, from
questions of many kinds over documents of many kinds; see qa.training.large.choice.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.reader.answer_types import YES_OR_NO
from qa.reader.candidates import SENTENCE_END, Candidate, Floats, sigmoid
from qa.reader.large import PassageReading, SentenceReading
from qa.reader.units import whole_unit
from qa.text.words import coverage, rarity, stems
from qa.types import Hit, Passage, Span

CHOICE = {
    "evidence_probability": 0.82,
    "share": 3.0,
    "answered": 2.3,
    "span": 1.92,
    "span_probability": 0.3,
    "passage_cosine": 4.04,
    "words_in_sentence": 1.11,
    "words_in_passage": 1.19,
    "words_above": 3.71,
    "rank": -0.58,
    "like_a_heading": -2.17,
    "undecided": -2.36,
    "length": 0.48,
    "begins_inside": 0.42,
    "named": 2.06,
}
"""The log-odds that a sentence is the right one of its question: what is known of it, and how much that counts.

Printed, with the weights in qa.reader.certainty, by: python -m qa.training.large.choice DIR
"""

FEATURES, CHOICE_WEIGHTS = tuple(CHOICE), np.array([*CHOICE.values()])
"""The names of `Candidate.features`, in that order, and the weight of each."""

ANSWERS_NOTHING = re.compile(r".*\?[\"'”’)]*\s*$|.*(?:\.[ \t]?){4,}\s*\d+\s*$", re.DOTALL)
"""A question, or a line of a table of contents."""

MAX_HEADING_WORDS = 8
"""A longer line without an end may be a clause that others follow."""

BEGINS_INSIDE = re.compile(r"[^\w\"'“‘«(\[]*[a-zß-öø-ÿ]|[,.:;)]")
"""How the rest of a sentence begins whose beginning was cut off."""

NO_SPAN = -12.0
"""The score of a sentence's span where it has none."""


@dataclass(frozen=True, slots=True)
class ReadHit:
    """A hit with what the large reader says of it."""

    hit: Hit
    rank: int
    """Its place among the hits, from 0."""
    reading: PassageReading


def sentence_candidates(question: str, read: Sequence[ReadHit], hits: Sequence[Hit]) -> list[Candidate]:
    """Return a candidate for each sentence that was read, each place in a document once.

    Those that answer nothing, such as questions, are left out unless there is nothing else.

    Args:
        question: what is asked.
        read: the hits that the large reader has read.
        hits: all hits, whose words tell how rare a word of the question is.
    """
    asked = stems(question)
    weights = rarity(asked, [set(stems(hit.passage.text)) for hit in hits])
    found: dict[tuple[str, Span], Candidate] = {}
    idle: set[tuple[str, Span]] = set()
    for place in read:
        passage = place.hit.passage
        shared = (coverage(weights, set(stems(passage.text))), coverage(weights, set(stems(passage.context))))
        for sentence in place.reading.sentences:
            candidate = _candidate(question, weights, place, sentence, shared)
            key = (candidate.document_id, candidate.quoted)
            if ANSWERS_NOTHING.match(_text(passage, sentence.sentence)):
                idle.add(key)
            known = found.get(key)
            if known is None or known.features[0] < candidate.features[0]:
                found[key] = candidate  # neighbouring passages overlap, so both may hold the sentence
    return [found[key] for key in found if key not in idle] or list(found.values())


def _candidate(
    question: str,
    weights: dict[str, float],
    place: ReadHit,
    sentence: SentenceReading,
    shared: tuple[float, float],
) -> Candidate:
    passage = place.hit.passage
    start, end = sentence.sentence
    text = _text(passage, sentence.sentence)
    score, span = (NO_SPAN, None) if sentence.span is None else (sentence.span.score, sentence.span)
    first, last = (
        whole_unit(passage.text, span.start, span.end) if span else (start - passage.start, end - passage.start)
    )
    answer = passage.text[first:last] if score > 0 else text  # else the sentence as a whole is the answer
    features = (
        sigmoid(sentence.evidence),
        sentence.share / 10,
        place.reading.answered / 10,
        score / 10,
        sigmoid(score),
        place.hit.cosine,
        coverage(weights, set(stems(text))),
        *shared,
        math.log1p(place.rank),
        float(_is_like_a_heading(text, start, passage)),
        place.reading.stance[2] if YES_OR_NO.match(question) else 0.0,
        math.log1p(len(text.split())),
        float(BEGINS_INSIDE.match(text) is not None and not passage.cells),
        float(place.hit.named),
    )
    place_of_span = (passage.start + first, passage.start + last)
    return Candidate(passage.document_id, place_of_span, (start, end), answer, features, place.hit.duplicate_group)


def _is_like_a_heading(text: str, start: int, passage: Passage) -> bool:
    """Return whether a sentence has no end and is short, or begins the document as its title does."""
    begins = passage.start == 0 and not passage.text[:start].strip()
    short = len(text.split()) <= MAX_HEADING_WORDS
    return (short or begins) and not SENTENCE_END.search(text) and not passage.cells


def _text(passage: Passage, span: Span) -> str:
    return passage.text[span[0] - passage.start : span[1] - passage.start]


def features_of(candidates: Sequence[Candidate]) -> Floats:
    """Return the candidates' features (n, f)."""
    return np.array([candidate.features for candidate in candidates], np.float64).reshape(-1, len(FEATURES))
