"""Save and resume the state of a training run."""

import pytest
import torch

from qa.training.checkpoints import resume, save


def run(seed):
    """Make two weights, one running average, and their optimizer."""
    torch.manual_seed(seed)
    weights = {"a": torch.randn(3, 2), "b": torch.nn.Parameter(torch.randn(4))}
    parts = {"weights": weights, "averaged": {"a": torch.randn(3, 2)}}
    return parts, torch.optim.AdamW(weights.values(), lr=0.1)


def step(parts, optimizer):
    for weight in parts["weights"].values():
        weight.grad = weight.detach() ** 2 + 1
    optimizer.step()


def values(parts):
    return [value.detach().clone() for held in parts.values() for value in held.values()]


def test_resumed_run_continues_like_the_saved_one(tmp_path):
    parts, optimizer = run(1)
    for _ in range(3):
        step(parts, optimizer)
    save(tmp_path / "kept.safetensors", parts, optimizer)
    others, another = run(2)
    assert not any(torch.equal(a, b) for a, b in zip(values(parts), values(others), strict=True))
    assert resume(tmp_path / "kept.safetensors", others, another) == 3
    assert all(torch.equal(a, b) for a, b in zip(values(parts), values(others), strict=True))
    step(parts, optimizer)
    step(others, another)
    assert all(torch.equal(a, b) for a, b in zip(values(parts), values(others), strict=True))


def test_resume_without_a_file_changes_nothing(tmp_path):
    parts, optimizer = run(1)
    before = values(parts)
    assert resume(tmp_path / "absent.safetensors", parts, optimizer) == 0
    assert all(torch.equal(a, b) for a, b in zip(values(parts), before, strict=True))


def test_interrupted_save_leaves_previous_checkpoint(tmp_path, monkeypatch):
    parts, optimizer = run(1)
    step(parts, optimizer)
    file = tmp_path / "kept.safetensors"
    save(file, parts, optimizer)
    before = values(parts)
    step(parts, optimizer)

    def cut(tensors, beside):
        beside.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr("qa.training.checkpoints.save_file", cut)
    with pytest.raises(KeyboardInterrupt):
        save(file, parts, optimizer)
    assert resume(file, parts, optimizer) == 1
    assert all(torch.equal(a, b) for a, b in zip(values(parts), before, strict=True))
