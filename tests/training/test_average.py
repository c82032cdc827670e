"""Average the weights of several runs."""

import sys

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from qa.errors import ReaderError
from qa.reader.format import FORMAT_VERSION
from qa.training import average as averaging
from qa.training.average import average

ONE = {"a": torch.tensor([1.0, 2.0]), "b": torch.tensor([[3.0]])}
OTHER = {"a": torch.tensor([3.0, -2.0], dtype=torch.float16), "b": torch.tensor([[4.0]])}


def test_each_tensor_is_the_mean_of_the_runs():
    found = average([ONE, OTHER])
    assert found["a"].tolist() == [2, 0]
    assert found["b"].tolist() == [[3.5]]
    assert {value.dtype for value in found.values()} == {torch.float32}
    assert average([ONE])["a"].tolist() == [1, 2]


@pytest.mark.parametrize("runs", [[], [ONE, {"a": ONE["a"]}], [ONE, {**ONE, "a": torch.zeros(3)}]])
def test_runs_of_different_networks_are_refused(runs):
    with pytest.raises(ReaderError, match=str(len(runs))):
        average(runs)


def test_command_writes_loadable_weights(tmp_path, monkeypatch, capsys):
    for name, run in (("one", ONE), ("other", OTHER)):
        save_file(run, tmp_path / name)
    out = tmp_path / "out"
    monkeypatch.setattr(sys, "argv", ["average", str(tmp_path / "one"), str(tmp_path / "other"), "--out", str(out)])
    averaging.main()
    assert load_file(out)["a"].tolist() == [2, 0]
    assert {value.dtype for value in load_file(out).values()} == {torch.float16}
    with safe_open(out, "numpy") as file:
        assert file.metadata() == {"version": FORMAT_VERSION}


def test_missing_run_fails_in_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["average", str(tmp_path / "absent"), "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit) as ended:
        averaging.main()
    assert ended.value.code == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "out").exists()
