"""How many questions are answered at once: others wait their turn, and when too many wait, people must ask again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

MAX_CONCURRENT_ANSWERS = 4
"""One answer keeps a laptop's cores busy by itself; with several, a short one need not wait for a long one."""

MAX_WAITING = 40
"""Questions that may wait."""

MAX_WAIT_SECONDS = 30.0
"""How long one question waits."""

SHUTDOWN_WAIT_SECONDS = 10.0
"""How long the end of the process waits for work that has begun."""


class ActiveWork:
    """Counts the work in progress, so that the process waits for it before it ends.

    A process that ends while a thread of the server computes would be aborted.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0
        self._closed = False

    def __enter__(self) -> None:
        """Begin a piece of work; after `close`, this waits until `open`."""
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._count += 1

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def open(self) -> None:
        """Let work begin; one process may serve several pages, one after the other."""
        with self._changed:
            self._closed = False
            self._changed.notify_all()

    def close(self) -> bool:
        """Let no more work begin, and wait for what is in progress; False if SHUTDOWN_WAIT_SECONDS did not suffice."""
        with self._changed:
            self._closed = True
            return self._changed.wait_for(lambda: not self._count, SHUTDOWN_WAIT_SECONDS)


class AdmissionLimiter:
    """Admits up to MAX_CONCURRENT_ANSWERS questions at a time; safe to use from several threads."""

    def __init__(self) -> None:
        self._free = threading.Semaphore(MAX_CONCURRENT_ANSWERS)
        self._lock = threading.Lock()
        self._waiting = 0

    @contextmanager
    def admit(self) -> Iterator[bool]:
        """Yield True once there is room, or False when MAX_WAITING questions wait or MAX_WAIT_SECONDS have passed."""
        with self._lock:
            full = self._waiting >= MAX_WAITING
            self._waiting += not full
        if full:
            yield False
            return
        try:
            admitted = self._free.acquire(timeout=MAX_WAIT_SECONDS)
        finally:
            with self._lock:
                self._waiting -= 1
        try:
            yield admitted
        finally:
            if admitted:
                self._free.release()
