"""Parsers of binary and marked-up files in a process of their own, which is limited and can be killed.

The process is started for the first file that needs one, reused for the next, and started again after a failure. A
request is one line of JSON and the file's bytes; a reply is one line of JSON. Nothing that the process says is
trusted further than that: it is text, of a length that is limited.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import IO, Any

from qa.errors import DocumentError
from qa.ingest.sandbox_worker import MAX_TEXT_CHARS, too_much_text
from qa.types import Document

COMMAND = (sys.executable, "-P", "-m", "qa.ingest.sandbox_worker")

TIMEOUT_SECONDS = 60
"""In which a file is to be read."""


MAX_REPLY_BYTES = 4 * MAX_TEXT_CHARS
"""Bytes that are read of a reply."""

MAX_REASON_CHARS = 300
"""Characters of why a file cannot be read."""


def parse(suffix: str, name: str, data: bytes) -> list[Document]:
    """The documents in a file's bytes, read by the loader `suffix` in the parsers' process.

    Raises:
        DocumentError: the loader's own, or the process crashed, took too long, or needed or said too much.
    """
    with _lock:
        if not _running:
            _running.append(_Parser())
        try:
            reply = _running[0].ask({"suffix": suffix, "name": name, "size": len(data)}, data)
            if "error" not in reply:
                return [_document(one) for one in reply["documents"]]
        except DocumentError:
            _stop()
            raise
        except (AttributeError, KeyError, TypeError) as error:
            _stop()
            raise DocumentError("its parser gave no documents") from error
    raise DocumentError(str(reply["error"])[:MAX_REASON_CHARS])


def _document(fields: dict[str, Any]) -> Document:
    if not all(value is None or isinstance(value, str) for value in fields.values()):
        raise TypeError("wanted strings")
    return Document(**fields)


def stop() -> None:
    """End the parsers' process, if there is one; the next file starts another."""
    with _lock:
        _stop()


def _stop() -> None:
    while _running:
        _running.pop().close()


class _Parser:
    """The process, seen from outside."""

    def __init__(self) -> None:
        path = os.pathsep.join(os.path.abspath(place) for place in sys.path)
        self._process = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # One thread of arithmetic: each would set memory aside.
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )

    def ask(self, request: dict[str, Any], data: bytes) -> dict[str, Any]:
        """The reply to one request.

        Raises:
            DocumentError: there is none; the process is of no use any more.
        """
        began = time.monotonic()
        late = threading.Timer(TIMEOUT_SECONDS, self._process.kill)
        late.start()
        try:
            line = self._exchange(json.dumps(request).encode() + b"\n" + data)
        finally:
            late.cancel()
        if len(line) > MAX_REPLY_BYTES:
            raise DocumentError(too_much_text())
        if not line.endswith(b"\n"):
            code = self._process.wait()
            raise DocumentError(
                _timeout_message() if time.monotonic() - began >= TIMEOUT_SECONDS else _crash_message(code)
            )
        try:
            reply: dict[str, Any] = json.loads(line)
        except ValueError as error:
            raise DocumentError("its parser gave no readable reply") from error
        return reply

    def _exchange(self, request: bytes) -> bytes:
        sent, received = self._pipes()
        with suppress(BrokenPipeError):  # it has ended, which what is received says
            sent.write(request)
            sent.flush()
        return received.readline(MAX_REPLY_BYTES + 1)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in self._pipes():
            with suppress(OSError):  # what was not sent yet
                pipe.close()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if not (self._process.stdin and self._process.stdout):
            raise AssertionError("started with pipes")
        return self._process.stdin, self._process.stdout


def _timeout_message() -> str:
    return f"took longer than {TIMEOUT_SECONDS} seconds to read; split it"


def _crash_message(code: int) -> str:
    return f"its parser crashed (exit code {code}), so it may be damaged"


_lock = threading.Lock()
_running: list[_Parser] = []
atexit.register(stop)
