"""Every code block of the README is run: Python in one namespace, shell line by line, in order."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
LINES = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line.strip()]


def test_blocks_are_of_kinds_that_are_run() -> None:
    assert {kind for kind, _ in BLOCKS} <= {"sh", "python", "text"}
    assert [kind for kind, _ in BLOCKS].count("python") >= 3


def test_the_two_commands_are_there_and_ci_runs_them() -> None:
    assert "pip install . && qa serve" in README
    assert "pip install '.[test]' && pytest" in README
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "pip install --quiet '.[test]'" in ci
    assert re.search(r"^pytest$", ci, re.MULTILINE)


def test_python_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "tea.txt").write_text("The tea was served at four o'clock in Geneva.\n", "utf-8")
    namespace: dict[str, object] = {"__name__": "readme"}
    for kind, block in BLOCKS:
        if kind == "python":
            exec(compile(block, "README.md", "exec"), namespace)


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith("pip install")])
def test_shell_lines(line: str, tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "tea.txt").write_text("The tea was served at four o'clock in Geneva.\n", "utf-8")
    command = shlex.split(line, comments=True)
    if line.startswith(("qa serve", "python app.py")):
        _serves(command)
        return
    if command[0] == "qa" and "../shared" in line and not (ROOT.parent / "shared").exists():
        assert os.environ.get("CI") != "true", "../shared must be beside the checkout in CI"
        pytest.skip("needs the evaluation sets")
    if "../shared" in line and "seeds" not in line:
        line = line.replace("../shared", str(ROOT.parent / "shared"))
        pytest.skip("takes minutes; the same command over the seeds is run")
    where = ROOT if "../shared" in line else tmp_path
    done = subprocess.run(_here(command), cwd=where, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def _serves(command: list[str]) -> None:
    if command[0] == "python":
        command = [sys.executable, str(ROOT / command[1])]
    else:
        command = [*_here(command), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        try:
            assert "http://127.0.0.1:" in server.stdout.readline()
        finally:
            server.terminate()


def _here(command: list[str]) -> list[str]:
    """`qa` is this environment's, whatever the PATH says."""
    return [sys.executable, "-m", "qa.cli", *command[1:]] if command[0] == "qa" else command


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [re.split(r"[<>=]", entry)[0] for entry in project["dependencies"]]
    assert [name for name in wanted if f"`{name}`" not in README] == []
