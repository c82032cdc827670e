"""Train the reader: python -m qa.training.train DATA --out FOLDER. A stopped run resumes from its checkpoint.

DATA holds SQuAD-format files. All random choices follow from --seed and the epoch, so a resumed run ends with the same
weights as one that was not stopped. The network computes in bfloat16 where the device has it, and updates float32
weights. The result is the running average of the weights, which reads better than those of the last step. With
--teacher FILE the reader also learns the scores that a larger network (qa.training.teacher) gives each window
(distillation). With --initial-weights FILE it starts from existing weights.
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
    SMALL,
    Embeddings,
    Network,
    Weights,
    compute_dtype,
    embedding_tables,
    layers_from_encoder,
    load_encoder_weights,
    save,
    torch_device,
)
from qa.reader.tokenization import WindowTokenizer
from qa.training.batches import Batch, evaluate, make_batches, mask_scores, too_few_questions
from qa.training.examples import TrainingData, epoch_pairs, load_training_data
from qa.training.teacher import Teacher
from qa.training.updates import Schedule, Updates, computing

HEAD_SEED = 1
"""Seed of the head's initial weights; the same in every run, so that runs can be averaged."""

CHECKPOINT = "checkpoint.safetensors"
"""File name in a run's folder."""

EVALUATED_PAIRS = 400
"""Held-out pairs in each evaluation."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The hyperparameters of a run."""

    seed: int = 1
    epochs: float = 4
    learning_rate: float = 2e-4
    """See `Schedule`, like the next two."""
    warmup_steps: int = 150
    averaging_decay: float = 0.998
    distillation_share: float = 0.7
    """Share of the loss that is the distance to the teacher's scores, if there is a teacher."""
    temperature: float = 2.0
    """Divides both networks' scores before they are compared (Hinton et al. 2015)."""


class Trainer:
    """The network with its updates and its loss."""

    def __init__(
        self,
        recipe: Recipe,
        encoder: Weights,
        steps: int,
        *,
        compiled: bool,
        initial_weights: Weights | None = None,
        device: torch.device = CPU,
    ) -> None:
        torch.manual_seed(HEAD_SEED)
        self.recipe, self.device = recipe, device
        self.embeddings = Embeddings(embedding_tables(encoder), SMALL.epsilon).to(device)
        network = Network()
        network.load_state_dict(layers_from_encoder(encoder), strict=False)
        torch.nn.init.normal_(network.head.weight, std=0.02)
        torch.nn.init.zeros_(network.head.bias)
        computing(network, device)
        weights = {name: p.detach().float() for name, p in network.named_parameters()}
        weights |= layers_from_encoder(encoder) if initial_weights is None else initial_weights
        schedule = Schedule(recipe.learning_rate, recipe.warmup_steps, recipe.averaging_decay)
        self.updates = Updates(network, weights, schedule, steps)
        self._run: Callable[..., Tensor] = torch.compile(network, dynamic=False) if compiled else network

    def train_step(self, batch: Batch, soft_targets: Tensor | None = None) -> float:
        """Take one step and return the batch's loss; `soft_targets` (n, t, 2) are the teacher's scores, if any."""
        return self.updates.take(lambda: self._loss(_scores(self._run, self.embeddings, batch), batch, soft_targets))

    def _loss(self, scores: Tensor, batch: Batch, soft_targets: Tensor | None) -> Tensor:
        right = functional.cross_entropy(scores, batch.answers.to(self.device))
        if soft_targets is None:
            return right
        share, temperature = self.recipe.distillation_share, self.recipe.temperature
        distance = functional.cross_entropy(scores / temperature, (soft_targets / temperature).softmax(dim=1))
        return (1 - share) * right + share * temperature**2 * distance


def _scores(network: Callable[..., Tensor], embeddings: Embeddings, batch: Batch) -> Tensor:
    batch = batch.to(embeddings.word.device)
    dtype = compute_dtype(batch.ids.device)
    embedded = embeddings(batch.ids, batch.token_type_ids).to(dtype)
    return mask_scores(network(embedded, batch.attention_mask.to(dtype)), batch)


def train(
    data: Path,
    out: Path,
    recipe: Recipe,
    *,
    teacher: Teacher | None = None,
    initial_weights: Weights | None = None,
    cache_folder: Path | None = None,
    device: torch.device = CPU,
    compiled: bool = False,
    evaluate_every: int = 250,
) -> Weights:
    """Train, or resume training, and return the averaged weights.

    Args:
        data: a folder of SQuAD-format files.
        out: the folder of the run, for its checkpoint and log.
        recipe: the hyperparameters.
        teacher: the network whose scores are learned too.
        initial_weights: where to start; None starts from the encoder's layers.
        cache_folder: where mined hard negatives are kept; None is `out`.
        device: where to compute.
        compiled: compile the network first.
        evaluate_every: steps between evaluations, each with a checkpoint.

    Raises:
        ReaderError: there are too few questions.
    """
    out.mkdir(parents=True, exist_ok=True)
    folder = MINILM.path()
    tokenizer, encoder = WindowTokenizer(folder), load_encoder_weights(folder)
    training_data = load_training_data(data, cache_folder or out)
    places = training_data.split(held_out=False)
    held_out = epoch_pairs(training_data, training_data.split(held_out=True), seed=0)[:EVALUATED_PAIRS]
    steps_per_epoch = len(make_batches(epoch_pairs(training_data, places, _seed(recipe, 0)), tokenizer, 0))
    if not steps_per_epoch:
        raise too_few_questions(data, places)
    steps = math.ceil(recipe.epochs * steps_per_epoch)
    trainer = Trainer(recipe, encoder, steps, compiled=compiled, initial_weights=initial_weights, device=device)
    updates = trainer.updates
    updates.resume(out / CHECKPOINT)
    began, losses, from_step = time.monotonic(), [], updates.step
    for batch in _all_batches(training_data, places, tokenizer, recipe, updates.step, steps):
        losses.append(trainer.train_step(batch, teacher.soft_targets(batch) if teacher else None))
        if updates.step % 50 == 0:
            pace = (time.monotonic() - began) / (updates.step - from_step)
            loss = sum(losses[-50:]) / len(losses[-50:])
            _log(out, f"step {updates.step}/{steps} loss {loss:.3f} left {pace * (steps - updates.step) / 60:.0f} min")
        if updates.step % evaluate_every == 0 or updates.step == steps:
            updates.save(out / CHECKPOINT)
            network = Network()
            network.load_state_dict(updates.averaged)
            computing(network, device)
            scores = evaluate(partial(_scores, network, trainer.embeddings), tokenizer, held_out)
            _log(out, f"step {updates.step} " + " ".join(f"{key} {value:.3f}" for key, value in scores.items()))
    return updates.averaged


def _seed(recipe: Recipe, number: int) -> int:
    return recipe.seed * 1000 + number


def _all_batches(
    training_data: TrainingData,
    places: Sequence[int],
    tokenizer: WindowTokenizer,
    recipe: Recipe,
    done: int,
    steps: int,
) -> Iterator[Batch]:
    """Yield the batches of all epochs from step `done` on."""
    step = number = 0
    while step < steps:
        made = make_batches(epoch_pairs(training_data, places, _seed(recipe, number)), tokenizer, _seed(recipe, number))
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
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    defaults = Recipe()
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=defaults.epochs)
    parser.add_argument("--learning-rate", type=float, default=defaults.learning_rate)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--teacher", type=Path, metavar="FILE", help="weights that qa.training.teacher wrote")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="the model that the teacher was trained from")
    parser.add_argument("--initial-weights", type=Path, metavar="FILE", help="a reader.safetensors to start from")
    parser.add_argument("--device", default="cpu", help="cpu, or cuda for a GPU (default: %(default)s)")
    parser.add_argument("--compile", action="store_true", help="a fifth faster; needs a C++ compiler")
    given = parser.parse_args()
    recipe = Recipe(seed=given.seed, epochs=given.epochs, learning_rate=given.learning_rate)
    try:
        device = torch_device(given.device)
        teacher = Teacher.load(given.model, given.teacher).to(device) if given.teacher else None
        initial_weights = load_file(given.initial_weights) if given.initial_weights else None
        weights = train(
            given.data,
            given.out,
            recipe,
            teacher=teacher,
            initial_weights=initial_weights,
            device=device,
            compiled=given.compile,
        )
    except (ReaderError, OSError) as error:
        parser.exit(1, f"{error}\n")
    save(weights, given.out / "reader.safetensors")


if __name__ == "__main__":
    main()
