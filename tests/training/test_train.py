"""Train the reader on a few dozen questions, stop it, and resume it."""

import json
import math
import sys

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from embeddings.models import MINILM
from qa.reader.format import FORMAT_VERSION
from qa.reader.network import load, load_encoder_weights
from qa.reader.tokenization import WindowTokenizer
from qa.training import batches as batching
from qa.training import train as training
from qa.training.batches import make_batches
from qa.training.examples import epoch_pairs, load_training_data
from qa.training.teacher import Teacher
from qa.training.train import Recipe, Trainer, train
from tests.support.squad_files import made

INPUTS = WindowTokenizer(MINILM.path())
TOKENS = 256
RECIPE = Recipe(epochs=0.1, warmup_steps=2)


@pytest.fixture(scope="module", autouse=True)
def small(shallow):
    """Keep batches and evaluations small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batching, "BATCH_TOKENS", TOKENS)
        patch.setattr(training, "EVALUATED_PAIRS", 8)
        yield


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return made(tmp_path_factory.mktemp("train") / "data", 60)


@pytest.fixture(scope="module")
def pairs(data):
    training_data = load_training_data(data, data.parent / "kept")
    return epoch_pairs(training_data, training_data.split(held_out=False), 1)


@pytest.fixture(scope="module")
def unstopped(data, tmp_path_factory):
    """Return the weights and the folder of a run that was not stopped."""
    out = tmp_path_factory.mktemp("unstopped")
    return train(data, out, RECIPE, evaluate_every=3), out


def checks(out):
    return [line for line in (out / "log.txt").read_text().splitlines() if "auroc" in line]


def test_resumed_run_ends_like_an_unstopped_one(unstopped, data, tmp_path, monkeypatch):
    train_step = Trainer.train_step

    def stopping(trainer, batch, soft_targets=None):
        if trainer.updates.step == 4:  # one step after the checkpoint, so it is lost
            raise KeyboardInterrupt
        return train_step(trainer, batch, soft_targets)

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "train_step", stopping)
        with pytest.raises(KeyboardInterrupt):
            train(data, tmp_path, RECIPE, evaluate_every=3)
    weights, out = unstopped
    resumed = train(data, tmp_path, RECIPE, evaluate_every=3)
    assert checks(tmp_path) == checks(out)
    assert len(checks(out)) >= 2
    assert set(resumed) == set(weights)
    assert all(torch.equal(resumed[name], weights[name]) for name in weights)


def test_training_changes_every_weight(unstopped):
    before = Trainer(RECIPE, load_encoder_weights(MINILM.path()), 1, compiled=False).updates.averaged
    assert not [name for name, value in unstopped[0].items() if torch.equal(value, before[name])]


def test_command_writes_loadable_weights(unstopped, data, monkeypatch, capsys):
    weights, out = unstopped
    line = ["train", str(data), "--out", str(out), "--epochs", str(RECIPE.epochs)]  # no step is left
    monkeypatch.setattr(sys, "argv", line)
    training.main()
    with safe_open(out / "reader.safetensors", "pt") as file:
        assert file.metadata() == {"version": FORMAT_VERSION}
    found = load(out / "reader.safetensors", MINILM.path()).network.state_dict()
    assert all(torch.equal(found[name], value.half().float()) for name, value in weights.items())


def test_loss_falls(pairs):
    batch = make_batches(pairs, INPUTS, 0)[0]
    trainer = Trainer(Recipe(warmup_steps=1), load_encoder_weights(MINILM.path()), 1000, compiled=False)
    losses = [trainer.train_step(batch) for _ in range(12)]
    assert losses[0] == pytest.approx(math.log(batch.allowed.sum(1).float().mean()), abs=0.7)  # nothing is learned yet
    assert losses[-1] < losses[0] / 2
    assert trainer.updates.step == 12


def test_distilled_reader_scores_like_its_teacher(pairs):
    batch = make_batches(pairs, INPUTS, 0)[0]
    wanted = torch.full_like(batch.ids, -9.0, dtype=torch.float)[:, :, None].repeat(1, 1, 2)
    wanted[:, 0] = 9.0  # a teacher that is sure there is no answer
    trainer = Trainer(
        Recipe(warmup_steps=1, distillation_share=1.0), load_encoder_weights(MINILM.path()), 1000, compiled=False
    )
    for _ in range(12):
        trainer.train_step(batch, wanted)
    scores = training._scores(trainer._run, trainer.embeddings, batch)
    assert (scores.argmax(1) == 0).float().mean() > 0.9


def test_distillation_share_zero_ignores_the_teacher(pairs):
    batch = make_batches(pairs, INPUTS, 0)[0]
    loss = [
        Trainer(Recipe(distillation_share=0.0), load_encoder_weights(MINILM.path()), 10, compiled=False).train_step(
            batch, taught
        )
        for taught in (None, torch.randn(*batch.ids.shape, 2))
    ]
    assert loss[0] == pytest.approx(loss[1])


def test_run_starts_from_weights_with_a_teacher(unstopped, data, tiny_model, tmp_path, monkeypatch):
    weights = unstopped[0] | {"head.weight": unstopped[0]["head.weight"] + 0.5}  # far from the usual initial weights
    teacher = tmp_path / "teacher.safetensors"
    save_file(Teacher(tiny_model).state_dict(), teacher)
    save_file(weights, tmp_path / "first.safetensors")
    line = ["train", str(data), "--out", str(tmp_path / "out"), "--epochs", "0.02", "--teacher", str(teacher)]
    line += ["--model", str(tiny_model), "--initial-weights", str(tmp_path / "first.safetensors")]
    monkeypatch.setattr(sys, "argv", line)
    training.main()
    gone_on = load_file(tmp_path / "out" / "reader.safetensors")
    assert all((gone_on[name] - value).abs().max() < 0.05 for name, value in weights.items())  # one step away
    assert any(not torch.equal(gone_on[name], value.half()) for name, value in weights.items())


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
def test_gpu_learns_and_resumes_like_the_cpu(data, pairs, tmp_path):
    gpu = torch.device("cuda")
    batch = make_batches(pairs, INPUTS, 0)[0]
    losses = [
        [trainer.train_step(batch) for _ in range(12)]
        for trainer in (
            Trainer(Recipe(warmup_steps=1), load_encoder_weights(MINILM.path()), 1000, compiled=False, device=device)
            for device in (training.CPU, gpu)
        )
    ]
    assert losses[1] == pytest.approx(losses[0], abs=0.2)
    teacher = Teacher(MINILM.path()).to(gpu).eval()
    train(data, tmp_path, RECIPE, teacher=teacher, device=gpu, evaluate_every=3)
    (tmp_path / "log.txt").unlink()
    train(data, tmp_path, Recipe(epochs=RECIPE.epochs * 2, warmup_steps=2), device=gpu, evaluate_every=3)
    assert len(checks(tmp_path)) >= 2


def test_missing_device_fails_in_one_line(data, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["train", str(data), "--out", str(tmp_path / "out"), "--device", "abacus"])
    with pytest.raises(SystemExit) as ended:
        training.main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith("this machine has no device 'abacus'")
    assert said.endswith("type --device cpu\n")
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_too_few_questions_fail_in_one_line(tmp_path, monkeypatch, capsys):
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
