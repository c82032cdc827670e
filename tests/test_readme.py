"""Run every code block of the README in order: Python in one namespace, shell line by line."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.paths import ROOT, required

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
LINES = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line.strip()]


def test_every_code_block_is_of_an_executed_kind() -> None:
    assert {kind for kind, _ in BLOCKS} <= {"sh", "python", "text"}
    assert [kind for kind, _ in BLOCKS].count("python") >= 3


def test_install_commands_are_documented_and_run_by_ci() -> None:
    assert "pip install . && qa serve" in README
    assert "pip install '.[test]' && pytest" in README
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "pip install --quiet '.[test]'" in ci
    assert re.search(r"^pytest$", ci, re.MULTILINE)


def test_readme_is_short() -> None:
    assert len(README.splitlines()) < 200


def test_named_paths_exist() -> None:
    named = re.findall(r"[`(]((?:qa|embeddings|tests|\.ci|\.pictures|\.CHANGELOG)[\w./-]*)[`)]", README)
    assert len(named) > 20
    made = {"qa/ingest/loaders/log.py"}  # the example of a plugin
    assert [path for path in named if not (ROOT / path).exists() and path not in made and "NAME" not in path] == []


def test_python_blocks_run_without_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "tea.txt").write_text("The tea was served at four o'clock in Geneva.\n", "utf-8")
    namespace: dict[str, object] = {"__name__": "readme"}
    for kind, block in BLOCKS:
        if kind == "python":
            exec(compile(block, "README.md", "exec"), namespace)


def test_shell_lines_run_without_errors(tmp_path: Path) -> None:
    """Run the lines in order, since a later line may need what an earlier one indexed."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "tea.txt").write_text("The tea was served at four o'clock in Geneva.\n", "utf-8")
    for line in LINES:
        if not line.startswith(("pip install", "qa serve", "python app.py")) and "../shared" not in line:
            assert_runs(line, tmp_path)


def test_shell_lines_over_evaluation_sets_run() -> None:
    lines = [line for line in LINES if "../shared" in line]
    if lines:
        required("eval")
    for line in lines:
        if "eval/seeds" in line:  # the other sets take minutes
            assert_runs(line, ROOT)


def assert_runs(line: str, folder: Path) -> None:
    command = shlex.split(line, comments=True)
    assert command[0] == "qa"
    # Run this environment's qa, whatever the PATH says.
    local_command = [sys.executable, "-m", "qa", *command[1:]]
    completed = subprocess.run(local_command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=240)
    assert completed.returncode == 0, f"{line}: {completed.stderr}"


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    dependencies = [re.split(r"[<>=]", entry)[0] for entry in project["dependencies"]]
    assert [name for name in dependencies if f"`{name}`" not in README] == []
