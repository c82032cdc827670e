"""The parser process from inside: its replies, and the limits it sets itself."""

import io
import json
import subprocess
import sys

import pytest

from qa.ingest.sandbox_worker import answer, serve


def test_requests_are_answered_in_order():
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
def test_any_parser_exception_becomes_a_reason(monkeypatch, error, message):
    def fail(*_):
        raise error

    monkeypatch.setattr("qa.ingest.loaders.txt.load", fail)
    with pytest.raises(AssertionError, match=message):
        raise AssertionError(answer("txt", "a.txt", b"")["error"])


def test_too_much_text_is_refused(monkeypatch):
    monkeypatch.setattr("qa.ingest.sandbox_worker.MAX_TEXT_CHARS", 10)
    assert "documents" in answer("txt", "a.txt", b"x" * 10)
    assert "more than 10 characters" in answer("txt", "a.txt", b"x" * 11)["error"]
    assert "more than 10 characters" in answer("jsonl", "a.jsonl", b'{"text": "abcdef"}\n' * 2)["error"]


def limited(code):
    """Run `code` in Python within the limits of the parser process."""
    line = f"from qa.ingest.sandbox_worker import limit_process; limit_process(); {code}"
    return subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of this kind there")
def test_process_cannot_exhaust_memory_or_write_files(tmp_path):
    assert "MemoryError" in limited("bytearray(2_000_000_000)").stderr
    assert "File too large" in limited(f"open({str(tmp_path / 'a')!r}, 'wb', buffering=0).write(b'x')").stderr
    assert limited("print(len(bytearray(200_000_000)))").stdout == "200000000\n"


def test_printed_output_is_not_a_reply():
    serve = "lambda requests, replies: (print('noise'), replies.write(b'reply'))"
    code = f"import qa.ingest.sandbox_worker as s; s.serve = {serve}; s.main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    assert done.stdout == b"reply"
