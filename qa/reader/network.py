"""Define the reader's network: the encoder's transformer, fine-tuned, with a head for the start and end of an answer.

The embedding table stays that of the packaged encoder, so the reader's weights hold only the layers above it.
"""

import math
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from embeddings.openvino_runtime.graph_cache import precision
from qa.errors import ReaderError
from qa.reader.format import FORMAT_VERSION

NUM_LAYERS, HIDDEN_SIZE, NUM_HEADS, INTERMEDIATE_SIZE = 6, 384, 12, 1536
"""The dimensions of all-MiniLM-L6-v2."""

LAYER_NORM_EPSILON = 1e-12
"""The epsilon of its layer norms."""

MASKED_LOGIT = -10_000.0
"""Added to the logit of a token that must not be attended to or chosen as an answer; finite in every precision."""

CPU = torch.device("cpu")

Weights = dict[str, Tensor]


class Embeddings(nn.Module):
    """The packaged encoder's embedding layer; it is never trained."""

    def __init__(self, encoder: Weights) -> None:
        super().__init__()
        for name in ("word", "position", "token_type"):
            self.register_buffer(name, encoder[f"embeddings.{name}_embeddings.weight"])
        self.register_buffer("scale", encoder["embeddings.LayerNorm.weight"])
        self.register_buffer("shift", encoder["embeddings.LayerNorm.bias"])
        self.word: Tensor
        self.position: Tensor
        self.token_type: Tensor
        self.scale: Tensor
        self.shift: Tensor

    def forward(self, ids: Tensor, token_type_ids: Tensor) -> Tensor:
        """Embed token ids (n, t) with token type ids (n, t), 0 in the question and 1 in the passage.

        Returns (n, t, HIDDEN_SIZE).
        """
        x = self.word[ids] + self.position[: ids.shape[1]] + self.token_type[token_type_ids]
        return functional.layer_norm(x, (HIDDEN_SIZE,), self.scale, self.shift, LAYER_NORM_EPSILON)


class Layer(nn.Module):
    """One layer of BERT (Devlin et al. 2019), with its three attention projections in one matrix."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.Linear(HIDDEN_SIZE, 3 * HIDDEN_SIZE)
        self.out = nn.Linear(HIDDEN_SIZE, HIDDEN_SIZE)
        self.attended = nn.LayerNorm(HIDDEN_SIZE, LAYER_NORM_EPSILON)
        self.up = nn.Linear(HIDDEN_SIZE, INTERMEDIATE_SIZE)
        self.down = nn.Linear(INTERMEDIATE_SIZE, HIDDEN_SIZE)
        self.normed = nn.LayerNorm(HIDDEN_SIZE, LAYER_NORM_EPSILON)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Map x (n, t, HIDDEN_SIZE) to the next x; `mask` (n, 1, 1, t) is added to the attention scores."""
        n, t, _ = x.shape
        query, key, value = self.attention(x).view(n, t, 3, NUM_HEADS, -1).permute(2, 0, 3, 1, 4).unbind()
        scores = (query * (1 / math.sqrt(HIDDEN_SIZE / NUM_HEADS))) @ key.transpose(-1, -2) + mask
        mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(n, t, HIDDEN_SIZE)
        x = self.attended(x + self.out(mixed))
        normed: Tensor = self.normed(x + self.down(functional.gelu(self.up(x))))
        return normed


class Network(nn.Module):
    """The layers and the span head: embedded tokens to start and end logits."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer() for _ in range(NUM_LAYERS))
        self.head = nn.Linear(HIDDEN_SIZE, 2)

    def forward(self, x: Tensor, attention_mask: Tensor) -> Tensor:
        """Map x (n, t, HIDDEN_SIZE) to start and end logits (n, t, 2).

        `attention_mask` (n, t) is 1 at tokens and 0 at padding.
        """
        mask = ((1 - attention_mask) * MASKED_LOGIT)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        scores: Tensor = self.head(x)
        return scores


class FullNetwork(nn.Module):
    """The complete network, from token ids to start and end logits, as it runs after training."""

    def __init__(self, embeddings: Embeddings, network: Network) -> None:
        super().__init__()
        self.embeddings, self.network = embeddings, network

    def forward(self, ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Map ids, attention mask (1 at tokens, 0 at padding) and token type ids, each (n, t), to logits (n, t, 2)."""
        x = self.embeddings(ids, token_type_ids)
        scores: Tensor = self.network(x, attention_mask.to(x.dtype))
        return scores


def load(weights: Path, encoder: Path) -> FullNetwork:
    """Load the trained network with the packaged encoder's embeddings, in float32."""
    network = Network()
    network.load_state_dict({name: value.float() for name, value in load_file(weights).items()})
    return FullNetwork(Embeddings(load_encoder_weights(encoder)), network)


def save(weights: Weights, file: Path) -> None:
    """Write the file that `load` reads and that ships: in half precision, with the format version."""
    save_file({name: value.half() for name, value in weights.items()}, file, {"version": FORMAT_VERSION})


def compute_dtype(device: torch.device) -> torch.dtype:
    """Choose the training precision: bfloat16 where the device computes in it, else float32.

    Without hardware support bfloat16 is a hundred times slower than float32.
    """
    computes = torch.cuda.is_bf16_supported() if device.type == "cuda" else precision() == "bf16"
    return torch.bfloat16 if computes else torch.float32


def torch_device(name: str) -> torch.device:
    """Return the torch device of a name, such as "cpu" or "cuda".

    Raises:
        ReaderError: this machine has no such device.
    """
    try:
        return torch.empty(0, device=name).device
    except (AssertionError, RuntimeError) as error:  # a torch build without GPU support raises the first
        raise ReaderError(
            f"this machine has no device {name!r} ({str(error).splitlines()[0]}); type --device cpu"
        ) from error


def load_encoder_weights(folder: Path) -> Weights:
    """Load the packaged encoder's weights by name."""
    return load_file(folder / "model.safetensors")


def layers_from_encoder(encoder: Weights) -> Weights:
    """Rename the encoder's transformer weights to this network's names; the head is not among them."""
    taken: Weights = {}
    for place in range(NUM_LAYERS):
        there, here = f"encoder.layer.{place}.", f"layers.{place}."
        for kind in ("weight", "bias"):
            parts = [encoder[f"{there}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            taken[f"{here}attention.{kind}"] = torch.cat(parts)
            for ours, theirs in _ENCODER_NAMES.items():
                taken[f"{here}{ours}.{kind}"] = encoder[f"{there}{theirs}.{kind}"]
    return taken


_ENCODER_NAMES = {
    "out": "attention.output.dense",
    "attended": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "normed": "output.LayerNorm",
}
