"""Store a network's weights in a byte each: each row of a matrix as whole numbers with one scale.

The numbers that are computed with are float32 or bfloat16; only the files are small.
"""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from qa.reader.format import LARGE_FORMAT_VERSION

LIMIT = 63
"""Whole numbers lie in [-LIMIT, LIMIT]. With 127 the outputs come twice as near (0.025, not 0.045 of their standard
deviation), and a compressed package is 13 MB larger."""

SCALE = ".row_scale"
"""Ends the name under which a matrix's scales are stored."""

Weights = dict[str, Tensor]


def quantized(weights: Weights) -> Weights:
    """Return each matrix (r, c) as int8 (r, c) with the scale of each row (r, 1), and all else in half precision."""
    stored: Weights = {}
    for name, value in weights.items():
        if value.ndim != 2:
            stored[name] = value.half()
            continue
        scale = (value.float().abs().amax(dim=1, keepdim=True) / LIMIT).clamp(min=1e-12)
        stored[name] = (value.float() / scale).round().to(torch.int8)
        stored[name + SCALE] = scale.float()
    return stored


def dequantized(stored: Weights) -> Weights:
    """Return the weights in float32."""
    return {
        name: value.float() * stored[name + SCALE] if name + SCALE in stored else value.float()
        for name, value in stored.items()
        if not name.endswith(SCALE)
    }


def save(weights: Weights, file: Path) -> None:
    """Write the quantized weights, with the version of their format."""
    stored = {name: value.contiguous() for name, value in quantized(weights).items()}
    save_file(stored, file, {"version": LARGE_FORMAT_VERSION})


def load(file: Path) -> Weights:
    """Read what `save` wrote, in float32."""
    return dequantized(load_file(file))
