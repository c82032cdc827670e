"""Run the command line as a real process; the hashing encoder keeps it quick."""

import os
import subprocess
import sys

HASHING = ("--encoder", "hashing")


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-m", "qa", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=os.environ | {"PYTHONUTF8": "1", "COLUMNS": "100"} | environment,
        timeout=120,
    )


def assert_one_line_error(done, code, *words):
    assert done.returncode == code, done
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert all(word in done.stderr for word in words), done.stderr
