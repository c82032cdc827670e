"""All stages of the reader's making, on a few dozen questions: each once, and taken up where they were stopped."""

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
    """Few rows in a batch, few steps in a run, few pairs in a check."""
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
    """The weights that the stages end with, and where they were made."""
    out = tmp_path_factory.mktemp("whole") / "out"
    return make(data, tiny_model, out), out


def same(one, other):
    return set(one) == set(other) and all(torch.equal(one[name], other[name]) for name in one)


def test_the_weights_are_what_the_stages_make_one_by_one(whole, data, tiny_model, tmp_path):
    runs = [train(data, tmp_path / str(recipe.seed), recipe) for recipe in making.BASE_RUNS]
    teacher = teaching.make_teacher(data, tiny_model, tmp_path / "teacher.safetensors")
    first = average(runs)
    taught = [
        train(data, tmp_path / str(r.seed), r, teacher=teacher, initial_weights=first) for r in making.DISTILLED_RUNS
    ]
    assert same(whole[0], average(taught))
    assert not same(taught[0], taught[1])
    assert not same(first, whole[0])


def test_stopped_anywhere_it_ends_with_the_same(whole, data, tiny_model, tmp_path, monkeypatch):
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
    while weights is None and stops < 20:  # four steps from one to the next
        try:
            weights = make(data, tiny_model, tmp_path)
        except KeyboardInterrupt:
            stops += 1
    assert stops >= 4
    assert weights is not None and same(weights, whole[0])


def test_what_is_done_is_not_done_again(whole, data, tiny_model, monkeypatch):
    def never(*given):
        raise AssertionError

    monkeypatch.setattr(Trainer, "train_step", never)
    monkeypatch.setattr(making, "make_teacher", never)
    assert same(make(data, tiny_model, whole[1]), whole[0])
    assert len(list(whole[1].rglob("mined-*.json"))) == 1
    assert not list(whole[1].glob("*.checkpoint"))  # the teacher's is larger than all that is kept


def test_the_command_line_writes_what_the_reader_reads(whole, data, tiny_model, monkeypatch):
    weights, out = whole
    monkeypatch.setattr(sys, "argv", ["make", str(data), "--model", str(tiny_model), "--out", str(out)])
    making.main()
    found = load(out / "reader.safetensors", MINILM.path()).network.state_dict()
    assert same(found, {name: value.half().float() for name, value in weights.items()})
    assert {value.dtype for value in load_file(out / "reader.safetensors").values()} == {torch.float16}


@pytest.mark.parametrize("absent", ["data", "model"])
def test_what_is_not_there_is_one_line(data, tiny_model, absent, tmp_path, monkeypatch, capsys):
    given = {"data": data, "model": tiny_model} | {absent: tmp_path / "absent"}
    line = ["make", str(given["data"]), "--model", str(given["model"]), "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", line)
    with pytest.raises(SystemExit) as ended:
        making.main()
    assert ended.value.code == 1
    *before, said = capsys.readouterr().err.splitlines()  # what is told before is the model library's
    assert str(tmp_path / "absent") in said
    assert "Traceback" not in "".join(before)
    assert not list((tmp_path / "out").rglob("*.safetensors"))
