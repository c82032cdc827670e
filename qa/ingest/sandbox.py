"""Parse binary and marked-up files in a separate process, which has limits and can be killed.

The process is started for the first file that needs it, reused for the next ones, and restarted after a failure. A
request is a line of JSON and the file's bytes; a reply is a line of JSON. The process is not trusted: its replies are
only taken as text of limited length.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from itertools import pairwise
from typing import IO, Any

from qa.errors import DocumentError
from qa.ingest.recognition.setting import recognition_is_on
from qa.ingest.sandbox_worker import MAX_TEXT_CHARS, too_much_text
from qa.types import Block, BlockKind, Document, Remark

COMMAND = (sys.executable, "-P", "-m", "qa.ingest.sandbox_worker")

TIMEOUT_SECONDS = 60
"""Time to read one file."""

RECOGNITION_TIMEOUT_FACTOR = 30
"""Recognising the text of scanned pages takes seconds a page, so a file has this factor of the time."""

MAX_REPLY_BYTES = 4 * MAX_TEXT_CHARS
"""A longer reply is refused."""

MAX_REASON_CHARS = 300
"""Characters kept of the reason why a file cannot be read."""


def parse(suffix: str, name: str, data: bytes) -> list[Document | Remark]:
    """Run the loader for `suffix` on a file's bytes in the parser process, and return what it yields.

    Raises:
        DocumentError: the loader raised it, or the process crashed, took too long, needed too much memory or replied
            with too much text.
    """
    with _lock:
        if not _running:
            _running.append(_Parser())
        try:
            reply = _running[0].ask({"suffix": suffix, "name": name, "size": len(data)}, data)
            if "error" not in reply:
                remarks = [Remark(str(text)[:MAX_REASON_CHARS]) for text in reply["remarks"]]
                return [*(_document(fields) for fields in reply["documents"]), *remarks]
        except DocumentError:
            _stop()
            raise
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            _stop()
            raise DocumentError("its parser returned no documents") from error
    raise DocumentError(str(reply["error"])[:MAX_REASON_CHARS])


def _document(fields: dict[str, Any]) -> Document:
    blocks, labels = fields.pop("blocks"), fields.pop("page_labels")
    if not all(value is None or isinstance(value, str) for value in fields.values()):
        raise TypeError("wanted strings")
    document = Document(
        **fields, blocks=tuple(_block(*values) for values in blocks), page_labels=tuple(map(str, labels))
    )
    ends = [0, *(place for block in document.blocks for place in (block.start, block.end)), len(document.text)]
    if any(before > after for before, after in pairwise(ends)):
        raise ValueError("wanted blocks in order and within the text")
    return document


def _block(kind: str, start: int, end: int, level: int, context: str, cells: list[list[Any]]) -> Block:
    checked = tuple((int(offset), str(header)) for offset, header in cells)
    return Block(BlockKind(kind), int(start), int(end), int(level), str(context), checked)


def stop() -> None:
    """End the parser process, if there is one; the next file starts another."""
    with _lock:
        _stop()


def _stop() -> None:
    while _running:
        _running.pop().close()


class _Parser:
    """A parser process, seen from outside."""

    def __init__(self) -> None:
        path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path)
        self._process = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # One arithmetic thread only, for each would reserve memory.
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )

    def ask(self, request: dict[str, Any], data: bytes) -> dict[str, Any]:
        """Send one request and return the reply.

        Raises:
            DocumentError: there is no valid reply; the process must not be used again.
        """
        began = time.monotonic()
        timeout = TIMEOUT_SECONDS * (RECOGNITION_TIMEOUT_FACTOR if recognition_is_on() else 1)
        killer = threading.Timer(timeout, self._process.kill)
        killer.start()
        try:
            line = self._exchange(json.dumps(request).encode() + b"\n" + data)
        finally:
            killer.cancel()
        if len(line) > MAX_REPLY_BYTES:
            raise DocumentError(too_much_text())
        if not line.endswith(b"\n"):
            code = self._process.wait()
            raise DocumentError(
                _timeout_message(timeout) if time.monotonic() - began >= timeout else _crash_message(code)
            )
        try:
            reply: dict[str, Any] = json.loads(line)
        except ValueError as error:
            raise DocumentError("its parser returned an unreadable reply") from error
        return reply

    def _exchange(self, request: bytes) -> bytes:
        sent, received = self._pipes()
        with suppress(BrokenPipeError):  # the process has ended, which the empty reply tells
            sent.write(request)
            sent.flush()
        return received.readline(MAX_REPLY_BYTES + 1)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in self._pipes():
            with suppress(OSError):  # flushing what was not sent yet
                pipe.close()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if not (self._process.stdin and self._process.stdout):
            raise AssertionError("the process was not started with pipes")
        return self._process.stdin, self._process.stdout


def _timeout_message(seconds: float) -> str:
    return f"took longer than {seconds:g} seconds to read; split it"


def _crash_message(code: int) -> str:
    return f"its parser crashed (exit code {code}), so the file may be damaged"


_lock = threading.Lock()
_running: list[_Parser] = []
atexit.register(stop)
