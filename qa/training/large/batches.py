"""Turn examples into batches: tokens, the answer's place, the sentence of each token, and what is evidence."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from qa.reader.tokenization import WindowTokenizer
from qa.training.large.examples import Example
from qa.types import Span

PADDED_LENGTHS = (48, 64, 96, 128, 160, 192, 224, 256)
"""Lengths in tokens to which windows are padded; few, since every new shape costs a compilation."""

BATCH_TOKENS = 4096
"""Tokens in one batch, padding included."""

UNKNOWN = -100
"""A target that is not trained; torch's own default for that."""


@dataclass(frozen=True, slots=True)
class Item:
    """One window with its targets."""

    ids: list[int]
    passage_start: int
    answer: tuple[int, int]
    """First and last token of the answer; 0, the [CLS] token, where there is none; UNKNOWN where that is not known."""
    sentences: list[int]
    """For each token the number of its sentence, from 1; 0 outside."""
    evidence: frozenset[int] | None
    """Numbers of the sentences that are evidence; {0} where none is; None where that is not known."""
    stance: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows that are padded to the same length t, with at most s sentences each."""

    ids: Tensor
    """(n, t): token ids."""
    attention_mask: Tensor
    """(n, t): 1 at tokens, 0 at padding."""
    allowed: Tensor
    """(n, t): True where an answer may start or end: in the passage and at [CLS]."""
    answers: Tensor
    """(n, 2): first and last token of the answer, as in `Item`."""
    sentences: Tensor
    """(n, t): the number of each token's sentence, from 1; 0 outside."""
    evidence: Tensor
    """(n, 1 + s): the share of each sentence in the evidence, and before them that of "no evidence"; a row of zeros
    where it is not known."""
    present: Tensor
    """(n, 1 + s): True for "no evidence" and for the sentences that the window has."""
    stances: Tensor
    """(n,): as in `Stance`, or UNKNOWN."""

    def to(self, device: torch.device) -> "Batch":
        """Copy the batch to another device."""
        return Batch(*(getattr(self, field.name).to(device) for field in fields(self)))


def item(example: Example, tokenizer: WindowTokenizer) -> Item | None:
    """Return the first window of an example; None where what answers does not fit into it."""
    prefix = f"{example.context}\n" if example.context else ""
    window = next(tokenizer.windows(example.question, prefix + example.text, PADDED_LENGTHS[-1]), None)
    if window is None or window.offsets[-1][1] <= len(prefix):
        return None
    offsets = [(start - len(prefix), end - len(prefix)) for start, end in window.offsets]
    sentences = [0] * window.passage_start + [_sentence_at(end - 1, example.sentences) for _, end in offsets] + [0]
    evidence = None if example.evidence is None else frozenset(n + 1 for n in example.evidence if n + 1 in sentences)
    answer = _answer_tokens(example, offsets, window.passage_start)
    if answer is None or (example.evidence and not evidence):
        return None
    stance = UNKNOWN if example.stance is None else int(example.stance)
    known = evidence if evidence is None else evidence or frozenset([0])
    return Item(window.ids, window.passage_start, answer, sentences, known, stance)


def _sentence_at(place: int, sentences: Sequence[Span]) -> int:
    """Return the number of the sentence, from 1, that holds the character at `place`; 0 if none does."""
    return next((number for number, (start, end) in enumerate(sentences, 1) if start <= place < end), 0)


def _answer_tokens(example: Example, offsets: Sequence[Span], first: int) -> tuple[int, int] | None:
    """Return the answer's first and last token as in `Item`; None where the window does not hold all of it."""
    if example.answer is None:
        return (0, 0) if example.unanswerable else (UNKNOWN, UNKNOWN)
    start, end = example.answer
    covered = [n for n, (a, b) in enumerate(offsets) if a < end and start < b]
    return (first + covered[0], first + covered[-1]) if covered and offsets[-1][1] >= end else None


def make_batches(examples: Iterable[Example], tokenizer: WindowTokenizer, seed: int) -> list[Batch]:
    """Batch windows of similar length together and shuffle the batches; incomplete batches are dropped."""
    by_length: dict[int, list[Item]] = defaultdict(list)
    for example in examples:
        made = item(example, tokenizer)
        if made is not None:
            by_length[next(length for length in PADDED_LENGTHS if length >= len(made.ids))].append(made)
    rng = random.Random(seed)
    batches = []
    for length, items in sorted(by_length.items()):
        rng.shuffle(items)
        size = BATCH_TOKENS // length
        batches += [pad(items[n : n + size], length) for n in range(0, len(items) - size + 1, size)]
    rng.shuffle(batches)
    return batches


def pad(items: Sequence[Item], length: int) -> Batch:
    """Pad windows to `length` tokens and stack them into one batch."""
    most = max(max(item.sentences) for item in items)
    ids, attention_mask, sentences = (torch.zeros(len(items), length, dtype=torch.long) for _ in range(3))
    allowed = torch.zeros(len(items), length, dtype=torch.bool)
    evidence = torch.zeros(len(items), 1 + most)
    present = torch.zeros(len(items), 1 + most, dtype=torch.bool)
    for row, item in enumerate(items):
        size = len(item.ids)
        ids[row, :size] = torch.tensor(item.ids)
        attention_mask[row, :size] = 1
        allowed[row, item.passage_start : size - 1] = True
        allowed[row, 0] = True
        sentences[row, :size] = torch.tensor(item.sentences)
        present[row, [0, *set(item.sentences)]] = True
        for number in item.evidence or ():
            evidence[row, number] = 1 / len(item.evidence or ())
    answers = torch.tensor([item.answer for item in items])
    stances = torch.tensor([item.stance for item in items])
    return Batch(ids, attention_mask, allowed, answers, sentences, evidence, present, stances)
