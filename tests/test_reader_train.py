"""The reader's training, on a few dozen questions: it learns, and goes on as if it had never been stopped."""

import json
import math
import sys

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open
from squad import made

from embeddings.models import MINILM
from qa.reader import train as training
from qa.reader.inputs import Inputs
from qa.reader.model import VERSION
from qa.reader.network import NOWHERE, load, read_encoder
from qa.reader.pairs import Pair, one_round, read_material
from qa.reader.train import LENGTHS, Recipe, Trainer, batches, best_span, train

INPUTS = Inputs(MINILM.path())
TOKENS = 256
RECIPE = Recipe(rounds=0.1, warmup=2)


@pytest.fixture(scope="module", autouse=True)
def small():
    """Few rows in a batch, few pairs in a check."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "TOKENS", TOKENS)
        patch.setattr(training, "CHECKED", 8)
        yield


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return made(tmp_path_factory.mktemp("train") / "data", 60)


@pytest.fixture(scope="module")
def pairs(data):
    material = read_material(data, data.parent / "kept")
    return one_round(material, material.split(held_out=False), 1)


@pytest.fixture(scope="module")
def unstopped(data, tmp_path_factory):
    """The weights of a run that nothing stopped, and its folder."""
    out = tmp_path_factory.mktemp("unstopped")
    return train(data, out, RECIPE, checked_every=3), out


def checks(out):
    return [line for line in (out / "log.txt").read_text().splitlines() if "auroc" in line]


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(unstopped, data, tmp_path, monkeypatch):
    learn = Trainer.learn

    def stopping(trainer, batch):
        if trainer.step == 4:  # a step after the checkpoint, which is lost
            raise KeyboardInterrupt
        return learn(trainer, batch)

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "learn", stopping)
        with pytest.raises(KeyboardInterrupt):
            train(data, tmp_path, RECIPE, checked_every=3)
    weights, out = unstopped
    resumed = train(data, tmp_path, RECIPE, checked_every=3)
    assert checks(tmp_path) == checks(out)
    assert len(checks(out)) >= 2
    assert set(resumed) == set(weights)
    assert all(torch.equal(resumed[name], weights[name]) for name in weights)


def test_training_changes_every_weight(unstopped):
    before = Trainer(RECIPE, read_encoder(MINILM.path()), 1, compiled=False).averaged
    assert not [name for name, value in unstopped[0].items() if torch.equal(value, before[name])]


def test_the_command_line_writes_what_the_reader_reads(unstopped, data, monkeypatch, capsys):
    weights, out = unstopped
    line = ["train", str(data), "--out", str(out), "--rounds", str(RECIPE.rounds)]  # nothing is left to be learnt
    monkeypatch.setattr(sys, "argv", line)
    training.main()
    with safe_open(out / "reader.safetensors", "pt") as file:
        assert file.metadata() == {"version": VERSION}
    found = load(out / "reader.safetensors", MINILM.path()).network.state_dict()
    assert all(torch.equal(found[name], value.half().float()) for name, value in weights.items())


def test_the_loss_falls(pairs):
    batch = batches(pairs, INPUTS, 0)[0]
    trainer = Trainer(Recipe(warmup=1), read_encoder(MINILM.path()), 1000, compiled=False)
    losses = [trainer.learn(batch) for _ in range(12)]
    assert losses[0] == pytest.approx(math.log(batch.allowed.sum(1).float().mean()), abs=0.7)  # nothing is known yet
    assert losses[-1] < losses[0] / 2
    assert trainer.step == 12


def test_the_rate_rises_and_then_falls_to_a_twentieth():
    trainer = Trainer(Recipe(rate=1.0, warmup=10), read_encoder(MINILM.path()), 100, compiled=False)
    shares = []
    for trainer.step in range(101):
        shares.append(trainer._share_of_rate())
    assert shares[0] == pytest.approx(0.1)
    assert max(shares) == shares[10] == 1
    assert shares[:10] == sorted(shares[:10])
    assert shares[10:] == sorted(shares[10:], reverse=True)
    assert shares[-1] == pytest.approx(0.05)


def test_answers_in_the_batches_are_the_tokens_of_the_answers(pairs):
    asked = {tuple(tokens(pair.question)): pair for pair in pairs}
    assert len(asked) == len({pair.question for pair in pairs})
    answered = 0
    for batch in batches(pairs, INPUTS, 0):
        n, t = batch.ids.shape
        assert t in LENGTHS
        assert n == TOKENS // t
        for ids, kinds, there, answer, allowed in zip(
            batch.ids, batch.kinds, batch.tokens, batch.answers, batch.allowed, strict=True
        ):
            first, size = int(kinds.argmax()), int(there.sum())
            pair = asked[tuple(ids[1 : first - 1].tolist())]
            assert not ids[size:].any()
            assert there[:size].all()
            assert kinds.sum() == size - first
            assert allowed.nonzero().flatten().tolist() == [0, *range(first, size - 1)]
            start, end = answer.tolist()
            if pair.answer is None:
                assert (start, end) == (0, 0)
            else:
                answered += 1
                assert first <= start <= end < size - 1
                assert ids[start : end + 1].tolist() == tokens(pair.text[slice(*pair.answer)])
    assert answered > 10


def tokens(text):
    (window,) = INPUTS.windows("", text, 100_000)
    return window.ids[window.first : -1]


def test_what_does_not_fit_is_left_out_of_the_batches():
    late = "clocks " * 200 + "Anna"
    pairs = [Pair("Who?", late, (len(late) - 4, len(late))), Pair("Who?", "\u200b", None)]
    assert batches(pairs * 20, INPUTS, 0) == []
    (batch, *_) = batches([Pair("Who?", late, None)] * 20, INPUTS, 0)
    assert batch.ids.shape[1] == LENGTHS[-1]


def test_batches_are_in_an_order_of_their_seed(pairs):
    def shown(seed):
        return [batch.ids.tolist() for batch in batches(pairs, INPUTS, seed)]

    assert shown(1) == shown(1) != shown(2)
    assert sorted(shown(1)) == sorted(shown(2))


@given(st.integers(0, 10_000), st.integers(1, 20), st.integers(1, 40), st.integers(1, 35), st.booleans())
def test_the_best_span_is_that_of_a_search_of_all(seed, first, size, longest, masked):
    scores = torch.randn(first + size, 2, generator=torch.Generator().manual_seed(seed)) * 5
    if masked:
        scores[-(size // 2) or len(scores) :] += NOWHERE  # as padding is
    start, end, margin = best_span(scores, first, longest)
    spans = {
        (a, b): float(scores[a, 0] + scores[b, 1])
        for a in range(first, first + size)
        for b in range(a, min(a + longest, first + size))
    }
    assert spans[start, end] == pytest.approx(max(spans.values()))
    assert margin == pytest.approx(max(spans.values()) - float(scores[0].sum()), abs=1e-3)


def test_too_little_to_learn_from_is_one_line_and_no_weights(tmp_path, monkeypatch, capsys):
    paragraph = {
        "context": "Anna mends clocks.",
        "qas": [{"question": "Who?", "answers": [{"text": "Anna", "answer_start": 0}]}],
    }
    (tmp_path / "few.json").write_text(json.dumps({"data": [{"paragraphs": [paragraph]}]}), "utf-8")
    monkeypatch.setattr(sys, "argv", ["train", str(tmp_path), "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit) as ended:
        training.main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert "too few for one batch" in said
    assert said.count("\n") == 1
    assert not list((tmp_path / "out").glob("*.safetensors"))
