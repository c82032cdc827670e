"""Train the teacher, a larger network that the reader learns from: python -m qa.training.teacher --help.

The teacher is a Hugging Face model with a head for the start and end of an answer. It must have the reader's tokens,
so that both networks score the same words of a window. It is used only in training and does not ship. A stopped run
resumes from its checkpoint.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from embeddings.models import MINILM
from qa.errors import ReaderError
from qa.reader.network import CPU, compute_dtype, torch_device
from qa.reader.tokenization import WindowTokenizer
from qa.training import checkpoints
from qa.training.batches import Batch, evaluate, make_batches, mask_scores, too_few_questions
from qa.training.examples import epoch_pairs, load_training_data
from qa.training.large.mpnet import token_ids

FROZEN_LAYERS = 4
"""The lowest layers, which are not trained, like the embeddings; this saves a quarter of the time."""

SEED = 5

MAX_STEPS, WARMUP_STEPS = 780, 40
LEARNING_RATE = 4e-5
"""The peak; it falls linearly."""

CHECKPOINT_EVERY_STEPS = 100
"""Steps between checkpoints."""

EVALUATED_PAIRS = 500
"""Held-out pairs in the final evaluation."""


class Teacher(nn.Module):
    """The teacher network; its tokenizer are the reader's token ids."""

    def __init__(self, model: Path) -> None:
        """Load the body from the folder `model` and add an untrained head.

        Raises:
            ReaderError: the model lacks some of the reader's tokens.
        """
        from transformers import AutoModel

        super().__init__()
        off = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0, "add_pooling_layer": False}
        self.body = AutoModel.from_pretrained(model, attn_implementation="eager", local_files_only=True, **off)
        self.head = nn.Linear(self.body.config.hidden_size, 2)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)
        self.register_buffer("ids", token_ids(model), persistent=False)
        self.ids: Tensor

    @classmethod
    def load(cls, model: Path, weights: Path) -> "Teacher":
        """Load the trained network from the weights that `main` wrote.

        Raises:
            ReaderError: the weights are those of another model.
        """
        teacher = cls(model)
        try:
            teacher.load_state_dict(load_file(weights))
        except RuntimeError as error:
            raise ReaderError(f"{weights} holds no teacher made from {model}: {error}") from error
        return teacher.eval()

    def forward(self, ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Map the reader's token ids and attention mask, each (n, t), to start and end logits (n, t, 2)."""
        device = self.ids.device
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=compute_dtype(device) is torch.bfloat16):
            read = self.body(input_ids=self.ids[ids], attention_mask=attention_mask).last_hidden_state
            scores: Tensor = self.head(read)
        return scores

    def scores(self, batch: Batch) -> Tensor:
        """Return the scores (n, t, 2) in float32, with MASKED_LOGIT added where no answer may be."""
        batch = batch.to(self.ids.device)
        return mask_scores(self(batch.ids, batch.attention_mask), batch)

    def soft_targets(self, batch: Batch) -> Tensor:
        """Return the scores, without gradients, for another network to learn from."""
        with torch.inference_mode():
            return self.scores(batch)


def train_teacher(teacher: Teacher, training_batches: Sequence[Batch], checkpoint: Path) -> None:
    """Train all weights but the frozen ones, one step per batch, resuming from `checkpoint`."""
    frozen = ("embeddings", "relative", *(f"layer.{place}." for place in range(FROZEN_LAYERS)))
    for name, parameter in teacher.body.named_parameters():
        parameter.requires_grad = not any(part in name for part in frozen)
    weights = {name: parameter for name, parameter in teacher.named_parameters() if parameter.requires_grad}
    free = list(weights.values())
    optimizer = torch.optim.AdamW(free, lr=LEARNING_RATE, weight_decay=0.01, fused=True)
    done = checkpoints.resume(checkpoint, {"weights": weights}, optimizer)
    began, losses = time.monotonic(), []
    for step, batch in enumerate(training_batches[done:], done + 1):
        for group in optimizer.param_groups:
            falling = max(1 - (step - WARMUP_STEPS) / len(training_batches), 0.02)
            group["lr"] = LEARNING_RATE * min(step / WARMUP_STEPS, falling)
        scores = teacher.scores(batch)
        loss = functional.cross_entropy(scores, batch.answers.to(scores.device))
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss.detach()))
        if step % 20 == 0:
            left = (time.monotonic() - began) / (step - done) * (len(training_batches) - step) / 60
            lately = sum(losses[-20:]) / len(losses[-20:])
            print(f"step {step}/{len(training_batches)} loss {lately:.3f} left {left:.0f} min", flush=True)
        if step % CHECKPOINT_EVERY_STEPS == 0:
            checkpoints.save(checkpoint, {"weights": weights}, optimizer)


def make_teacher(data: Path, model: Path, out: Path, *, seed: int = SEED, device: torch.device = CPU) -> Teacher:
    """Train the teacher from the folder `model` on the questions in `data`, and write its weights to `out`.

    Raises:
        ReaderError: the model's tokens are not the reader's, or there are too few questions.
        OSError: the model is missing, or `out` cannot be written.
    """
    torch.manual_seed(seed)
    teacher = Teacher(model).to(device)
    training_data = load_training_data(data, out.parent)
    tokenizer, places = WindowTokenizer(MINILM.path()), training_data.split(held_out=False)
    seeds = (1000 * seed, 1000 * seed + 1)  # two epochs hold enough batches
    epochs = (make_batches(epoch_pairs(training_data, places, seed), tokenizer, seed) for seed in seeds)
    training_batches = [batch for one in epochs for batch in one][:MAX_STEPS]
    if not training_batches:
        raise too_few_questions(data, places)
    checkpoint = out.with_suffix(".checkpoint")
    train_teacher(teacher, training_batches, checkpoint)
    held_out = epoch_pairs(training_data, training_data.split(held_out=True), seed=0)[:EVALUATED_PAIRS]
    print(evaluate(teacher.eval().soft_targets, tokenizer, held_out))
    save_file({name: value.half().contiguous() for name, value in teacher.state_dict().items()}, out)
    checkpoint.unlink(missing_ok=True)
    return Teacher.load(model, out).to(device)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a folder of SQuAD-format files")
    parser.add_argument("--model", type=Path, required=True, metavar="FOLDER", help="for example all-mpnet-base-v2")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the safetensors file to write")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--device", default="cpu", help="cpu, or cuda for a GPU (default: %(default)s)")
    given = parser.parse_args()
    try:
        make_teacher(given.data, given.model, given.out, seed=given.seed, device=torch_device(given.device))
    except (ReaderError, OSError) as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
