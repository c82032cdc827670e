"""Build the reader's training pairs: a question with a window of sentences that answers it, or only seems to.

An epoch shows every question once, with its answer or with one of five kinds of negative. Epochs differ, so over
several of them a question meets most of its windows. The same seed always gives the same epoch.
"""

import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from qa.text.normalise import normalise_answer
from qa.text.sentences import sentence_spans
from qa.text.words import stems
from qa.training.adversarial import perturb
from qa.training.augmentation import augment
from qa.training.hard_negatives import mine_hard_negatives
from qa.types import Span

HELD_OUT_SHARE = 0.03
"""Share of the paragraphs that are never trained on."""

NEGATIVE_SHARE = 0.46
"""Share of the answerable questions that an epoch shows without their answer."""

WINDOW_CHARS = (160, 520)
"""Bounds in characters between which a window's length is drawn."""

REPEATS = {"squad2_articles": 2}
"""How often an epoch shows a file's questions, if not once: few questions are written to deceive."""

ALTERNATE_EPOCHS = ("squadshifts_reddit", "squadshifts_amazon_reviews")
"""Files of which an epoch shows every other question: chat and reviews are far from what people search."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question from the training files."""

    text: str
    paragraph: int
    answer: Span | None
    """Its span in the paragraph; None for a question that was written without an answer."""
    file: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and the text that the network is shown with it."""

    question: str
    text: str
    answer: Span | None
    """The answer's span in `text`; None where `text` does not answer."""
    title: str = ""
    """The title of the article that `text` is from, where it has one."""


@dataclass(frozen=True, slots=True)
class TrainingData:
    """The contents of the training files."""

    paragraphs: list[str]
    questions: list[Question]
    hard_negatives: list[list[int]]
    """For each question, the indices of its hard negatives, best-ranked first."""
    titles: list[str]
    """For each paragraph, the title of its article, or ""."""

    def split(self, *, held_out: bool) -> list[int]:
        """Return the indices of the held-out questions, or of all others; a paragraph is never split."""
        return [i for i, q in enumerate(self.questions) if _held_out(self.paragraphs[q.paragraph]) is held_out]


def load_training_data(folder: Path, cache_folder: Path) -> TrainingData:
    """Read the SQuAD-format files of `folder`; hard negatives are cached in `cache_folder`."""
    paragraphs: list[str] = []
    titles: list[str] = []
    questions: list[Question] = []
    for file in sorted(folder.glob("*.json")):
        articles = json.loads(file.read_text("utf-8"))["data"]
        for article in articles:
            for paragraph in article["paragraphs"]:
                questions += _questions(paragraph, len(paragraphs), file.stem)
                paragraphs.append(paragraph["context"])
                titles.append(_title(article) if len(articles) > 1 else "")
    answers = [_answer_text(q, paragraphs) for q in questions]
    hard_negatives = mine_hard_negatives(paragraphs, [q.text for q in questions], answers, cache_folder)
    never = {place for place, paragraph in enumerate(paragraphs) if _held_out(paragraph)}
    return TrainingData(
        paragraphs, questions, [[place for place in found if place not in never] for found in hard_negatives], titles
    )


def _title(article: dict[str, Any]) -> str:
    """Return an article's title as people write it; "" for the name of a file, an address or a number."""
    title = re.sub(r"[_\s]+", " ", article.get("title") or "").strip()
    return "" if re.search(r"\.\w+$|[:/]|\d{2,}$|sample$", title) else title


def _questions(paragraph: dict[str, Any], place: int, file: str) -> Iterator[Question]:
    for item in paragraph["qas"]:
        if not item["answers"]:
            yield Question(item["question"].strip(), place, None, file)
            continue
        # The shortest of several annotated answers: the others only add words that are not needed.
        answer = min(item["answers"], key=lambda answer: len(answer["text"]))
        start, text = answer["answer_start"], answer["text"]
        if text.strip() and paragraph["context"][start : start + len(text)] == text:
            start += len(text) - len(text.lstrip())
            yield Question(item["question"].strip(), place, (start, start + len(text.strip())), file)


def _answer_text(question: Question, paragraphs: Sequence[str]) -> str:
    return normalise_answer(paragraphs[question.paragraph][slice(*question.answer)]) if question.answer else ""


def _held_out(paragraph: str) -> bool:
    return hashlib.sha256(paragraph.encode()).digest()[0] / 256 < HELD_OUT_SHARE


def epoch_pairs(training_data: TrainingData, places: Sequence[int], seed: int) -> list[Pair]:
    """Return a pair for each question of `places`, in random order (see REPEATS and ALTERNATE_EPOCHS)."""
    rng = random.Random(seed)
    pairs: list[Pair] = []
    for place in places:
        question = training_data.questions[place]
        if question.file in ALTERNATE_EPOCHS and (place + seed) % 2:
            continue
        for _ in range(REPEATS.get(question.file, 1)):
            pair = pair_of(training_data, place, rng)
            if pair is not None:
                sentence = another_sentence(training_data, place, rng)
                pairs.append(replace(pair, question=augment(pair.question, sentence, rng)))
    rng.shuffle(pairs)
    return pairs


def pair_of(
    training_data: TrainingData, place: int, rng: random.Random, window_chars: Span = WINDOW_CHARS
) -> Pair | None:
    """Return a window of text with one question, with its answer or as a negative; None where none can be made."""
    question = training_data.questions[place]
    paragraph = training_data.paragraphs[question.paragraph]
    title = training_data.titles[question.paragraph]
    if question.answer is None:
        return _unanswering_window(question.text, paragraph, title, None, rng, window_chars)
    if rng.random() < NEGATIVE_SHARE and (negative := _negative(training_data, place, rng, window_chars)):
        return negative
    return _positive(question, paragraph, title, rng, window_chars)


def another_sentence(training_data: TrainingData, place: int, rng: random.Random) -> str | None:
    """Choose a sentence of the question's paragraph without the answer; None where there is none."""
    question = training_data.questions[place]
    paragraph = training_data.paragraphs[question.paragraph]
    answer = _answer_text(question, training_data.paragraphs)
    sentences = [paragraph[slice(*span)].strip() for span in _sentences(paragraph)]
    free = [sentence for sentence in sentences if not answer or answer not in normalise_answer(sentence)]
    return rng.choice(free) if free else None


def _positive(question: Question, paragraph: str, title: str, rng: random.Random, window_chars: Span) -> Pair:
    assert question.answer is not None
    start, end = question.answer
    first, last = window_around(_sentences(paragraph), (start, end), rng, window_chars)
    return Pair(question.text, paragraph[first:last], (start - first, end - first), title)


def _negative(training_data: TrainingData, place: int, rng: random.Random, window_chars: Span) -> Pair | None:
    """Build a negative: half are windows that retrieval ranks high, half alter the question or its own window."""
    question = training_data.questions[place]
    paragraph, title = training_data.paragraphs[question.paragraph], training_data.titles[question.paragraph]
    draw = rng.random()
    if draw < 0.50 and training_data.hard_negatives[place]:
        other = rng.choice(training_data.hard_negatives[place][:5])
        found, its_title = training_data.paragraphs[other], training_data.titles[other]
        return _unanswering_window(question.text, found, its_title, None, rng, window_chars)
    if draw < 0.62:
        return _unanswering_window(question.text, paragraph, title, question.answer, rng, window_chars)
    positive = _positive(question, paragraph, title, rng, window_chars)
    if draw < 0.74:
        return _without_answer(positive)
    changed = perturb(question.text, paragraph, rng)
    return Pair(changed, positive.text, None, title) if changed else None


def _unanswering_window(
    question: str, paragraph: str, title: str, answer: Span | None, rng: random.Random, window_chars: Span
) -> Pair | None:
    """Take the window around the sentence most similar to the question, without the sentences of `answer`."""
    free = [span for span in _sentences(paragraph) if answer is None or not overlap(span, answer)]
    if not free:
        return None
    asked = set(stems(question))
    near = max(free, key=lambda span: (len(asked & set(stems(paragraph[slice(*span)]))), rng.random()))
    first, last = window_around(_sentences(paragraph), near, rng, window_chars)
    text = paragraph[first:last]
    if answer and overlap((first, last), answer):
        text = paragraph[slice(*near)]
    if answer and normalise_answer(paragraph[slice(*answer)]) in normalise_answer(text):
        return None
    return Pair(question, text, None, title)


def _without_answer(pair: Pair) -> Pair | None:
    """Cut the answer's sentences out of the window."""
    assert pair.answer is not None
    kept = [pair.text[slice(*span)] for span in sentence_spans(pair.text) if not overlap(span, pair.answer)]
    text = " ".join(kept)
    if not kept or normalise_answer(pair.text[slice(*pair.answer)]) in normalise_answer(text):
        return None
    return replace(pair, text=text, answer=None)


def window_around(sentences: Sequence[Span], span: Span, rng: random.Random, window_chars: Span) -> Span:
    """Widen `span` to whole sentences, then add sentences at random before or after it while there is room."""
    inside = [n for n, sentence in enumerate(sentences) if overlap(sentence, span)]
    first, last = inside[0], inside[-1]
    room = rng.uniform(*window_chars)
    while True:
        before = first > 0 and sentences[last][1] - sentences[first - 1][0] <= room
        after = last + 1 < len(sentences) and sentences[last + 1][1] - sentences[first][0] <= room
        if not before and not after:
            return sentences[first][0], sentences[last][1]
        if before and (not after or rng.random() < 0.5):
            first -= 1
        else:
            last += 1


@cache
def _sentences(paragraph: str) -> list[Span]:
    return sentence_spans(paragraph)


def overlap(one: Span, other: Span) -> bool:
    """Return whether two spans share a character."""
    return one[0] < other[1] and other[0] < one[1]
