"""Build the large reader's training examples from questions whose answer is a span of a paragraph."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from qa.text.english import STOP_WORDS
from qa.text.sentences import sentence_spans
from qa.text.words import words
from qa.training.augmentation import augment
from qa.training.examples import Pair, TrainingData, another_sentence, overlap, pair_of
from qa.types import Span

WINDOW_CHARS = (160, 700)
"""Bounds in characters between which a window's length is drawn; most passages of the product have fewer."""

CONTEXT_SHARE = 0.6
"""Share of the examples that are shown under their title, as passages are shown under their headings."""

FURNITURE_SHARE = 0.12
"""Share of the examples that get a line which says what the text is about, or asks it, and answers nothing."""

SHARES = {
    "qamr_dev_test": 0.08,  # few sentences, one-word answers
    "policyqa_dev_test": 0.3,  # few distinct questions, loose answers
    "sleepqa": 0.4,
    "squadshifts_reddit": 0.3,
    "squadshifts_amazon_reviews": 0.25,
    "squadshifts_new_wiki": 0.7,
    "synthetic_nearmiss": 0.6,
    "fairytaleqa": 0.6,
    "squad2_articles": 2.0,  # few questions are written to deceive
}
"""How many times an epoch shows a file's questions, if not once."""


class Stance(IntEnum):
    """What a text says of a statement or a yes/no question."""

    SUPPORTED = 0
    CONTRADICTED = 1
    NEITHER = 2


@dataclass(frozen=True, slots=True)
class Example:
    """A question with a text and everything that is known about the two; what is not known is not trained."""

    question: str
    text: str
    sentences: tuple[Span, ...]
    """The sentences of `text`, or the one span of a table's row."""
    evidence: frozenset[int] | None
    """Indices of the sentences that answer, empty where none does; None where that is not known."""
    context: str = ""
    """The headings above the text."""
    answer: Span | None = None
    """The answer's span in `text`."""
    unanswerable: bool = False
    """Whether it is known that `text` holds no answer."""
    stance: Stance | None = None


def span_examples(training_data: TrainingData, places: Sequence[int], rng: random.Random) -> Iterator[Example]:
    """Yield the questions of `places` as one epoch shows them, each with its answer or as a negative."""
    for place in places:
        share = SHARES.get(training_data.questions[place].file, 1.0)
        for _ in range(int(share) + (rng.random() < share % 1)):
            pair = pair_of(training_data, place, rng, WINDOW_CHARS)
            if pair is not None:
                sentence = another_sentence(training_data, place, rng)
                yield with_furniture(_example(pair, augment(pair.question, sentence, rng), rng), rng)


def _example(pair: Pair, question: str, rng: random.Random) -> Example:
    sentences = tuple(sentence_spans(pair.text))
    answer = pair.answer
    return Example(
        question,
        pair.text,
        sentences,
        frozenset(n for n, span in enumerate(sentences) if answer and overlap(span, answer)),
        pair.title if rng.random() < CONTEXT_SHARE else "",
        answer,
        unanswerable=answer is None,
    )


def with_furniture(example: Example, rng: random.Random) -> Example:
    """Put a line before some sentence that names the subject like a heading, a contents line or a question."""
    kept = [word for word in words(example.question) if word not in STOP_WORDS]
    if rng.random() >= FURNITURE_SHARE or not kept or not example.sentences:
        return example
    heading = " ".join(kept[:7]).capitalize()
    line = rng.choice([heading, f"{heading} {'.' * rng.randrange(3, 30)} {rng.randrange(1, 300)}", example.question])
    number = rng.randrange(len(example.sentences))
    place = example.sentences[number][0]
    line = re.sub(r"\s+", " ", line)
    shift = len(line) + 1

    def moved(span: Span) -> Span:
        return (span[0] + shift, span[1] + shift) if span[0] >= place else span

    sentences = [moved(span) for span in example.sentences]
    sentences.insert(number, (place, place + len(line)))
    if example.answer and example.answer[0] < place < example.answer[1]:
        return example  # the answer goes over several sentences
    return Example(
        example.question,
        f"{example.text[:place]}{line}\n{example.text[place:]}",
        tuple(sentences),
        example.evidence and frozenset(n + (n >= number) for n in example.evidence),
        example.context,
        example.answer and moved(example.answer),
        example.unanswerable,
        example.stance,
    )
