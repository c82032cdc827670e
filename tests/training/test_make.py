"""Run all stages that make the reader, on a few dozen questions, at once and with interruptions."""

import sys

import pytest
import torch
from safetensors.torch import load_file

from embeddings.models import MINILM
from qa.reader.network import load
from qa.training import batches as batching
from qa.training import make as making
from qa.training import teacher as teaching
from qa.training import train as training
from qa.training.average import average
from qa.training.make import make
from qa.training.teacher import Teacher
from qa.training.train import Recipe, Trainer, train
from tests.support.squad_files import made


@pytest.fixture(scope="module", autouse=True)
def small(shallow):
    """Keep batches, runs and evaluations small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batching, "BATCH_TOKENS", 256)
        patch.setattr(training, "EVALUATED_PAIRS", 4)
        patch.setattr(teaching, "EVALUATED_PAIRS", 4)
        patch.setattr(teaching, "MAX_STEPS", 3)
        patch.setattr(teaching, "CHECKPOINT_EVERY_STEPS", 2)
        patch.setattr(
            making,
            "BASE_RUNS",
            (Recipe(seed=1, epochs=0.06, warmup_steps=2), Recipe(seed=2, epochs=0.04, warmup_steps=2)),
        )
        patch.setattr(
            making,
            "DISTILLED_RUNS",
            tuple(Recipe(seed=s, epochs=0.04, warmup_steps=2, learning_rate=1e-4) for s in (3, 4)),
        )
        yield


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return made(tmp_path_factory.mktemp("make") / "data", 60)


@pytest.fixture(scope="module")
def whole(data, tiny_model, tmp_path_factory):
    """Return the final weights and the folder of the run."""
    out = tmp_path_factory.mktemp("whole") / "out"
    return make(data, tiny_model, out), out


def same(one, other):
    return set(one) == set(other) and all(torch.equal(one[name], other[name]) for name in one)


def test_weights_match_the_stages_run_singly(whole, data, tiny_model, tmp_path):
    runs = [train(data, tmp_path / str(recipe.seed), recipe) for recipe in making.BASE_RUNS]
    teacher = teaching.make_teacher(data, tiny_model, tmp_path / "teacher.safetensors")
    first = average(runs)
    taught = [
        train(data, tmp_path / str(r.seed), r, teacher=teacher, initial_weights=first) for r in making.DISTILLED_RUNS
    ]
    assert same(whole[0], average(taught))
    assert not same(taught[0], taught[1])
    assert not same(first, whole[0])


def test_stopped_runs_end_with_the_same_weights(whole, data, tiny_model, tmp_path, monkeypatch):
    train_step, scores, calls = Trainer.train_step, Teacher.scores, []

    def stopping(method):
        def called(*given):
            calls.append(method)
            if len(calls) % 5 == 0:
                raise KeyboardInterrupt
            return method(*given)

        return called

    monkeypatch.setattr(Trainer, "train_step", stopping(train_step))
    monkeypatch.setattr(Teacher, "scores", stopping(scores))
    monkeypatch.setattr(making, "train", lambda *given, **named: train(*given, **named, evaluate_every=1))
    stops, weights = 0, None
    while weights is None and stops < 20:  # four steps between stops
        try:
            weights = make(data, tiny_model, tmp_path)
        except KeyboardInterrupt:
            stops += 1
    assert stops >= 4
    assert weights is not None and same(weights, whole[0])


def test_finished_stages_are_skipped(whole, data, tiny_model, monkeypatch):
    def never(*given):
        raise AssertionError

    monkeypatch.setattr(Trainer, "train_step", never)
    monkeypatch.setattr(making, "make_teacher", never)
    assert same(make(data, tiny_model, whole[1]), whole[0])
    assert len(list(whole[1].rglob("mined-*.json"))) == 1
    assert not list(whole[1].glob("*.checkpoint"))  # the teacher's is larger than everything else


def test_command_writes_loadable_weights(whole, data, tiny_model, monkeypatch):
    weights, out = whole
    monkeypatch.setattr(sys, "argv", ["make", str(data), "--model", str(tiny_model), "--out", str(out)])
    making.main()
    found = load(out / "reader.safetensors", MINILM.path()).network.state_dict()
    assert same(found, {name: value.half().float() for name, value in weights.items()})
    assert {value.dtype for value in load_file(out / "reader.safetensors").values()} == {torch.float16}


@pytest.mark.parametrize("absent", ["data", "model"])
def test_missing_input_fails_in_one_line(data, tiny_model, absent, tmp_path, monkeypatch, capsys):
    given = {"data": data, "model": tiny_model} | {absent: tmp_path / "absent"}
    line = ["make", str(given["data"]), "--model", str(given["model"]), "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", line)
    with pytest.raises(SystemExit) as ended:
        making.main()
    assert ended.value.code == 1
    *before, said = capsys.readouterr().err.splitlines()  # the lines before come from the model library
    assert str(tmp_path / "absent") in said
    assert "Traceback" not in "".join(before)
    assert not list((tmp_path / "out").rglob("*.safetensors"))
