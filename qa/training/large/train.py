"""Train the large reader: python -m qa.training.large.train DATA --model all-mpnet-base-v2 --out FOLDER.

DATA holds SQuAD-format files and, in its folder "evidence", files of evidence sentences and statements. One network
learns three things at once: where the answer starts and ends, which sentences are evidence, and whether the text
supports or contradicts a statement. All random choices follow from --seed, so a stopped run that resumes from its
checkpoint ends with the same weights as one that was not stopped. The result is the running average of the weights.
"""

import argparse
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from embeddings.models import MINILM
from qa.errors import ReaderError
from qa.evaluate.metrics import auroc
from qa.reader.network import (
    CPU,
    LARGE,
    MASKED_LOGIT,
    TABLES,
    Dimensions,
    Embeddings,
    Network,
    Weights,
    compute_dtype,
    torch_device,
)
from qa.reader.outputs import Output
from qa.reader.tokenization import WindowTokenizer
from qa.training.examples import load_training_data
from qa.training.large.batches import UNKNOWN, Batch, make_batches
from qa.training.large.evidence import evidence_examples
from qa.training.large.examples import Example, span_examples
from qa.training.large.mpnet import load_mpnet
from qa.training.updates import Schedule, Updates, computing

HEAD_SEED = 1
"""Seed of the head's initial weights."""

CHECKPOINT = "checkpoint.safetensors"
"""File name in a run's folder."""

HELD_OUT_BATCHES = 20
"""Batches in each evaluation."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The hyperparameters of a run."""

    seed: int = 1
    epochs: float = 1.0
    learning_rate: float = 6e-5
    """See `Schedule`, like the next two."""
    warmup_steps: int = 60
    averaging_decay: float = 0.995
    frozen_layers: int = 3
    """The lowest layers, which are not trained, like the embeddings."""
    stance_share: float = 0.5
    """Weight of the loss of the stances beside those of the answers and of the evidence."""


class Trainer:
    """The network with its updates and its loss."""

    def __init__(
        self,
        recipe: Recipe,
        model: tuple[Weights, Weights],
        steps: int,
        *,
        size: Dimensions = LARGE,
        compiled: bool = False,
        device: torch.device = CPU,
    ) -> None:
        """Start from the embedding tables and layers of `model`, with a new head."""
        torch.manual_seed(HEAD_SEED)
        tables, layers = model
        self.recipe, self.device, self._tables = recipe, device, tables
        self.embeddings = Embeddings(tables, size.epsilon).to(device)
        network = Network(size)
        network.load_state_dict(layers, strict=False)
        torch.nn.init.normal_(network.head.weight, std=0.02)
        torch.nn.init.zeros_(network.head.bias)
        weights = {name: value.detach().clone() for name, value in network.state_dict().items()}
        frozen = tuple(f"layers.{place}." for place in range(recipe.frozen_layers))
        self._frozen = {name: value for name, value in weights.items() if name.startswith(frozen)}
        free = {name: value for name, value in weights.items() if name not in self._frozen}
        schedule = Schedule(recipe.learning_rate, recipe.warmup_steps, recipe.averaging_decay)
        self.updates = Updates(computing(network, device), free, schedule, steps)
        self._run: Callable[..., Tensor] = torch.compile(network, dynamic=False) if compiled else network

    def train_step(self, batch: Batch) -> float:
        """Take one step and return the batch's loss."""
        moved = batch.to(self.device)
        share = self.recipe.stance_share
        return self.updates.take(lambda: joint_loss(outputs(self._run, self.embeddings, moved), moved, share))

    def averaged(self) -> Weights:
        """Return the averaged weights of all layers and the head."""
        return {**self._frozen, **self.updates.averaged}

    def result(self) -> Weights:
        """Return the averaged weights of the whole network, with its embedding tables."""
        return {f"{TABLES}{name}": value for name, value in self._tables.items()} | self.averaged()


def outputs(network: Callable[..., Tensor], embeddings: Embeddings, batch: Batch) -> Tensor:
    """Return the network's outputs (n, t, o) in float32; the batch is on its device."""
    dtype = compute_dtype(batch.ids.device)
    embedded = embeddings(batch.ids, torch.zeros_like(batch.ids)).to(dtype)
    return network(embedded, batch.attention_mask.to(dtype)).float()


def span_scores(found: Tensor, batch: Batch) -> Tensor:
    """Return start and end scores (n, t, 2), with MASKED_LOGIT added where no answer may be."""
    return found[:, :, [Output.START, Output.END]] + (~batch.allowed * MASKED_LOGIT)[:, :, None]


def evidence_scores(found: Tensor, batch: Batch) -> Tensor:
    """Return a score for "no evidence" and for each sentence, (n, 1 + s): the mean over the sentence's tokens."""
    most = batch.present.shape[1] - 1
    belongs = functional.one_hot(batch.sentences, most + 1)[:, :, 1:].float()
    means = torch.einsum("nts,nt->ns", belongs, found[:, :, Output.EVIDENCE]) / belongs.sum(1).clamp(min=1)
    scores = torch.cat([found[:, :1, Output.NO_EVIDENCE], means], dim=1)
    return scores + ~batch.present * MASKED_LOGIT


def stance_scores(found: Tensor) -> Tensor:
    """Return the scores of the stances (n, 3), in the order of `Stance`."""
    return found[:, 0, Output.SUPPORTED : Output.NEITHER + 1]


def joint_loss(found: Tensor, batch: Batch, stance_share: float) -> Tensor:
    """Return the sum of the losses of the answers, of the evidence and of the stances, each over what is known."""
    spans = functional.cross_entropy(span_scores(found, batch), batch.answers, ignore_index=UNKNOWN, reduction="sum")
    spans = spans / (batch.answers != UNKNOWN).sum().clamp(min=1)
    likelihoods = evidence_scores(found, batch).log_softmax(dim=1)
    known = batch.evidence.sum(dim=1) > 0
    evidence = -(batch.evidence * likelihoods).sum() / known.sum().clamp(min=1)
    stances = functional.cross_entropy(stance_scores(found), batch.stances, ignore_index=UNKNOWN, reduction="sum")
    stances = stances / (batch.stances != UNKNOWN).sum().clamp(min=1)
    return spans + evidence + stance_share * stances


def evaluate(score: Callable[[Batch], Tensor], batches: Sequence[Batch]) -> dict[str, float]:
    """Measure on held-out batches.

    Returns:
        The shares of answers with both ends found, of best sentences that are evidence, and of stances that are right;
        and the AUROC of the evidence between texts that answer and those that do not.
    """
    ends: list[bool] = []
    best: list[bool] = []
    stances: list[bool] = []
    margins: dict[bool, list[float]] = {True: [], False: []}
    with torch.inference_mode():
        for batch in batches:
            found = score(batch)
            spans = span_scores(found, batch)[:, 1:].argmax(dim=1) + 1
            for guess, answer in zip(spans.tolist(), batch.answers.tolist(), strict=True):
                if answer[0] > 0:
                    ends.append(guess == answer)
            scores = evidence_scores(found, batch)
            for row, target in zip(scores, batch.evidence, strict=True):
                if target.sum() > 0:
                    margins[bool(target[0] == 0)].append(float(row[1:].logsumexp(0) - row[0]))
                    best += [bool(target[1 + int(row[1:].argmax())] > 0)] if target[0] == 0 else []
            known = batch.stances != UNKNOWN
            stances += (stance_scores(found).argmax(1) == batch.stances)[known].tolist()
    shares = {"ends": ends, "evidence": best, "stances": stances}
    return {name: sum(held) / max(len(held), 1) for name, held in shares.items()} | {
        "auroc": auroc(margins[True], margins[False])
    }


def epoch(data: Path, cache_folder: Path, seed: int) -> tuple[list[Example], list[Example]]:
    """Return the examples of an epoch, and those that are held out of every epoch."""
    training_data = load_training_data(data, cache_folder)
    rng = random.Random(seed)
    examples = [
        *span_examples(training_data, training_data.split(held_out=False), rng),
        *evidence_examples(data / "evidence", rng),
    ]
    rng.shuffle(examples)
    return examples, list(span_examples(training_data, training_data.split(held_out=True), random.Random(0)))


def train(
    data: Path,
    model: Path,
    out: Path,
    recipe: Recipe,
    *,
    size: Dimensions = LARGE,
    device: torch.device = CPU,
    compiled: bool = False,
    evaluate_every: int = 300,
) -> Weights:
    """Train, or resume training, and return the averaged weights with the embedding tables.

    Args:
        data: the folder of the training files.
        model: the folder of all-mpnet-base-v2.
        out: the folder of the run, for its checkpoint, its log and mined hard negatives.
        recipe: the hyperparameters.
        size: the dimensions of the network.
        device: where to compute.
        compiled: compile the network first.
        evaluate_every: steps between evaluations, each with a checkpoint.

    Raises:
        ReaderError: there are too few questions, or `model` is no MPNet model.
    """
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = WindowTokenizer(MINILM.path())
    first = load_mpnet(model, size)
    examples, held_out = epoch(data, out, recipe.seed * 1000)
    held_batches = make_batches(held_out, tokenizer, 0)[:HELD_OUT_BATCHES]
    batches = make_batches(examples, tokenizer, recipe.seed * 1000)
    steps = int(recipe.epochs * len(batches))
    if not steps:
        raise ReaderError(f"{data} holds {len(examples)} examples, too few for one batch; wanted SQuAD-format files")
    _log(out, f"{len(examples)} examples an epoch, {len(batches)} batches, {steps} steps")
    trainer = Trainer(recipe, first, steps, size=size, compiled=compiled, device=device)
    updates = trainer.updates
    updates.resume(out / CHECKPOINT)
    began, losses, from_step = time.monotonic(), [], updates.step
    for number in range(1 + (steps - 1) // len(batches)):
        seed = recipe.seed * 1000 + number
        again = batches if not number else make_batches(epoch(data, out, seed)[0], tokenizer, seed)
        done = number * len(batches)
        for batch in again[max(updates.step - done, 0) : steps - done]:
            losses.append(trainer.train_step(batch))
            if updates.step % 25 == 0:
                pace = (time.monotonic() - began) / (updates.step - from_step)
                loss = sum(losses[-25:]) / len(losses[-25:])
                left = pace * (steps - updates.step) / 60
                _log(out, f"step {updates.step}/{steps} loss {loss:.3f} {pace:.2f} s a step, {left:.0f} min left")
            if updates.step % evaluate_every == 0 or updates.step == steps:
                updates.save(out / CHECKPOINT)
                scores = _evaluate(trainer, size, held_batches)
                _log(out, f"step {updates.step} " + " ".join(f"{key} {value:.3f}" for key, value in scores.items()))
    return trainer.result()


def _evaluate(trainer: Trainer, size: Dimensions, batches: Sequence[Batch]) -> dict[str, float]:
    network = Network(size)
    network.load_state_dict(trainer.averaged())
    computing(network, trainer.device)
    moved = [batch.to(trainer.device) for batch in batches]
    return evaluate(lambda batch: outputs(network, trainer.embeddings, batch), moved)


def _log(out: Path, line: str) -> None:
    print(line, flush=True)
    with (out / "log.txt").open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    defaults = Recipe()
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", type=Path, required=True, metavar="FOLDER", help="of all-mpnet-base-v2")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--epochs", type=float, default=defaults.epochs)
    parser.add_argument("--learning-rate", type=float, default=defaults.learning_rate)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--device", default="cpu", help="cpu, or cuda for a GPU (default: %(default)s)")
    parser.add_argument("--compile", action="store_true", help="faster; needs a C++ compiler")
    given = parser.parse_args()
    recipe = Recipe(seed=given.seed, epochs=given.epochs, learning_rate=given.learning_rate)
    try:
        device = torch_device(given.device)
        weights = train(given.data, given.model, given.out, recipe, size=LARGE, device=device, compiled=given.compile)
    except (ReaderError, OSError) as error:
        parser.exit(1, f"{error}\n")
    save_file({name: value.half().contiguous() for name, value in weights.items()}, given.out / "large.safetensors")


if __name__ == "__main__":
    main()
