"""A larger network that reads what the reader reads, trained first, to teach it: python -m qa.training.teacher --help.

It is a model of the hub's format with a head for where an answer starts and ends, of the same tokens as the reader's,
so that its scores of a window stand for the same words. It is used in training only and ships with nothing. Stopped, it
goes on from its checkpoint.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from embeddings.models import MINILM
from qa.errors import ReaderError
from qa.reader.network import CPU, compute_dtype, torch_device
from qa.reader.tokenization import WindowTokenizer
from qa.training import checkpoints
from qa.training.batches import Batch, batches, check, mask_scores, too_few_questions
from qa.training.examples import epoch_pairs, load_training_data

FROZEN_LAYERS = 4
"""Layers, the lowest, that stay as they are besides the embeddings, which saves a quarter of the time."""

SEED = 5

STEPS, WARMUP_STEPS = 780, 40
LEARNING_RATE = 4e-5
"""Learning rate at its highest; it falls in a straight line."""

CHECKPOINT_EVERY_STEPS = 100
"""Steps from one checkpoint to the next."""

EVALUATED_PAIRS = 500
"""Pairs of the held-out paragraphs that the last check reads."""

SPECIAL_TOKENS = {"[PAD]": "<pad>", "[CLS]": "<s>", "[SEP]": "</s>", "[MASK]": "<mask>"}
"""The special tokens of BERT as MPNet and RoBERTa call them."""


class Teacher(nn.Module):
    """The network; reads batches of the reader's token ids."""

    def __init__(self, model: Path) -> None:
        """The body from the folder `model`, and a head that knows nothing yet.

        Raises:
            ReaderError: it reads other tokens than the reader.
        """
        from transformers import AutoModel

        super().__init__()
        off = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0, "add_pooling_layer": False}
        self.body = AutoModel.from_pretrained(model, attn_implementation="eager", local_files_only=True, **off)
        self.head = nn.Linear(self.body.config.hidden_size, 2)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)
        self.register_buffer("ids", _token_id_table(model), persistent=False)
        self.ids: Tensor

    @classmethod
    def load(cls, model: Path, weights: Path) -> "Teacher":
        """The trained network, from the weights that `main` wrote.

        Raises:
            ReaderError: they are of another model.
        """
        teacher = cls(model)
        try:
            teacher.load_state_dict(load_file(weights))
        except RuntimeError as error:
            raise ReaderError(f"{weights} holds no teacher made from {model}: {error}") from error
        return teacher.eval()

    def forward(self, ids: Tensor, tokens: Tensor) -> Tensor:
        """The reader's token ids and `tokens` (1 at tokens, 0 at padding), (n, t) -> (n, t, 2), start and end."""
        device = self.ids.device
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=compute_dtype(device) is torch.bfloat16):
            read = self.body(input_ids=self.ids[ids], attention_mask=tokens).last_hidden_state
            scores: Tensor = self.head(read)
        return scores

    def scores(self, batch: Batch) -> Tensor:
        """(n, t, 2) in float32, with MASKED_LOGIT added where no answer may be."""
        batch = batch.to(self.ids.device)
        return mask_scores(self(batch.ids, batch.tokens), batch)

    def taught(self, batch: Batch) -> Tensor:
        """The scores for another network to learn."""
        with torch.inference_mode():
            return self.scores(batch)


def _token_id_table(model: Path) -> Tensor:
    """For each of the reader's token ids, the model's of the same token."""
    ours = Tokenizer.from_file(str(MINILM.path() / "tokenizer.json")).get_vocab()
    theirs = Tokenizer.from_file(str(model / "tokenizer.json")).get_vocab()
    named = {token: SPECIAL_TOKENS[token] if SPECIAL_TOKENS.get(token) in theirs else token for token in ours}
    if lacking := [token for token, name in named.items() if name not in theirs]:
        raise ReaderError(
            f"{model} lacks {len(lacking)} of the reader's tokens, like {lacking[0]!r}; give another model"
        )
    table = torch.zeros(max(ours.values()) + 1, dtype=torch.long)
    for token, id in ours.items():
        table[id] = theirs[named[token]]
    return table


def train_teacher(teacher: Teacher, made: Sequence[Batch], checkpoint: Path) -> None:
    """Train all but what is FROZEN, one step a batch, from where `checkpoint` stands."""
    frozen = ("embeddings", "relative", *(f"layer.{place}." for place in range(FROZEN_LAYERS)))
    for name, parameter in teacher.body.named_parameters():
        parameter.requires_grad = not any(part in name for part in frozen)
    weights = {name: parameter for name, parameter in teacher.named_parameters() if parameter.requires_grad}
    free = list(weights.values())
    optimizer = torch.optim.AdamW(free, lr=LEARNING_RATE, weight_decay=0.01, fused=True)
    done = checkpoints.resume(checkpoint, {"weights": weights}, optimizer)
    began, losses = time.monotonic(), []
    for step, batch in enumerate(made[done:], done + 1):
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * min(step / WARMUP_STEPS, max(1 - (step - WARMUP_STEPS) / len(made), 0.02))
        scores = teacher.scores(batch)
        loss = functional.cross_entropy(scores, batch.answers.to(scores.device))
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss.detach()))
        if step % 20 == 0:
            left = (time.monotonic() - began) / (step - done) * (len(made) - step) / 60
            lately = sum(losses[-20:]) / len(losses[-20:])
            print(f"step {step}/{len(made)} loss {lately:.3f} left {left:.0f} min", flush=True)
        if step % CHECKPOINT_EVERY_STEPS == 0:
            checkpoints.save(checkpoint, {"weights": weights}, optimizer)


def trained(data: Path, model: Path, out: Path, *, seed: int = SEED, device: torch.device = CPU) -> Teacher:
    """The teacher made from the folder `model` and taught by the questions in `data`; what it learnt is kept in `out`.

    Raises:
        ReaderError: the model reads other tokens than the reader, or there is too little to learn from.
        OSError: it is not there, or nothing can be written.
    """
    torch.manual_seed(seed)
    teacher = Teacher(model).to(device)
    training_data = load_training_data(data, out.parent)
    inputs, places = WindowTokenizer(MINILM.path()), training_data.split(held_out=False)
    seeds = (1000 * seed, 1000 * seed + 1)  # two rounds hold as many
    epochs = (batches(epoch_pairs(training_data, places, seed), inputs, seed) for seed in seeds)
    made = [batch for one in epochs for batch in one][:STEPS]
    if not made:
        raise too_few_questions(data, places)
    checkpoint = out.with_suffix(".checkpoint")
    train_teacher(teacher, made, checkpoint)
    held_out = epoch_pairs(training_data, training_data.split(held_out=True), seed=0)[:EVALUATED_PAIRS]
    print(check(teacher.eval().taught, inputs, held_out))
    save_file({name: value.half().contiguous() for name, value in teacher.state_dict().items()}, out)
    checkpoint.unlink(missing_ok=True)
    return Teacher.load(model, out).to(device)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a folder of SQuAD-format files")
    parser.add_argument("--model", type=Path, required=True, metavar="FOLDER", help="for example all-mpnet-base-v2")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="where the weights go, as safetensors")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--device", default="cpu", help="cpu, or cuda for a GPU (default: %(default)s)")
    given = parser.parse_args()
    try:
        trained(given.data, given.model, given.out, seed=given.seed, device=torch_device(given.device))
    except (ReaderError, OSError) as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
