"""Where a training stood, in one safetensors file, so that it stops and goes on as if it had not."""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from embeddings.files import atomic_write

Parts = Mapping[str, Mapping[str, Tensor]]
"""Sets of tensors by name; the optimizer's are those of "weights"."""

MOMENTS = ("step", "exp_avg", "exp_avg_sq")
"""What AdamW keeps of each tensor."""


def save(file: Path, parts: Parts, optimizer: torch.optim.Optimizer) -> None:
    """Write the parts and what the optimizer keeps of each of the weights; cut off, it leaves the file before it."""
    tensors = {f"{part}.{name}": value.detach() for part, held in parts.items() for name, value in held.items()}
    for name, weight in parts["weights"].items():
        tensors |= {f"{key}.{name}": value for key, value in optimizer.state[weight].items()}
    with atomic_write(file) as part:
        save_file({name: value.contiguous() for name, value in tensors.items()}, part)


def resume(file: Path, parts: Parts, optimizer: torch.optim.Optimizer) -> int:
    """Take up in place what `save` wrote, on the device that the weights are on; the steps done, 0 without a file."""
    if not file.is_file():
        return 0
    weights = parts["weights"]
    tensors = load_file(file, str(next(iter(weights.values())).device))
    with torch.no_grad():
        for part, held in parts.items():
            for name, value in held.items():
                value.copy_(tensors[f"{part}.{name}"])
    for name, weight in weights.items():
        optimizer.state[weight] = {key: tensors[f"{key}.{name}"] for key in MOMENTS}
    return int(tensors[f"step.{next(iter(weights))}"])
