"""Turn question–passage pairs into make_batches of windows, to train and to evaluate the reader and its teacher."""

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

PADDED_LENGTHS = (64, 80, 96, 112, 128, 144, 160)
"""Lengths in tokens to which windows are padded; few, since every new shape costs a compilation."""

BATCH_TOKENS = 4096
"""Tokens in one batch, padding included."""

Item = tuple[list[int], int, tuple[int, int]]
"""A window's token ids, the index of its passage's first token, and those of the answer's first and last token."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows that are padded to the same length t."""

    ids: Tensor
    """(n, t): token ids."""
    token_type_ids: Tensor
    """(n, t): 0 in the question, 1 in the passage."""
    attention_mask: Tensor
    """(n, t): 1 at tokens, 0 at padding."""
    answers: Tensor
    """(n, 2): indices of the answer's first and last token; 0 and 0 (the [CLS] token) where there is no answer."""
    allowed: Tensor
    """(n, t): True where an answer may start or end: in the passage and at [CLS]."""

    def to(self, device: torch.device) -> "Batch":
        """Copy the batch to another device."""
        return Batch(*(getattr(self, field.name).to(device) for field in fields(self)))


def make_batches(pairs: Sequence[Pair], tokenizer: WindowTokenizer, seed: int) -> list[Batch]:
    """Batch windows of similar length together and shuffle the make_batches; incomplete make_batches are dropped."""
    by_length: dict[int, list[Item]] = defaultdict(list)
    for pair in pairs:
        window = next(tokenizer.windows(pair.question, pair.text, PADDED_LENGTHS[-1]), None)
        if window is None:
            continue
        answer = (0, 0)
        if pair.answer is not None:
            start, end = pair.answer
            covered = [n for n, (a, b) in enumerate(window.offsets) if a < end and start < b]
            if not covered or window.offsets[-1][1] < end:
                continue
            answer = (window.passage_start + covered[0], window.passage_start + covered[-1])
        length = next(length for length in PADDED_LENGTHS if length >= len(window.ids))
        by_length[length].append((window.ids, window.passage_start, answer))
    made = [
        pad(items[n : n + BATCH_TOKENS // length], length)
        for length, items in sorted(by_length.items())
        for n in range(0, len(items), BATCH_TOKENS // length)
        if len(items) >= n + BATCH_TOKENS // length
    ]
    random.Random(seed).shuffle(made)
    return made


def too_few_questions(data: Path, places: Sequence[int]) -> ReaderError:
    """Build the error for a folder `data` whose questions do not fill one batch."""
    return ReaderError(f"{data} holds {len(places)} questions, too few for one batch; wanted SQuAD-format .json files")


def pad(items: Sequence[Item], length: int) -> Batch:
    """Pad windows to `length` tokens and stack them into one batch."""
    ids, token_type_ids, attention_mask = (torch.zeros(len(items), length, dtype=torch.long) for _ in range(3))
    allowed = torch.zeros(len(items), length, dtype=torch.bool)
    for row, (window, first, _) in enumerate(items):
        ids[row, : len(window)] = torch.tensor(window)
        token_type_ids[row, first : len(window)] = 1
        attention_mask[row, : len(window)] = 1
        allowed[row, first : len(window) - 1] = True
        allowed[row, 0] = True
    return Batch(ids, token_type_ids, attention_mask, torch.tensor([answer for *_, answer in items]), allowed)


def mask_scores(scores: Tensor, batch: Batch) -> Tensor:
    """Return the scores (n, t, 2) in float32, with MASKED_LOGIT added where no answer may be."""
    return scores.float() + (~batch.allowed * MASKED_LOGIT)[:, :, None]


def evaluate(score: Callable[[Batch], Tensor], tokenizer: WindowTokenizer, pairs: Sequence[Pair]) -> dict[str, float]:
    """Measure the F1 of the answerable pairs' spans, and the AUROC of the margin between answerable and unanswerable.

    `score` maps a batch to start and end scores (n, t, 2).
    """
    overlaps: list[float] = []
    margins: dict[bool, list[float]] = {True: [], False: []}
    with torch.inference_mode():
        for pair in pairs:
            window = next(tokenizer.windows(pair.question, pair.text, PADDED_LENGTHS[-1]))
            scores = score(pad([(window.ids, window.passage_start, (0, 0))], len(window.ids)))[0].cpu()
            start, end, margin = best_span(scores, window.passage_start)
            margins[pair.answer is not None].append(margin)
            if pair.answer is not None:
                offsets = window.offsets
                got = pair.text[offsets[start - window.passage_start][0] : offsets[end - window.passage_start][1]]
                overlaps.append(f1(pair.text[slice(*pair.answer)], got))
    return {"HasAns_f1": sum(overlaps) / max(len(overlaps), 1), "auroc": auroc(margins[True], margins[False])}


def best_span(scores: Tensor, first: int, longest: int = 30) -> tuple[int, int, float]:
    """Return the first and last token of the likeliest span in scores (t, 2), and its margin over no answer."""
    spans = scores[first:, 0, None] + scores[None, first:, 1]
    spans = spans.triu().tril(longest - 1) + (torch.ones_like(spans).triu().tril(longest - 1) - 1) * 1e9
    place = int(spans.argmax())
    start, end = divmod(place, spans.shape[1])
    return start + first, end + first, float(spans.max() - scores[0].sum())
