"""Save the state of a training run in one safetensors file, so that a stopped run resumes with the same result."""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from embeddings.files import atomic_write

Parts = Mapping[str, Mapping[str, Tensor]]
"""Named groups of tensors by name; the optimizer updates those of "weights"."""

MOMENTS = ("step", "exp_avg", "exp_avg_sq")
"""The state that AdamW keeps for each tensor."""


def save(file: Path, parts: Parts, optimizer: torch.optim.Optimizer) -> None:
    """Write the parts and the optimizer's state for each weight; an interrupted write leaves the previous file."""
    tensors = {f"{part}.{name}": value.detach() for part, held in parts.items() for name, value in held.items()}
    for name, weight in parts["weights"].items():
        tensors |= {f"{key}.{name}": value for key, value in optimizer.state[weight].items()}
    with atomic_write(file) as part:
        save_file({name: value.contiguous() for name, value in tensors.items()}, part)


def resume(file: Path, parts: Parts, optimizer: torch.optim.Optimizer) -> int:
    """Restore in place what `save` wrote, on the device of the weights; return the steps done, 0 without a file."""
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
