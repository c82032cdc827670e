"""Public docstrings say what the code does: pydoclint compares them."""

import re
import subprocess
import sys

from tests.support.paths import ROOT

# A section is not required. Where there is one, it names what is in the signature, and what the body raises.
WRONG = {
    "DOC102": "documents an argument that is not there",
    "DOC105": "documents another type than the signature has",
    "DOC202": "documents a return value that is not there",
    "DOC403": "documents a yielded value that is not there",
    "DOC501": "raises an error without saying so",
}
OPTIONS = (
    "--style=google",
    "--arg-type-hints-in-docstring=False",
    "--check-return-types=False",
    "--check-yield-types=False",
    "--check-class-attributes=False",
    "--skip-checking-private-functions=True",
    "--quiet",
)


def complaints(*paths) -> list[str]:
    command = [sys.executable, "-m", "pydoclint.main", *OPTIONS, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    lines = (done.stdout + done.stderr).splitlines()
    assert not re.search("Traceback", done.stderr), done.stderr
    file, found = "", []
    for line in lines:
        file = line if line.endswith(".py") else file
        if match := re.match(r"\s+(\d+): (DOC\d+): (.*)", line):
            found.append(f"{file}:{match[1]}: {match[2]} {match[3]}")
    return found


def test_docstrings_agree_with_the_code():
    found = complaints("qa", "embeddings")
    assert len(found) > 5  # sections that are not required are counted too, so the tool did run
    assert [line for line in found if line.split()[1] in WRONG] == []


def test_disagreement_is_seen(tmp_path):
    """Each kind of disagreement is found in a file that has it."""
    (tmp_path / "made.py").write_text(
        'def f() -> None:\n    """Do it.\n\n    Args:\n        y: Not there.\n    """\n\n\n'
        'def g(x: int) -> int:\n    """Do it.\n\n    Args:\n        x: There.\n    """\n    raise ValueError\n'
    )
    assert {"DOC102", "DOC501"} <= {line.split()[1] for line in complaints(tmp_path / "made.py")}
