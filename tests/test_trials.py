"""The trials at length, tests/trials, each in short."""

import os
import subprocess
import sys

import pytest

from tests.support.paths import ROOT

SHORT = {
    "copies": ["--copies", "40"],
    "damage": ["--copies", "60", "--files", "6"],
    "fuzz": ["--inputs", "200"],
    "guided": ["--seconds", "2", "--only", "jsonl", "--only", "html"],
    "kills": ["--kills", "3", "--files", "10"],
    "memory": ["--files", "100"],
    "page": ["--people", "3", "--seconds", "6", "--reading", "0.5", "--times", "3", "--loosely", "5"],
    "readers": ["--readers", "3", "--files", "10", "--minutes", "0.2"],
}


def trial(*arguments, **environment):
    command = [sys.executable, str(ROOT / "tests" / "trials"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)


def test_every_trial_has_a_short_one():
    assert set(SHORT) == {path.stem for path in (ROOT / "tests" / "trials").glob("*.py")} - {"__main__", "texts"}


@pytest.mark.parametrize("part", SHORT)
def test_the_promise_holds(part):
    done = trial(part, *SHORT[part])
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout


def test_a_broken_promise_is_seen(tmp_path):
    """Without its seal a damaged database may answer otherwise, and the trial says so."""
    (tmp_path / "sitecustomize.py").write_text(
        "import qa.store.checksum\nqa.store.checksum.is_broken = lambda path: False\n"
    )
    done = trial("damage", "--copies", "60", "--files", "6", PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    assert done.returncode == 1, done.stdout + done.stderr
