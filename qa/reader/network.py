"""The reader's network: the encoder's own transformer, fine-tuned, with a head for where an answer starts and ends.

The embedding table stays the packaged encoder's, so the reader's weights hold only the layers above it.
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
"""Of all-MiniLM-L6-v2."""

LAYER_NORM_EPSILON = 1e-12
"""Of its layer norms."""

MASKED_LOGIT = -10_000.0
"""Added to the score of what may not be looked at or answered with; finite in every precision."""

CPU = torch.device("cpu")

Weights = dict[str, Tensor]


class Embeddings(nn.Module):
    """Tokens to vectors, as the packaged encoder has them; never trained."""

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

    def forward(self, ids: Tensor, kinds: Tensor) -> Tensor:
        """Token ids (n, t) and kinds (n, t), 0 in the question and 1 in the passage -> (n, t, HIDDEN)."""
        x = self.word[ids] + self.position[: ids.shape[1]] + self.token_type[kinds]
        return functional.layer_norm(x, (HIDDEN_SIZE,), self.scale, self.shift, LAYER_NORM_EPSILON)


class Layer(nn.Module):
    """One layer of BERT (Devlin et al. 2019), its three attention projections kept as one matrix."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.Linear(HIDDEN_SIZE, 3 * HIDDEN_SIZE)
        self.out = nn.Linear(HIDDEN_SIZE, HIDDEN_SIZE)
        self.attended = nn.LayerNorm(HIDDEN_SIZE, LAYER_NORM_EPSILON)
        self.up = nn.Linear(HIDDEN_SIZE, INTERMEDIATE_SIZE)
        self.down = nn.Linear(INTERMEDIATE_SIZE, HIDDEN_SIZE)
        self.normed = nn.LayerNorm(HIDDEN_SIZE, LAYER_NORM_EPSILON)

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        """Of x (n, t, HIDDEN), the next x; `hidden` (n, 1, 1, t) is added to the attention scores."""
        n, t, _ = x.shape
        query, key, value = self.attention(x).view(n, t, 3, NUM_HEADS, -1).permute(2, 0, 3, 1, 4).unbind()
        scores = (query * (1 / math.sqrt(HIDDEN_SIZE / NUM_HEADS))) @ key.transpose(-1, -2) + hidden
        mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(n, t, HIDDEN_SIZE)
        x = self.attended(x + self.out(mixed))
        normed: Tensor = self.normed(x + self.down(functional.gelu(self.up(x))))
        return normed


class Network(nn.Module):
    """Embedded tokens to the scores of an answer that starts, or ends, at each."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer() for _ in range(NUM_LAYERS))
        self.head = nn.Linear(HIDDEN_SIZE, 2)

    def forward(self, x: Tensor, tokens: Tensor) -> Tensor:
        """Of x (n, t, HIDDEN) and `tokens` (n, t), 1 at tokens and 0 at padding -> (n, t, 2), start and end."""
        hidden = ((1 - tokens) * MASKED_LOGIT)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, hidden)
        scores: Tensor = self.head(x)
        return scores


class FullNetwork(nn.Module):
    """Token ids in, start and end scores out: what is run once training is over."""

    def __init__(self, embeddings: Embeddings, network: Network) -> None:
        super().__init__()
        self.embeddings, self.network = embeddings, network

    def forward(self, ids: Tensor, tokens: Tensor, kinds: Tensor) -> Tensor:
        """Ids, `tokens` (1 at tokens, 0 at padding) and kinds, each (n, t) -> (n, t, 2)."""
        x = self.embeddings(ids, kinds)
        scores: Tensor = self.network(x, tokens.to(x.dtype))
        return scores


def load(weights: Path, encoder: Path) -> FullNetwork:
    """The trained network with the packaged encoder's embeddings, in float32."""
    network = Network()
    network.load_state_dict({name: value.float() for name, value in load_file(weights).items()})
    return FullNetwork(Embeddings(load_encoder_weights(encoder)), network)


def save(weights: Weights, file: Path) -> None:
    """Write what `load` reads, as it ships: in half precision, with the version of the network."""
    save_file({name: value.half() for name, value in weights.items()}, file, {"version": FORMAT_VERSION})


def compute_dtype(device: torch.device) -> torch.dtype:
    """What to train in: bfloat16 where the device computes in it; elsewhere float32 is a hundred times faster."""
    computes = torch.cuda.is_bf16_supported() if device.type == "cuda" else precision() == "bf16"
    return torch.bfloat16 if computes else torch.float32


def torch_device(name: str) -> torch.device:
    """What torch calls so, "cpu" or "cuda".

    Raises:
        ReaderError: there is none here.
    """
    try:
        return torch.empty(0, device=name).device
    except (AssertionError, RuntimeError) as error:  # the first by a build of torch that knows no GPU
        raise ReaderError(f"no device {name!r} here ({str(error).splitlines()[0]}); type --device cpu") from error


def load_encoder_weights(folder: Path) -> Weights:
    """The packaged encoder's weights by name."""
    return load_file(folder / "model.safetensors")


def body(encoder: Weights) -> Weights:
    """The encoder's transformer under this network's names; the head is not in it."""
    taken: Weights = {}
    for place in range(NUM_LAYERS):
        there, here = f"encoder.layer.{place}.", f"layers.{place}."
        for kind in ("weight", "bias"):
            parts = [encoder[f"{there}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            taken[f"{here}attention.{kind}"] = torch.cat(parts)
            for ours, theirs in _NAMES.items():
                taken[f"{here}{ours}.{kind}"] = encoder[f"{there}{theirs}.{kind}"]
    return taken


_NAMES = {
    "out": "attention.output.dense",
    "attended": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "normed": "output.LayerNorm",
}
