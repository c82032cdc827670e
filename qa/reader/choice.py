"""Choose among the sentences that both readers have read: what each of them says, and what retrieval says.

A sentence is a candidate whether or not a span of it is a short answer. Which features count how much is learned, from
questions of many kinds over documents of many kinds; see qa.training.large.choice.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.reader.answer_types import YES_OR_NO, has_wrong_type
from qa.reader.candidates import SENTENCE_END, Candidate, Floats, same_answer, sigmoid
from qa.reader.large import PassageReading, SentenceReading
from qa.reader.model import ScoredSpan
from qa.reader.units import whole_unit
from qa.text.words import coverage, rarity, stems
from qa.types import Hit, Span

FEATURES = (
    "evidence",
    "evidence_probability",
    "share",
    "answered",
    "span",
    "span_probability",
    "small_span",
    "small_probability",
    "sentence_cosine",
    "passage_cosine",
    "words_in_sentence",
    "words_in_passage",
    "words_above",
    "rank",
    "only_repeats",
    "wrong_type",
    "ends_like_a_heading",
    "answers_nothing",
    "decides",
    "length",
    "begins_inside",
)
"""What is known of each candidate, in the order of `Candidate.features`."""

ANSWERS_NOTHING = re.compile(r".*\?[\"'”’)]*\s*$|.*(?:\.[ \t]?){4,}\s*\d+\s*$", re.DOTALL)
"""A question, or a line of a table of contents."""

BEGINS_INSIDE = re.compile(r"[^\w\"'“‘«(\[]*[a-zß-öø-ÿ]|[,.:;)]")
"""How the rest of a sentence begins whose beginning was cut off."""

UNREAD = -12.0
"""The score of a span that a reader has not found."""


@dataclass(frozen=True, slots=True)
class ReadHit:
    """A hit with what both readers say of it."""

    hit: Hit
    rank: int
    """Its place among the hits, from 0."""
    reading: PassageReading
    small: Sequence[ScoredSpan]
    """The small reader's spans in the passage."""


def sentence_candidates(
    question: str, read: Sequence[ReadHit], hits: Sequence[Hit], cosines: Sequence[NDArray[np.float32]]
) -> list[Candidate]:
    """Return a candidate for each sentence that was read, each place in a document once.

    Args:
        question: what is asked.
        read: the hits that the large reader has read.
        hits: all hits, whose words tell how rare a word of the question is.
        cosines: for each hit of `read`, the cosines of the question with the sentences of its reading.
    """
    asked = stems(question)
    weights = rarity(asked, [set(stems(hit.passage.text)) for hit in hits])
    found: dict[tuple[str, Span], Candidate] = {}
    for place, own in zip(read, cosines, strict=True):
        passage = place.hit.passage
        shared = (
            coverage(weights, set(stems(passage.text))),
            coverage(weights, set(stems(passage.context))),
            math.log1p(place.rank),
        )
        for sentence, cosine in zip(place.reading.sentences, own.tolist(), strict=True):
            candidate = _candidate(question, set(asked), weights, place, sentence, (cosine, *shared))
            key = (candidate.document_id, candidate.quoted)
            known = found.get(key)
            if known is None or known.features[0] < candidate.features[0]:
                found[key] = candidate  # neighbouring passages overlap, so both may hold the sentence
    return list(found.values())


def _candidate(
    question: str,
    asked: set[str],
    weights: dict[str, float],
    place: ReadHit,
    sentence: SentenceReading,
    known: tuple[float, float, float, float],
) -> Candidate:
    passage = place.hit.passage
    cosine, in_passage, above, rank = known
    start, end = sentence.sentence
    text = passage.text[start - passage.start : end - passage.start]
    small = max((span.score for span in place.small if _inside(span, start, end, passage.start)), default=UNREAD)
    score, span = (UNREAD, None) if sentence.span is None else (sentence.span.score, sentence.span)
    first, last = (
        whole_unit(passage.text, span.start, span.end) if span else (start - passage.start, end - passage.start)
    )
    short = passage.text[first:last]
    supported, contradicted, _ = place.reading.stance
    features = (
        sentence.evidence / 10,
        sigmoid(sentence.evidence),
        sentence.share / 10,
        place.reading.answered / 10,
        score / 10,
        sigmoid(score),
        small / 10,
        sigmoid(small),
        cosine,
        place.hit.cosine,
        coverage(weights, set(stems(text))),
        in_passage,
        above,
        rank,
        float(set(stems(text)) <= asked),
        float(has_wrong_type(question, short if score > 0 else text)),
        float(not SENTENCE_END.search(text) and not passage.cells),
        float(ANSWERS_NOTHING.match(text) is not None),
        max(supported, contradicted) if YES_OR_NO.match(question) else 0.0,
        math.log1p(len(text.split())),
        float(BEGINS_INSIDE.match(text) is not None and not passage.cells),
    )
    # A sentence without a short answer is an answer as a whole.
    answer = (passage.start + first, passage.start + last) if score > 0 else (start, end)
    return Candidate(
        passage.document_id, answer, (start, end), short if score > 0 else text, features, place.hit.duplicate_group
    )


def _inside(span: ScoredSpan, start: int, end: int, offset: int) -> bool:
    return span.start + offset < end and start < span.end + offset


def quotable(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates without those that answer nothing, such as questions; all where nothing else is there."""
    place = FEATURES.index("answers_nothing")
    return [candidate for candidate in candidates if not candidate.features[place]] or list(candidates)


def features_of(candidates: Sequence[Candidate]) -> Floats:
    """Return the candidates' features (n, f)."""
    return np.array([candidate.features for candidate in candidates], np.float64).reshape(-1, len(FEATURES))


# Printed, with the constants of qa/answering/answerers/reader.py, by: python -m qa.training.large.choice DIR
CHOICE_WEIGHTS = np.array(
    [
        3.41,
        -0.37,
        2.25,
        1.4,
        1.86,
        0.21,
        -0.27,
        0.32,
        0.74,
        5.28,
        1.31,
        0.37,
        3.32,
        -0.67,
        -1.13,
        -0.33,
        -0.85,
        0.0,
        2.2,
        0.59,
        0.84,
    ]
)
"""Log-odds that a candidate is the right one of its question, for each feature."""

CERTAINTY = (
    "score",
    "lead",
    "evidence_probability",
    "span_probability",
    "answered",
    "cosine",
    "words_found",
    "words_in_sentence",
    "words_in_passage",
    "small_probability",
    "best_passage_cosine",
    "best_answered",
)
"""What the confidence depends on, in the order of `certainty_features`."""

MAX_LEAD = 8.0
"""The lead of an answer without a rival, and the greatest that counts."""


def certainty_features(question: str, ranked: Sequence[tuple[float, Candidate]], hits: Sequence[Hit]) -> Floats:
    """Return what is known of the best candidate (c,); `ranked` holds at least one candidate, best first.

    The lead is that over the best candidate with another answer.
    """
    score, best = ranked[0]
    own = dict(zip(FEATURES, best.features, strict=True))
    rival = next((other for other, candidate in ranked[1:] if not same_answer(candidate, best)), score - MAX_LEAD)
    every = features_of([candidate for _, candidate in ranked])
    asked = stems(question)
    found = {word for hit in hits for word in stems(hit.passage.text)}
    return np.array(
        [
            score,
            min(score - rival, MAX_LEAD),
            own["evidence_probability"],
            own["span_probability"],
            own["answered"],
            max(own["sentence_cosine"], own["passage_cosine"]),
            sum(word in found for word in asked) / max(len(asked), 1),
            own["words_in_sentence"],
            own["words_in_passage"],
            own["small_probability"],
            every[:, FEATURES.index("passage_cosine")].max(),
            every[:, FEATURES.index("answered")].max(),
        ]
    )
