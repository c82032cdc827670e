"""Weights stored in a byte each come back nearly as they were."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open

from qa.reader.format import LARGE_FORMAT_VERSION
from qa.reader.quantized import LIMIT, dequantized, load, quantized, save


@given(seed=st.integers(0, 1000), size=st.floats(1e-6, 1e4))
def test_error_is_half_a_step_of_the_row(seed, size):
    random = torch.Generator().manual_seed(seed)
    weight = torch.randn(7, 19, generator=random) * size * torch.rand(7, 1, generator=random)
    found = dequantized(quantized({"w": weight}))["w"]
    step = weight.abs().amax(dim=1, keepdim=True) / LIMIT
    assert ((found - weight).abs() <= step * 0.5001 + 1e-12).all()


def test_rows_of_zeros_stay_zeros():
    assert torch.equal(dequantized(quantized({"w": torch.zeros(2, 3)}))["w"], torch.zeros(2, 3))


def test_file_holds_one_byte_for_each_weight(tmp_path):
    weights = {"matrix": torch.randn(100, 200), "bias": torch.randn(100)}
    save(weights, tmp_path / "w.safetensors")
    assert (tmp_path / "w.safetensors").stat().st_size < 100 * 200 + 100 * (4 + 2) + 1000
    with safe_open(tmp_path / "w.safetensors", "pt") as file:
        assert file.metadata() == {"version": LARGE_FORMAT_VERSION}
    found = load(tmp_path / "w.safetensors")
    assert {name: value.dtype for name, value in found.items()} == dict.fromkeys(weights, torch.float32)
    assert torch.allclose(found["bias"], weights["bias"], atol=2e-3)
