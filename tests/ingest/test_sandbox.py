"""The parser process from outside: its replies are checked, and it is replaced after a failure."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa.errors import DocumentError
from qa.ingest import sandbox
from qa.ingest.files import SourceFile, load
from qa.ingest.indexing import index
from qa.ingest.sandbox import parse, stop
from tests.support import sample_files

PAGE = sample_files.html(["Tea was served."])


@pytest.fixture(autouse=True)
def fresh():
    stop()
    yield
    stop()


def running():
    return [parser._process.pid for parser in sandbox._running]


def pretending(monkeypatch, code):
    """Run `code` instead of the parser process."""
    monkeypatch.setattr(sandbox, "COMMAND", (sys.executable, "-c", code))


def test_process_is_started_once_and_reused():
    assert parse("html", "a.html", PAGE)[0].text == "Tea was served."
    first = running()
    assert parse("html", "b.html", PAGE)[0].id == "b.html"
    assert running() == first != []


def test_process_ends_when_stopped():
    parse("html", "a.html", PAGE)
    process = sandbox._running[0]._process
    stop()
    assert process.poll() is not None
    assert running() == []


def test_loader_error_keeps_the_process():
    parse("html", "a.html", PAGE)
    before = running()
    with pytest.raises(DocumentError, match="NUL"):
        parse("html", "a.html", b"a\0b")
    assert running() == before


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import os; os.abort()", r"crashed \(exit code -6\)"),
        ("raise SystemExit(3)", r"crashed \(exit code 3\)"),
        ("print('{')", "unreadable reply"),
        ("print('{}')", "no documents"),
        ("""print('{"documents": [{"id": "a"}]}')""", "no documents"),
        ("""print('{"documents": [{"id": 3}]}')""", "no documents"),
        ("""print('{"documents": 3}')""", "no documents"),
        ("print('[]')", "no documents"),
        ("""print('{"documents": [[]]}')""", "no documents"),
        ("import time; time.sleep(60)", "longer than 0.5 seconds"),
        ("while True: print('x' * 1000, end='')", "more than 32,000,000 characters"),
    ],
)
def test_failed_process_is_an_error_and_replaced(monkeypatch, code, message):
    with monkeypatch.context() as patch:
        pretending(patch, code)
        patch.setattr(sandbox, "TIMEOUT_SECONDS", 0.5 if "sleep" in code else 30)
        patch.setattr(sandbox, "MAX_REPLY_BYTES", 1_000_000)
        began = time.monotonic()
        with pytest.raises(DocumentError, match=message):
            parse("html", "a.html", PAGE * (1 if "while" in code else 10_000))  # more than a pipe holds, for most
        assert time.monotonic() - began < 30
    assert parse("html", "a.html", PAGE)


def test_process_killed_between_files_fails_once():
    parse("html", "a.html", PAGE)
    sandbox._running[0]._process.kill()
    with pytest.raises(DocumentError, match="crashed"):
        parse("html", "a.html", PAGE)
    assert parse("html", "a.html", PAGE)


def test_no_process_is_left_after_indexing(corpus, tmp_path):
    (tmp_path / "a.html").write_bytes(PAGE)
    (entry,) = index(corpus, [tmp_path / "a.html"]).entries
    assert (entry.status, running()) == ("indexed", [])


def test_parsers_are_imported_only_when_needed():
    heavy = ["docx", "lxml", "py3langid", "pypdfium2", "striprtf", "trafilatura"]
    code = f"import sys, qa.assistant, qa.ingest.indexing; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout == "[]\n", done.stderr


def test_plain_text_starts_no_process():
    for suffix in ("txt", "md", "jsonl", "csv"):
        load(SourceFile(Path(f"a.{suffix}"), f"a.{suffix}"), sample_files.MAKERS[suffix](["Tea was served."]))
    assert running() == []
