"""Parsers in a process of their own: what it answers, what it may not take, and that it comes back after a failure."""

import io
import json
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
from qa.ingest.sandbox_worker import answer, serve
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
    """Run `code` in the place of the parsers' process."""
    monkeypatch.setattr(sandbox, "COMMAND", (sys.executable, "-c", code))


def test_the_process_is_started_once_and_reused():
    assert parse("html", "a.html", PAGE)[0].text == "Tea was served."
    first = running()
    assert parse("html", "b.html", PAGE)[0].id == "b.html"
    assert running() == first != []


def test_it_ends_when_stopped():
    parse("html", "a.html", PAGE)
    process = sandbox._running[0]._process
    stop()
    assert process.poll() is not None
    assert running() == []


def test_an_error_of_a_loader_is_passed_on_and_the_process_goes_on():
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
def test_a_process_that_fails_is_an_error_and_the_next_file_has_another(monkeypatch, code, message):
    with monkeypatch.context() as patch:
        pretending(patch, code)
        patch.setattr(sandbox, "TIMEOUT_SECONDS", 0.5 if "sleep" in code else 30)
        patch.setattr(sandbox, "MAX_REPLY_BYTES", 1_000_000)
        began = time.monotonic()
        with pytest.raises(DocumentError, match=message):
            parse("html", "a.html", PAGE * (1 if "while" in code else 10_000))  # more than a pipe holds, for most
        assert time.monotonic() - began < 30
    assert parse("html", "a.html", PAGE)


def test_a_process_that_was_killed_between_two_files_is_one_failure():
    parse("html", "a.html", PAGE)
    sandbox._running[0]._process.kill()
    with pytest.raises(DocumentError, match="crashed"):
        parse("html", "a.html", PAGE)
    assert parse("html", "a.html", PAGE)


def test_requests_are_answered_one_after_the_other():
    requests = io.BytesIO()
    for name, data in (("a.txt", b"Tea"), ("b.txt", b"a\0b"), ("c.nothing", b""), ("d.txt", "½\n".encode())):
        head = {"suffix": name.partition(".")[2], "name": name, "size": len(data)}
        requests.write(json.dumps(head).encode() + b"\n" + data)
    replies = io.BytesIO()
    serve(io.BytesIO(requests.getvalue()), replies)
    first, second, third, fourth = [json.loads(line) for line in replies.getvalue().decode().split("\n")[:-1]]
    assert first["documents"][0]["text"] == "Tea"
    assert "NUL" in second["error"]
    assert "nothing" in third["error"]
    assert fourth["documents"][0]["text"] == "½\n"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (MemoryError(), "needs more than 1,500 MB"),
        (RecursionError(), "nested too deeply"),
        (ValueError("two\nlines"), r"cannot be read as \.txt \(ValueError: two lines\)"),
    ],
)
def test_whatever_a_parser_raises_is_a_reason(monkeypatch, error, message):
    def fail(*_):
        raise error

    monkeypatch.setattr("qa.ingest.loaders.txt.load", fail)
    with pytest.raises(AssertionError, match=message):
        raise AssertionError(answer("txt", "a.txt", b"")["error"])


def test_more_text_than_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr("qa.ingest.sandbox_worker.MAX_TEXT_CHARS", 10)
    assert "documents" in answer("txt", "a.txt", b"x" * 10)
    assert "more than 10 characters" in answer("txt", "a.txt", b"x" * 11)["error"]
    assert "more than 10 characters" in answer("jsonl", "a.jsonl", b'{"text": "abcdef"}\n' * 2)["error"]


def limited(code):
    """What Python prints that runs `code` within the limits of the process."""
    line = f"from qa.ingest.sandbox_worker import limit_process; limit_process(); {code}"
    return subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of this kind there")
def test_the_process_can_neither_take_all_memory_nor_write_files(tmp_path):
    assert "MemoryError" in limited("bytearray(2_000_000_000)").stderr
    assert "File too large" in limited(f"open({str(tmp_path / 'a')!r}, 'wb', buffering=0).write(b'x')").stderr
    assert limited("print(len(bytearray(200_000_000)))").stdout == "200000000\n"


def test_what_a_parser_prints_is_no_reply():
    serve = "lambda requests, replies: (print('noise'), replies.write(b'reply'))"
    code = f"import qa.ingest.sandbox_worker as s; s.serve = {serve}; s.main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    assert done.stdout == b"reply"


def test_no_process_is_left_after_indexing(corpus, tmp_path):
    (tmp_path / "a.html").write_bytes(PAGE)
    (entry,) = index(corpus, [tmp_path / "a.html"]).entries
    assert (entry.status, running()) == ("indexed", [])


def test_no_parser_is_imported_before_a_file_needs_it():
    heavy = ["docx", "lxml", "py3langid", "pypdfium2", "striprtf", "trafilatura"]
    code = f"import sys, qa.assistant, qa.ingest.indexing; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout == "[]\n", done.stderr


def test_reading_plain_text_starts_no_process():
    for suffix in ("txt", "md", "jsonl", "csv"):
        load(SourceFile(Path(f"a.{suffix}"), f"a.{suffix}"), sample_files.OF[suffix](["Tea was served."]))
    assert running() == []
