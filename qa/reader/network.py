"""Define the readers' networks: a transformer over embedded tokens with one output head.

The small reader fine-tunes the packaged encoder and keeps its embedding table, so its weights hold only the layers
above it. The large reader is a fine-tuned MPNet and brings its own table, its rows in the order of the small reader's
token ids, so that both read the same tokens.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from embeddings.openvino_runtime.graph_cache import precision
from qa.errors import ReaderError
from qa.reader import quantized
from qa.reader.format import FORMAT_VERSION


@dataclass(frozen=True, slots=True)
class Dimensions:
    """The dimensions of a network."""

    layers: int
    hidden_size: int
    heads: int
    intermediate_size: int
    outputs: int
    """Numbers that the head returns for each token."""
    epsilon: float
    """The epsilon of the layer norms."""
    distance_buckets: int = 0
    """Kinds of distance between two tokens that attention tells apart, as in T5 and MPNet; 0 for none."""


SMALL = Dimensions(6, 384, 12, 1536, outputs=2, epsilon=1e-12)
"""all-MiniLM-L6-v2, with the start and the end of an answer as outputs."""

LARGE = Dimensions(12, 768, 12, 3072, outputs=7, epsilon=1e-5, distance_buckets=32)
"""all-mpnet-base-v2, with the outputs of qa.reader.outputs."""

MAX_DISTANCE = 128
"""Tokens from which on all distances are in the same bucket (Raffel et al. 2020)."""

MASKED_LOGIT = -10_000.0
"""Added to the logit of a token that must not be attended to or chosen as an answer; finite in every precision."""

TABLES = "embeddings."
"""Begins the names of the embedding tables among the large network's weights."""

CPU = torch.device("cpu")

Weights = dict[str, Tensor]


class Embeddings(nn.Module):
    """An embedding layer; it is never trained."""

    def __init__(self, tables: Weights, epsilon: float) -> None:
        """Take the tables "word", "position" and "token_type" (rows, h), and the layer norm's "scale" and "shift"."""
        super().__init__()
        for name in ("word", "position", "token_type", "scale", "shift"):
            self.register_buffer(name, tables[name])
        self.epsilon = epsilon
        self.word: Tensor
        self.position: Tensor
        self.token_type: Tensor
        self.scale: Tensor
        self.shift: Tensor

    def forward(self, ids: Tensor, token_type_ids: Tensor) -> Tensor:
        """Embed token ids (n, t) with token type ids (n, t), 0 in the question and 1 in the passage.

        Returns (n, t, h).
        """
        x = self.word[ids] + self.position[: ids.shape[1]] + self.token_type[token_type_ids]
        return functional.layer_norm(x, self.scale.shape, self.scale, self.shift, self.epsilon)


class Layer(nn.Module):
    """One layer of BERT (Devlin et al. 2019), with its three attention projections in one matrix."""

    def __init__(self, size: Dimensions) -> None:
        super().__init__()
        self.heads, self.width = size.heads, size.hidden_size
        self.attention = nn.Linear(size.hidden_size, 3 * size.hidden_size)
        self.out = nn.Linear(size.hidden_size, size.hidden_size)
        self.attended = nn.LayerNorm(size.hidden_size, size.epsilon)
        self.up = nn.Linear(size.hidden_size, size.intermediate_size)
        self.down = nn.Linear(size.intermediate_size, size.hidden_size)
        self.normed = nn.LayerNorm(size.hidden_size, size.epsilon)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Map x (n, t, h) to the next x; `bias` (n or 1, heads or 1, t or 1, t) is added to the attention scores."""
        n, t, _ = x.shape
        query, key, value = self.attention(x).view(n, t, 3, self.heads, -1).permute(2, 0, 3, 1, 4).unbind()
        scores = (query * (1 / math.sqrt(self.width / self.heads))) @ key.transpose(-1, -2) + bias
        mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(n, t, self.width)
        x = self.attended(x + self.out(mixed))
        normed: Tensor = self.normed(x + self.down(functional.gelu(self.up(x))))
        return normed


class Network(nn.Module):
    """The layers and the head: embedded tokens to outputs for each token."""

    def __init__(self, size: Dimensions | None = None) -> None:
        """Build the network with untrained weights; None stands for SMALL."""
        super().__init__()
        size = size or SMALL
        self.layers = nn.ModuleList(Layer(size) for _ in range(size.layers))
        self.distances = nn.Embedding(size.distance_buckets, size.heads) if size.distance_buckets else None
        self.head = nn.Linear(size.hidden_size, size.outputs)

    def forward(self, x: Tensor, attention_mask: Tensor) -> Tensor:
        """Map x (n, t, h) to outputs (n, t, o); `attention_mask` (n, t) is 1 at tokens and 0 at padding."""
        bias = ((1 - attention_mask) * MASKED_LOGIT)[:, None, None, :]
        if self.distances is not None:
            buckets = distance_buckets(x.shape[1], self.distances.num_embeddings, x.device)
            bias = bias + self.distances(buckets).permute(2, 0, 1)[None]
        for layer in self.layers:
            x = layer(x, bias)
        outputs: Tensor = self.head(x)
        return outputs


def distance_buckets(length: int, buckets: int, device: torch.device) -> Tensor:
    """Return the bucket (t, t) of the distance from each token to each other (Raffel et al. 2020, section 2.1).

    Half of the buckets are for tokens that follow. Of each half, the first half are for exact distances and the others
    for ranges that grow logarithmically up to MAX_DISTANCE.
    """
    places = torch.arange(length, device=device)
    distance = places[None, :] - places[:, None]
    half, exact = buckets // 2, buckets // 4
    far = (
        exact
        + (
            torch.log(distance.abs().clamp(min=1).float() / exact) / math.log(MAX_DISTANCE / exact) * (half - exact)
        ).long()
    )
    size = torch.where(distance.abs() < exact, distance.abs(), far.clamp(max=half - 1))
    return size + half * (distance > 0)


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
    return FullNetwork(Embeddings(embedding_tables(load_encoder_weights(encoder)), SMALL.epsilon), network)


def load_large(files: Sequence[Path]) -> FullNetwork:
    """Load the large network from its files, in float32."""
    weights = {name: value for file in files for name, value in quantized.load(file).items()}
    tables = {name.removeprefix(TABLES): value for name, value in weights.items() if name.startswith(TABLES)}
    network = Network(LARGE)
    network.load_state_dict({name: value for name, value in weights.items() if not name.startswith(TABLES)})
    return FullNetwork(Embeddings(tables, LARGE.epsilon), network)


def save_large(weights: Weights, files: Sequence[Path]) -> None:
    """Write the two files that `load_large` reads: the embedding tables, and all other weights."""
    tables, layers = files
    quantized.save({name: value for name, value in weights.items() if name.startswith(TABLES)}, tables)
    quantized.save({name: value for name, value in weights.items() if not name.startswith(TABLES)}, layers)


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


def embedding_tables(encoder: Weights) -> Weights:
    """Return the packaged encoder's embedding tables, as `Embeddings` takes them."""
    tables = {name: encoder[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")}
    norm = "embeddings.LayerNorm"
    return tables | {"scale": encoder[f"{norm}.weight"], "shift": encoder[f"{norm}.bias"]}


def layers_from_encoder(encoder: Weights) -> Weights:
    """Rename the encoder's transformer weights to this network's names; the head is not among them."""
    taken: Weights = {}
    for place in range(SMALL.layers):
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
