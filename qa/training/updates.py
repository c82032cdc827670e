"""Update a network: compute in the device's precision, update in float32, and keep the running average."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from qa.reader.network import Weights, compute_dtype
from qa.training import checkpoints


@dataclass(frozen=True, slots=True)
class Schedule:
    """The hyperparameters of the updates."""

    learning_rate: float
    """The peak, reached after the warm-up; from there it falls linearly to a twentieth."""
    warmup_steps: int
    averaging_decay: float
    """Share of the running average of the weights that remains at each step."""
    weight_decay: float = 0.01
    max_gradient_norm: float = 1.0


class Updates:
    """Holds a network's weights twice, to compute with and in float32 to update, and their running average."""

    def __init__(self, network: nn.Module, weights: Mapping[str, Tensor], schedule: Schedule, steps: int) -> None:
        """Start from `weights`; those that the network has besides are not trained.

        Args:
            network: on its device and in its precision; it is overwritten at each step.
            weights: the first values in float32, by name.
            schedule: the hyperparameters.
            steps: the number of steps of the whole run.
        """
        self.schedule, self.steps, self.step = schedule, steps, 0
        self._parameters = dict(network.named_parameters())
        for name, parameter in self._parameters.items():
            parameter.requires_grad = name in weights
        device = next(iter(self._parameters.values())).device
        self.weights: Weights = {name: value.detach().float().to(device, copy=True) for name, value in weights.items()}
        self.averaged: Weights = {name: value.clone() for name, value in self.weights.items()}
        self._optimizer = torch.optim.AdamW(
            self.weights.values(), lr=schedule.learning_rate, weight_decay=schedule.weight_decay, fused=True
        )

    def take(self, loss: Callable[[], Tensor]) -> float:
        """Take one step down `loss`, which computes with the network, and return its value."""
        factor = learning_rate_factor(self.step, self.steps, self.schedule.warmup_steps)
        for group in self._optimizer.param_groups:
            group["lr"] = self.schedule.learning_rate * factor
        with torch.no_grad():
            for name, weight in self.weights.items():
                self._parameters[name].copy_(weight)
                self._parameters[name].grad = None
        value = loss()
        torch.autograd.backward(value)
        for name, weight in self.weights.items():
            gradient = self._parameters[name].grad
            assert gradient is not None
            weight.grad = gradient.float()
        torch.nn.utils.clip_grad_norm_(self.weights.values(), self.schedule.max_gradient_norm)
        self._optimizer.step()
        self.step += 1
        keep = min(self.schedule.averaging_decay, self.step / (self.step + 10))
        with torch.no_grad():
            for name, average in self.averaged.items():
                average.lerp_(self.weights[name], 1 - keep)
        return float(value.detach())

    def save(self, file: Path) -> None:
        """Write everything that `resume` needs."""
        checkpoints.save(file, self._parts, self._optimizer)

    def resume(self, file: Path) -> None:
        """Restore what `save` wrote, if there is such a file."""
        self.step = checkpoints.resume(file, self._parts, self._optimizer)

    @property
    def _parts(self) -> checkpoints.Parts:
        return {"weights": self.weights, "averaged": self.averaged}


def computing(network: nn.Module, device: torch.device) -> nn.Module:
    """Move a network to a device, in the precision that the device computes in."""
    return network.to(device, compute_dtype(device))


def learning_rate_factor(step: int, steps: int, warmup: int) -> float:
    """Return the share of the peak learning rate: it rises over `warmup` steps, then falls linearly to a twentieth."""
    if step < warmup:
        return (step + 1) / warmup
    return max(1 - (step - warmup) / max(steps - warmup, 1), 0.05)
