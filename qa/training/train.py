"""Trains the reader: python -m qa.training.train DATA --out FOLDER. Stops and goes on from its checkpoint.

DATA holds SQuAD-format files. Everything drawn at random follows from --seed and the round, so that a run that was
stopped goes on as if it had not been. The arithmetic is bfloat16 where the device has it, the weights that are
updated float32; what is kept is their running average, which reads better than the last step's. With --teacher FILE the
reader learns what a larger network (qa.training.teacher) makes of each window besides the answer itself; with --first
FILE it goes on from weights.
"""

import argparse
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional

from embeddings.models import MINILM
from qa.errors import ReaderError
from qa.reader.network import (
    CPU,
    Embeddings,
    Network,
    Weights,
    compute_dtype,
    initial_weights,
    load_encoder_weights,
    save,
    torch_device,
)
from qa.reader.tokenization import WindowTokenizer
from qa.training import checkpoints
from qa.training.batches import Batch, batches, check, mask_scores, too_few_questions
from qa.training.examples import TrainingData, epoch_pairs, load_training_data
from qa.training.teacher import Teacher

HEAD = 1
"""What the head's first weights are drawn from; the same in every run, so that runs can be averaged."""

CHECKPOINT = "checkpoint.safetensors"
"""In the folder of a run."""

CHECKED = 400
"""Pairs of the held-out paragraphs that a check reads."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides what the weights become, besides the data."""

    seed: int = 1
    epochs: float = 4
    learning_rate: float = 2e-4
    """Learning rate at its highest, after WARMUP; it falls to a twentieth in a straight line."""
    warmup: int = 150
    """Steps."""
    decay: float = 0.01
    """Weight decay of AdamW."""
    clip: float = 1.0
    """Norm of the gradient, at most."""
    average: float = 0.998
    """Share of the running average that stays at each step."""
    taught: float = 0.7
    """Share of the loss that is the distance to the teacher's scores, where there is a teacher."""
    temperature: float = 2.0
    """What both networks' scores are divided by before they are compared (Hinton et al. 2015)."""


class Trainer:
    """The network in two copies, one to compute with and one in float32 to update; and the running average."""

    def __init__(
        self,
        recipe: Recipe,
        encoder: Weights,
        steps: int,
        *,
        compiled: bool,
        first: Weights | None = None,
        device: torch.device = CPU,
    ) -> None:
        torch.manual_seed(HEAD)
        self.recipe, self.steps, self.step, self.device = recipe, steps, 0, device
        self.embeddings = Embeddings(encoder).to(device)
        self.network = Network()
        self.network.load_state_dict(initial_weights(encoder), strict=False)
        torch.nn.init.normal_(self.network.head.weight, std=0.02)
        torch.nn.init.zeros_(self.network.head.bias)
        self.network.to(device, compute_dtype(device))
        self.weights = {name: p.detach().float().clone() for name, p in self.network.named_parameters()}
        unrounded = initial_weights(encoder) if first is None else first
        self.weights |= {name: value.float().clone().to(device) for name, value in unrounded.items()}
        self.averaged = {name: value.clone() for name, value in self.weights.items()}
        self.optimizer = torch.optim.AdamW(
            self.weights.values(), lr=recipe.learning_rate, weight_decay=recipe.decay, fused=True
        )
        self._run: Callable[..., Tensor] = torch.compile(self.network, dynamic=False) if compiled else self.network

    def train_step(self, batch: Batch, taught: Tensor | None = None) -> float:
        """One step, with the teacher's scores (n, t, 2) of the batch where there is one; the batch's loss."""
        learning_rate = self.recipe.learning_rate * self._learning_rate_factor()
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate
        parameters = dict(self.network.named_parameters())
        with torch.no_grad():
            for name, parameter in parameters.items():
                parameter.copy_(self.weights[name])
                parameter.grad = None
        loss = self._loss(_scores(self._run, self.embeddings, batch), batch, taught)
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

    def _loss(self, scores: Tensor, batch: Batch, taught: Tensor | None) -> Tensor:
        right = functional.cross_entropy(scores, batch.answers.to(self.device))
        if taught is None:
            return right
        share, temperature = self.recipe.taught, self.recipe.temperature
        alike = functional.cross_entropy(scores / temperature, (taught / temperature).softmax(dim=1))
        return (1 - share) * right + share * temperature**2 * alike

    def _learning_rate_factor(self) -> float:
        return learning_rate_factor(self.step, self.steps, self.recipe.warmup)

    def save(self, file: Path) -> None:
        """Write everything needed to go on."""
        checkpoints.save(file, self._parts, self.optimizer)

    def resume(self, file: Path) -> None:
        """Take up what `save` wrote, where it wrote any."""
        self.step = checkpoints.resume(file, self._parts, self.optimizer)

    @property
    def _parts(self) -> checkpoints.Parts:
        return {"weights": self.weights, "averaged": self.averaged}


def _scores(network: Callable[..., Tensor], embeddings: Embeddings, batch: Batch) -> Tensor:
    batch = batch.to(embeddings.word.device)
    number = compute_dtype(batch.ids.device)
    return mask_scores(network(embeddings(batch.ids, batch.kinds).to(number), batch.tokens.to(number)), batch)


def train(
    data: Path,
    out: Path,
    recipe: Recipe,
    *,
    teacher: Teacher | None = None,
    first: Weights | None = None,
    kept: Path | None = None,
    device: torch.device = CPU,
    compiled: bool = False,
    checked_every: int = 250,
) -> Weights:
    """Train, or go on training, and return the averaged weights; what mining finds is kept in `kept`, usually `out`.

    Raises:
        ReaderError: there is too little to learn from.
    """
    out.mkdir(parents=True, exist_ok=True)
    folder = MINILM.path()
    inputs, encoder = WindowTokenizer(folder), load_encoder_weights(folder)
    training_data = load_training_data(data, kept or out)
    places = training_data.split(held_out=False)
    held_out = epoch_pairs(training_data, training_data.split(held_out=True), seed=0)[:CHECKED]
    in_a_round = len(batches(epoch_pairs(training_data, places, _seed(recipe, 0)), inputs, 0))
    if not in_a_round:
        raise too_few_questions(data, places)
    steps = math.ceil(recipe.epochs * in_a_round)
    trainer = Trainer(recipe, encoder, steps, compiled=compiled, first=first, device=device)
    trainer.resume(out / CHECKPOINT)
    began, losses, from_step = time.monotonic(), [], trainer.step
    for batch in _all_batches(training_data, places, inputs, recipe, trainer.step, steps):
        losses.append(trainer.train_step(batch, teacher.taught(batch) if teacher else None))
        if trainer.step % 50 == 0:
            pace = (time.monotonic() - began) / (trainer.step - from_step)
            loss = sum(losses[-50:]) / len(losses[-50:])
            _log(out, f"step {trainer.step}/{steps} loss {loss:.3f} left {pace * (steps - trainer.step) / 60:.0f} min")
        if trainer.step % checked_every == 0 or trainer.step == steps:
            trainer.save(out / CHECKPOINT)
            network = Network()
            network.load_state_dict(trainer.averaged)
            network.to(device, compute_dtype(device))
            scores = check(partial(_scores, network, trainer.embeddings), inputs, held_out)
            _log(out, f"step {trainer.step} " + " ".join(f"{key} {value:.3f}" for key, value in scores.items()))
    return trainer.averaged


def learning_rate_factor(step: int, steps: int, warmup: int) -> float:
    """Of the highest learning rate: up over `warmup` steps, then down to a twentieth in a straight line."""
    if step < warmup:
        return (step + 1) / warmup
    return max(1 - (step - warmup) / max(steps - warmup, 1), 0.05)


def _seed(recipe: Recipe, number: int) -> int:
    return recipe.seed * 1000 + number


def _all_batches(
    training_data: TrainingData, places: Sequence[int], inputs: WindowTokenizer, recipe: Recipe, done: int, steps: int
) -> Iterator[Batch]:
    """The batches of all rounds from step `done` on."""
    step = number = 0
    while step < steps:
        made = batches(epoch_pairs(training_data, places, _seed(recipe, number)), inputs, _seed(recipe, number))
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
    parser.add_argument("--epochs", type=float, default=usual.epochs)
    parser.add_argument("--learning-rate", type=float, default=usual.learning_rate)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--teacher", type=Path, metavar="FILE", help="weights that qa.training.teacher wrote")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="the model that the teacher was made from")
    parser.add_argument("--first", type=Path, metavar="FILE", help="weights to go on from: a reader.safetensors")
    parser.add_argument("--device", default="cpu", help="cpu, or cuda for a GPU (default: %(default)s)")
    parser.add_argument("--compile", action="store_true", help="a fifth faster; needs a C++ compiler")
    given = parser.parse_args()
    recipe = Recipe(seed=given.seed, epochs=given.epochs, learning_rate=given.learning_rate)
    try:
        device = torch_device(given.device)
        teacher = Teacher.load(given.model, given.teacher).to(device) if given.teacher else None
        first = load_file(given.first) if given.first else None
        weights = train(
            given.data, given.out, recipe, teacher=teacher, first=first, device=device, compiled=given.compile
        )
    except (ReaderError, OSError) as error:
        parser.exit(1, f"{error}\n")
    save(weights, given.out / "reader.safetensors")


if __name__ == "__main__":
    main()
