"""Run each trial of tests/trials in short."""

import os
import subprocess
import sys

import pytest

from tests.support.paths import ROOT

SHORT = {
    "copies": ["--copies", "40"],
    "damage": ["--copies", "40", "--files", "4"],
    "fuzz": ["--inputs", "120"],
    "guided": ["--seconds", "1", "--only", "jsonl", "--only", "html"],
    "kills": ["--kills", "2", "--files", "6"],
    "memory": ["--files", "100"],
    "page": ["--people", "3", "--seconds", "3", "--reading", "0.3", "--times", "2", "--loosely", "5"],
    "readers": ["--readers", "2", "--files", "6", "--minutes", "0.08", "--loosely", "3"],
}


def trial(*arguments, **environment):
    command = [sys.executable, str(ROOT / "tests" / "trials"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)


def test_every_trial_has_a_short_version():
    assert set(SHORT) == {path.stem for path in (ROOT / "tests" / "trials").glob("*.py")} - {"__main__", "texts"}


@pytest.mark.parametrize("part", SHORT)
def test_promise_is_kept(part):
    done = trial(part, *SHORT[part])
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout


def test_broken_promise_is_detected(tmp_path):
    """Without its checksum a damaged database may answer differently, and the trial must report that."""
    (tmp_path / "sitecustomize.py").write_text(
        "import qa.store.checksum\nqa.store.checksum.is_damaged = lambda path: False\n"
    )
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    done = trial("damage", "--copies", "400", "--files", "2", "--stop", PYTHONPATH=path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "damaged copies:" in done.stdout
