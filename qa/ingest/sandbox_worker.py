"""Run the parsers in a limited process, which reads requests from standard input and replies on standard output."""

import json
import os
import sys
from contextlib import suppress
from dataclasses import astuple
from typing import IO, Any

from embeddings.errors import MissingDependency
from qa.errors import DocumentError
from qa.ingest.recognition.setting import recognition_is_on

MAX_MEMORY_MB = 1_500
"""Limit of the address space, on systems that can limit it."""

RECOGNITION_MEMORY_MB = 4_500
"""The same where the text of scanned pages is recognised."""

MAX_TEXT_CHARS = 32_000_000
"""Characters in all documents of a file; a small archive can unpack to far more."""


def max_memory_mb() -> int:
    """Return the limit of the address space in megabytes."""
    return RECOGNITION_MEMORY_MB if recognition_is_on() else MAX_MEMORY_MB


def too_much_text() -> str:
    """Return the reason why a file with too much text is refused."""
    return f"holds more than {MAX_TEXT_CHARS:,} characters of text; split it"


def serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    """Answer requests until there are no more."""
    while line := requests.readline():
        request = json.loads(line)
        reply = answer(request["suffix"], request["name"], requests.read(request["size"]))
        replies.write(json.dumps(reply, ensure_ascii=False).encode() + b"\n")
        replies.flush()


def answer(suffix: str, name: str, data: bytes) -> dict[str, Any]:
    """Return the reply to a request: the documents, or the reason why there are none, whatever a parser raised."""
    try:
        return _loaded(suffix, name, data)
    except (DocumentError, MissingDependency) as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": f"needs more than {max_memory_mb():,} MB of memory to read; split it"}
    except RecursionError:
        return {"error": "is nested too deeply to be read"}
    except Exception as error:
        return {"error": f"cannot be read as .{suffix} ({' '.join(f'{type(error).__name__}: {error}'.split())})"}


def _loaded(suffix: str, name: str, data: bytes) -> dict[str, Any]:
    from embeddings.plugins import find
    from qa.ingest import loaders
    from qa.types import Remark

    documents, remarks, length = [], [], 0
    for loaded in find(loaders, suffix).load(data, name):
        if isinstance(loaded, Remark):
            remarks.append(loaded.text)
            continue
        length += len(loaded.text)
        if length > MAX_TEXT_CHARS:
            raise DocumentError(too_much_text())
        fields = {field: getattr(loaded, field) for field in loaded.__slots__}
        documents.append({**fields, "blocks": [astuple(block) for block in loaded.blocks]})
    return {"documents": documents, "remarks": remarks}


def limit_process() -> None:
    """Limit this process for good: its memory is limited, and it can write neither files nor core dumps."""
    try:
        import resource
    except ImportError:  # not on this system, where the time and the length of a reply are still limited
        return
    limits = {resource.RLIMIT_AS: max_memory_mb() * 1_000_000, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}
    for kind, most in limits.items():
        with suppress(ValueError, OSError):  # a system that knows the limit but does not enforce it
            resource.setrlimit(kind, (most, most))


def main() -> None:
    """Limit this process, then answer requests on its standard input."""
    limit_process()
    with os.fdopen(os.dup(1), "wb") as replies:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a parser prints must not mix with replies
        serve(sys.stdin.buffer, replies)


if __name__ == "__main__":
    main()
