"""Trains the reader: python -m qa.reader.train DATA --out FOLDER. Stops and goes on from its checkpoint.

DATA holds SQuAD-format files. Everything drawn at random follows from --seed and the round, so that a run that was
stopped goes on as if it had not been. The arithmetic is bfloat16, the weights that are updated float32; what is kept
is their running average, which reads better than the last step's.
"""

import argparse
import json
import math
import os
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

from embeddings.models import MINILM
from qa.errors import ReaderError
from qa.metrics import auroc, f1
from qa.reader.inputs import Inputs
from qa.reader.model import VERSION
from qa.reader.network import NOWHERE, Embeddings, Network, Weights, body, read_encoder
from qa.reader.pairs import Material, Pair, one_round, read_material

LENGTHS = (64, 80, 96, 112, 128, 144, 160)
"""Tokens that windows are padded to: few shapes, for each new one costs a compilation."""

TOKENS = 4096
"""In one batch."""

HEAD = 1
"""What the head's first weights are drawn from; the same in every run, so that runs can be averaged."""

CHECKED = 1200
"""Pairs of the held-out paragraphs that a check reads."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides what the weights become, besides the data."""

    seed: int = 1
    rounds: float = 4
    rate: float = 2e-4
    """Learning rate at its highest, after WARMUP; it falls to a twentieth in a straight line."""
    warmup: int = 150
    """Steps."""
    decay: float = 0.01
    """Weight decay of AdamW."""
    clip: float = 1.0
    """Norm of the gradient, at most."""
    average: float = 0.998
    """Share of the running average that stays at each step."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows of one padded length."""

    ids: Tensor
    kinds: Tensor
    tokens: Tensor
    answers: Tensor
    """(n, 2): places of the first and last token of the answer, 0 and 0 (the [CLS] token) where there is none."""
    allowed: Tensor
    """(n, t): where an answer may start or end: the passage and [CLS]."""


def batches(pairs: Sequence[Pair], inputs: Inputs, seed: int) -> list[Batch]:
    """Windows of like length together, in random order."""
    by_length: dict[int, list[tuple[list[int], int, tuple[int, int]]]] = defaultdict(list)
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
            answer = (window.first + covered[0], window.first + covered[-1])
        length = next(length for length in LENGTHS if length >= len(window.ids))
        by_length[length].append((window.ids, window.first, answer))
    made = [
        _batch(items[n : n + TOKENS // length], length)
        for length, items in sorted(by_length.items())
        for n in range(0, len(items), TOKENS // length)
        if len(items) >= n + TOKENS // length
    ]
    random.Random(seed).shuffle(made)
    return made


def _batch(items: Sequence[tuple[list[int], int, tuple[int, int]]], length: int) -> Batch:
    ids, kinds, tokens = (torch.zeros(len(items), length, dtype=torch.long) for _ in range(3))
    allowed = torch.zeros(len(items), length, dtype=torch.bool)
    for row, (window, first, _) in enumerate(items):
        ids[row, : len(window)] = torch.tensor(window)
        kinds[row, first : len(window)] = 1
        tokens[row, : len(window)] = 1
        allowed[row, first : len(window) - 1] = True
        allowed[row, 0] = True
    return Batch(ids, kinds, tokens, torch.tensor([answer for *_, answer in items]), allowed)


class Trainer:
    """The network in two copies: bfloat16 to compute with, float32 to update; and the running average."""

    def __init__(self, recipe: Recipe, encoder: Weights, steps: int, *, compiled: bool) -> None:
        torch.manual_seed(HEAD)
        self.recipe, self.steps, self.step = recipe, steps, 0
        self.embeddings = Embeddings(encoder)
        self.network = Network()
        self.network.load_state_dict(body(encoder), strict=False)
        torch.nn.init.normal_(self.network.head.weight, std=0.02)
        torch.nn.init.zeros_(self.network.head.bias)
        self.network.bfloat16()
        self.weights = {name: p.detach().float().clone() for name, p in self.network.named_parameters()}
        self.weights |= {name: value.clone() for name, value in body(encoder).items()}  # unrounded
        self.averaged = {name: value.clone() for name, value in self.weights.items()}
        self.optimizer = torch.optim.AdamW(self.weights.values(), lr=recipe.rate, weight_decay=recipe.decay, fused=True)
        self._run: Callable[..., Tensor] = torch.compile(self.network, dynamic=False) if compiled else self.network

    def learn(self, batch: Batch) -> float:
        """One step; the batch's loss."""
        rate = self.recipe.rate * self._share_of_rate()
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        parameters = dict(self.network.named_parameters())
        with torch.no_grad():
            for name, parameter in parameters.items():
                parameter.copy_(self.weights[name])
                parameter.grad = None
        loss = functional.cross_entropy(_scores(self._run, self.embeddings, batch), batch.answers)
        torch.autograd.backward(loss)
        for name, weight in self.weights.items():
            gradient = parameters[name].grad
            assert gradient is not None
            weight.grad = gradient.float()
        torch.nn.utils.clip_grad_norm_(self.weights.values(), self.recipe.clip)
        self.optimizer.step()
        self.step += 1
        keep = min(self.recipe.average, self.step / (self.step + 10))
        with torch.no_grad():
            for name, average in self.averaged.items():
                average.lerp_(self.weights[name], 1 - keep)
        return float(loss.detach())

    def _share_of_rate(self) -> float:
        if self.step < self.recipe.warmup:
            return (self.step + 1) / self.recipe.warmup
        left = 1 - (self.step - self.recipe.warmup) / max(self.steps - self.recipe.warmup, 1)
        return max(left, 0.05)

    def save(self, folder: Path, state: dict[str, object]) -> None:
        """Write everything needed to go on; a save cut off leaves the one before it."""
        tensors = {f"weights.{name}": value for name, value in self.weights.items()}
        tensors |= {f"averaged.{name}": value for name, value in self.averaged.items()}
        for name, weight in self.weights.items():
            for key, value in self.optimizer.state[weight].items():
                tensors[f"{key}.{name}"] = value
        save_file(tensors, folder / "checkpoint.part", {"state": json.dumps(state | {"step": self.step})})
        os.replace(folder / "checkpoint.part", folder / "checkpoint.safetensors")

    def resume(self, file: Path) -> None:
        """Take up what `save` wrote."""
        tensors = load_file(file)
        for name, weight in self.weights.items():
            weight.data.copy_(tensors[f"weights.{name}"])
            self.averaged[name].copy_(tensors[f"averaged.{name}"])
            self.optimizer.state[weight] = {
                key: tensors[f"{key}.{name}"] for key in ("step", "exp_avg", "exp_avg_sq") if f"{key}.{name}" in tensors
            }
        self.step = int(tensors[f"step.{next(iter(self.weights))}"])


def _scores(network: Callable[..., Tensor], embeddings: Embeddings, batch: Batch) -> Tensor:
    """(n, t, 2) in float32, with NOWHERE added where no answer may be."""
    scores: Tensor = network(embeddings(batch.ids, batch.kinds).bfloat16(), batch.tokens.bfloat16()).float()
    return scores + (~batch.allowed * NOWHERE)[:, :, None]


def check(network: Network, embeddings: Embeddings, inputs: Inputs, pairs: Sequence[Pair]) -> dict[str, float]:
    """F1 of the spans where there is an answer, and how well the margin tells whether there is one."""
    overlaps: list[float] = []
    margins: dict[bool, list[float]] = {True: [], False: []}
    with torch.inference_mode():
        for pair in pairs:
            window = next(inputs.windows(pair.question, pair.text, LENGTHS[-1]))
            batch = _batch([(window.ids, window.first, (0, 0))], len(window.ids))
            scores = _scores(network, embeddings, batch)[0]
            start, end, margin = best_span(scores, window.first)
            margins[pair.answer is not None].append(margin)
            if pair.answer is not None:
                offsets = window.offsets
                got = pair.text[offsets[start - window.first][0] : offsets[end - window.first][1]]
                overlaps.append(f1(pair.text[slice(*pair.answer)], got))
    return {"HasAns_f1": sum(overlaps) / max(len(overlaps), 1), "auroc": auroc(margins[True], margins[False])}


def best_span(scores: Tensor, first: int, longest: int = 30) -> tuple[int, int, float]:
    """Of (t, 2): first and last token of the likeliest span, and by how much it beats no answer."""
    spans = scores[first:, 0, None] + scores[None, first:, 1]
    spans = spans.triu().tril(longest - 1) + (torch.ones_like(spans).triu().tril(longest - 1) - 1) * 1e9
    place = int(spans.argmax())
    start, end = divmod(place, spans.shape[1])
    return start + first, end + first, float(spans.max() - scores[0].sum())


def train(data: Path, out: Path, recipe: Recipe, *, compiled: bool = False, checked_every: int = 250) -> Weights:
    """Train, or go on training, and return the averaged weights.

    Raises:
        ReaderError: there is too little to learn from.
    """
    out.mkdir(parents=True, exist_ok=True)
    folder = MINILM.path()
    inputs, encoder = Inputs(folder), read_encoder(folder)
    material = read_material(data, out)
    places = material.split(held_out=False)
    held_out = one_round(material, material.split(held_out=True), seed=0)[:CHECKED]
    in_a_round = len(batches(one_round(material, places, _seed(recipe, 0)), inputs, 0))
    if not in_a_round:
        raise ReaderError(
            f"{data} holds {len(places)} questions, too few for one batch; wanted SQuAD-format .json files"
        )
    steps = math.ceil(recipe.rounds * in_a_round)
    trainer = Trainer(recipe, encoder, steps, compiled=compiled)
    if (out / "checkpoint.safetensors").is_file():
        trainer.resume(out / "checkpoint.safetensors")
    began, losses, from_step = time.monotonic(), [], trainer.step
    for batch in _all_batches(material, places, inputs, recipe, trainer.step, steps):
        losses.append(trainer.learn(batch))
        if trainer.step % 50 == 0:
            pace = (time.monotonic() - began) / (trainer.step - from_step)
            loss = sum(losses[-50:]) / len(losses[-50:])
            _log(out, f"step {trainer.step}/{steps} loss {loss:.3f} left {pace * (steps - trainer.step) / 60:.0f} min")
        if trainer.step % checked_every == 0 or trainer.step == steps:
            trainer.save(out, {"rounds": recipe.rounds})
            network = Network()
            network.load_state_dict(trainer.averaged)
            scores = check(network.bfloat16(), trainer.embeddings, inputs, held_out)
            _log(out, f"step {trainer.step} " + " ".join(f"{key} {value:.3f}" for key, value in scores.items()))
    return trainer.averaged


def _seed(recipe: Recipe, number: int) -> int:
    return recipe.seed * 1000 + number


def _all_batches(
    material: Material, places: Sequence[int], inputs: Inputs, recipe: Recipe, done: int, steps: int
) -> Iterator[Batch]:
    """The batches of all rounds from step `done` on."""
    step = number = 0
    while step < steps:
        made = batches(one_round(material, places, _seed(recipe, number)), inputs, _seed(recipe, number))
        for batch in made[: steps - step]:
            step += 1
            if step > done:
                yield batch
        number += 1


def _log(out: Path, line: str) -> None:
    print(line, flush=True)
    with (out / "log.txt").open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usual = Recipe()
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=float, default=usual.rounds)
    parser.add_argument("--rate", type=float, default=usual.rate)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--compile", action="store_true", help="a fifth faster; needs a C++ compiler")
    given = parser.parse_args()
    recipe = Recipe(seed=given.seed, rounds=given.rounds, rate=given.rate)
    try:
        weights = train(given.data, given.out, recipe, compiled=given.compile)
    except ReaderError as error:
        parser.exit(1, f"{error}\n")
    halves = {name: value.half() for name, value in weights.items()}
    save_file(halves, given.out / "reader.safetensors", {"version": VERSION})


if __name__ == "__main__":
    main()
