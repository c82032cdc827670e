"""Update a network in float32, keep the running average, stop and resume."""

import pytest
import torch
from torch import nn

from qa.training.updates import Schedule, Updates, learning_rate_factor

SCHEDULE = Schedule(learning_rate=0.1, warmup_steps=2, averaging_decay=0.5)


def test_learning_rate_rises_then_falls():
    shares = [learning_rate_factor(step, 100, 10) for step in range(101)]
    assert shares[0] == pytest.approx(0.1)
    assert max(shares) == shares[10] == 1
    assert shares[:10] == sorted(shares[:10])
    assert shares[10:] == sorted(shares[10:], reverse=True)
    assert shares[-1] == pytest.approx(0.05)


def made(steps=20):
    torch.manual_seed(1)
    network = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 1)).to(torch.bfloat16)
    weights = {name: value.float() for name, value in network.state_dict().items() if name.startswith("1.")}
    return network, Updates(network, weights, SCHEDULE, steps)


def squared(network):
    return lambda: network(torch.ones(2, 3, dtype=torch.bfloat16)).float().square().mean()


def summed(network):
    return lambda: network[1].bias.float().sum() + network[1].weight.float().sum()


def test_loss_falls_and_other_weights_stay():
    network, updates = made()
    frozen = network[0].weight.clone()
    losses = [updates.take(squared(network)) for _ in range(12)]
    assert losses[-1] < losses[0] / 2
    assert torch.equal(network[0].weight, frozen)
    assert updates.step == 12


def test_steps_smaller_than_bfloat16_add_up():
    network, updates = made()
    updates.weights["1.bias"].data.fill_(256.0)  # the numbers next to it in bfloat16 are 255 and 258
    for _ in range(6):
        updates.take(summed(network))
    assert 253 < float(updates.weights["1.bias"]) < 255  # weight decay takes some of it too


def test_average_lags_behind_the_weights():
    network, updates = made()
    first = updates.weights["1.weight"].clone()
    for _ in range(3):
        updates.take(summed(network))
    moved = (updates.weights["1.weight"] - first).abs().sum()
    assert 0 < (updates.averaged["1.weight"] - first).abs().sum() < moved


def test_resumed_updates_go_on_alike(tmp_path):
    network, updates = made()
    for _ in range(3):
        updates.take(squared(network))
    updates.save(tmp_path / "checkpoint.safetensors")
    updates.take(squared(network))
    other, resumed = made()
    resumed.resume(tmp_path / "checkpoint.safetensors")
    assert resumed.step == 3
    resumed.take(squared(other))
    assert all(torch.equal(resumed.weights[name], value) for name, value in updates.weights.items())
    assert all(torch.equal(resumed.averaged[name], value) for name, value in updates.averaged.items())
