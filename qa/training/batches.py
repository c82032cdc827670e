"""Pairs as batches of windows of one length: what the reader and its teacher are trained on, and checked with."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import torch
from torch import Tensor

from qa.errors import ReaderError
from qa.evaluate.metrics import auroc, f1
from qa.reader.network import MASKED_LOGIT
from qa.reader.tokenization import WindowTokenizer
from qa.training.examples import Pair

LENGTHS = (64, 80, 96, 112, 128, 144, 160)
"""Tokens that windows are padded to: few shapes, for each new one costs a compilation."""

TOKENS = 4096
"""In one batch."""

Item = tuple[list[int], int, tuple[int, int]]
"""A window's tokens, the place of its passage's first, and the places of the answer's first and last."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows of one padded length t."""

    ids: Tensor
    """(n, t): of the tokens."""
    kinds: Tensor
    """(n, t): 0 in the question, 1 in the passage."""
    tokens: Tensor
    """(n, t): 1 at tokens, 0 at padding."""
    answers: Tensor
    """(n, 2): places of the first and last token of the answer, 0 and 0 (the [CLS] token) where there is none."""
    allowed: Tensor
    """(n, t): where an answer may start or end: the passage and [CLS]."""

    def to(self, device: torch.device) -> "Batch":
        """The same on another device."""
        return Batch(*(getattr(self, field.name).to(device) for field in fields(self)))


def batches(pairs: Sequence[Pair], inputs: WindowTokenizer, seed: int) -> list[Batch]:
    """Windows of like length together, in random order."""
    by_length: dict[int, list[Item]] = defaultdict(list)
    for pair in pairs:
        window = next(inputs.windows(pair.question, pair.text, LENGTHS[-1]), None)
        if window is None:
            continue
        answer = (0, 0)
        if pair.answer is not None:
            start, end = pair.answer
            covered = [n for n, (a, b) in enumerate(window.offsets) if a < end and start < b]
            if not covered or window.offsets[-1][1] < end:
                continue
            answer = (window.passage_start + covered[0], window.passage_start + covered[-1])
        length = next(length for length in LENGTHS if length >= len(window.ids))
        by_length[length].append((window.ids, window.passage_start, answer))
    made = [
        pad(items[n : n + TOKENS // length], length)
        for length, items in sorted(by_length.items())
        for n in range(0, len(items), TOKENS // length)
        if len(items) >= n + TOKENS // length
    ]
    random.Random(seed).shuffle(made)
    return made


def too_few_questions(data: Path, places: Sequence[int]) -> ReaderError:
    """What to raise where the questions found in the folder `data` fill no batch."""
    return ReaderError(f"{data} holds {len(places)} questions, too few for one batch; wanted SQuAD-format .json files")


def pad(items: Sequence[Item], length: int) -> Batch:
    """Windows as one batch, each filled up to `length` tokens."""
    ids, kinds, tokens = (torch.zeros(len(items), length, dtype=torch.long) for _ in range(3))
    allowed = torch.zeros(len(items), length, dtype=torch.bool)
    for row, (window, first, _) in enumerate(items):
        ids[row, : len(window)] = torch.tensor(window)
        kinds[row, first : len(window)] = 1
        tokens[row, : len(window)] = 1
        allowed[row, first : len(window) - 1] = True
        allowed[row, 0] = True
    return Batch(ids, kinds, tokens, torch.tensor([answer for *_, answer in items]), allowed)


def mask_scores(scores: Tensor, batch: Batch) -> Tensor:
    """(n, t, 2) in float32, with MASKED_LOGIT added where no answer may be."""
    return scores.float() + (~batch.allowed * MASKED_LOGIT)[:, :, None]


def check(score: Callable[[Batch], Tensor], inputs: WindowTokenizer, pairs: Sequence[Pair]) -> dict[str, float]:
    """F1 of the spans where there is an answer, and how well the margin tells whether there is one.

    `score` gives (n, t, 2), start and end, of a batch.
    """
    overlaps: list[float] = []
    margins: dict[bool, list[float]] = {True: [], False: []}
    with torch.inference_mode():
        for pair in pairs:
            window = next(inputs.windows(pair.question, pair.text, LENGTHS[-1]))
            scores = score(pad([(window.ids, window.passage_start, (0, 0))], len(window.ids)))[0].cpu()
            start, end, margin = best_span(scores, window.passage_start)
            margins[pair.answer is not None].append(margin)
            if pair.answer is not None:
                offsets = window.offsets
                got = pair.text[offsets[start - window.passage_start][0] : offsets[end - window.passage_start][1]]
                overlaps.append(f1(pair.text[slice(*pair.answer)], got))
    return {"HasAns_f1": sum(overlaps) / max(len(overlaps), 1), "auroc": auroc(margins[True], margins[False])}


def best_span(scores: Tensor, first: int, longest: int = 30) -> tuple[int, int, float]:
    """Of (t, 2): first and last token of the likeliest span, and by how much it beats no answer."""
    spans = scores[first:, 0, None] + scores[None, first:, 1]
    spans = spans.triu().tril(longest - 1) + (torch.ones_like(spans).triu().tril(longest - 1) - 1) * 1e9
    place = int(spans.argmax())
    start, end = divmod(place, spans.shape[1])
    return start + first, end + first, float(spans.max() - scores[0].sum())
