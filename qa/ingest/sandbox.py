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

from embeddings.errors import MissingDependency
from qa.errors import DocumentError
from qa.types import Document

COMMAND = (sys.executable, "-P", "-m", "qa.sandbox")

SECONDS = 60
"""In which a file is to be read."""

MEMORY_MB = 1_500
"""Of address space, where the system can limit it."""

TEXT_AT_MOST = 32_000_000
"""Characters in all documents of a file: what a small archive may unpack to."""

REPLY_AT_MOST = 4 * TEXT_AT_MOST
"""Bytes that are read of a reply."""

REASON_AT_MOST = 300
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
    raise DocumentError(str(reply["error"])[:REASON_AT_MOST])


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
        late = threading.Timer(SECONDS, self._process.kill)
        late.start()
        try:
            line = self._exchange(json.dumps(request).encode() + b"\n" + data)
        finally:
            late.cancel()
        if len(line) > REPLY_AT_MOST:
            raise DocumentError(_too_long())
        if not line.endswith(b"\n"):
            code = self._process.wait()
            raise DocumentError(_too_late() if time.monotonic() - began >= SECONDS else _crashed(code))
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
        return received.readline(REPLY_AT_MOST + 1)

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


def _too_late() -> str:
    return f"took longer than {SECONDS} seconds to read; split it"


def _too_long() -> str:
    return f"holds more than {TEXT_AT_MOST:,} characters of text; split it"


def _crashed(code: int) -> str:
    return f"its parser crashed (exit code {code}), so it may be damaged"


_lock = threading.Lock()
_running: list[_Parser] = []
atexit.register(stop)


# Inside the process.


def serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    """Answer requests until there are no more."""
    while line := requests.readline():
        request = json.loads(line)
        reply = answer(request["suffix"], request["name"], requests.read(request["size"]))
        replies.write(json.dumps(reply, ensure_ascii=False).encode() + b"\n")
        replies.flush()


def answer(suffix: str, name: str, data: bytes) -> dict[str, Any]:
    """The reply to a request: the documents, or why there are none, whatever a parser may have raised."""
    try:
        return {"documents": _documents(suffix, name, data)}
    except (DocumentError, MissingDependency) as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": f"needs more than {MEMORY_MB:,} MB of memory to read; split it"}
    except RecursionError:
        return {"error": "is nested too deeply to be read"}
    except Exception as error:
        return {"error": f"cannot be read as .{suffix} ({' '.join(f'{type(error).__name__}: {error}'.split())})"}


def _documents(suffix: str, name: str, data: bytes) -> list[dict[str, Any]]:
    from embeddings.plugins import find
    from qa import loaders

    documents, length = [], 0
    for document in find(loaders, suffix).load(data, name):
        length += len(document.text)
        if length > TEXT_AT_MOST:
            raise DocumentError(_too_long())
        documents.append(document.to_dict())
    return documents


def limit() -> None:
    """Limit this process for good: memory, and no file can be written, nor a core be left."""
    try:
        import resource
    except ImportError:  # not on this system: the time and the length of a reply are limited all the same
        return
    limits = {resource.RLIMIT_AS: MEMORY_MB * 1_000_000, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}
    for kind, most in limits.items():
        with suppress(ValueError, OSError):  # a system that knows the limit but does not keep it
            resource.setrlimit(kind, (most, most))


def main() -> None:
    """Limit this process, then answer requests on its standard input."""
    limit()
    with os.fdopen(os.dup(1), "wb") as replies:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a parser prints is no reply
        serve(sys.stdin.buffer, replies)


if __name__ == "__main__":
    main()
