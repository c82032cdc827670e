"""How many people are answered side by side: the others wait their turn, and too many are asked to come again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 4
"""Answered side by side: one answer keeps a laptop's cores busy by itself, and a short one need not wait for a long."""

WAITING = 40
"""People who wait, at most."""

PATIENCE = 30.0
"""Seconds that one waits, at most."""


LAST_WORDS = 10.0
"""Seconds that the end of the process waits for what is being done."""


class ActiveWork:
    """Counts what is being done: a process that ends while a thread of the server computes would be aborted."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0
        self._over = False

    def __enter__(self) -> None:
        """Begin something; after `end` that waits for `begin`."""
        with self._changed:
            self._changed.wait_for(lambda: not self._over)
            self._count += 1

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def begin(self) -> None:
        """A page is served, perhaps after another one has ended."""
        with self._changed:
            self._over = False
            self._changed.notify_all()

    def end(self) -> bool:
        """Wait until nothing is under way, LAST_WORDS at most; whether that came true."""
        with self._changed:
            self._over = True
            return self._changed.wait_for(lambda: not self._count, LAST_WORDS)


class AdmissionLimiter:
    """Lets AT_ONCE in; may be used from several threads."""

    def __init__(self) -> None:
        self._free = threading.Semaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._waiting = 0

    @contextmanager
    def passed(self) -> Iterator[bool]:
        """Whether there was room, once there is or it is clear that there will be none soon."""
        with self._lock:
            full = self._waiting >= WAITING
            self._waiting += not full
        if full:
            yield False
            return
        try:
            inside = self._free.acquire(timeout=PATIENCE)
        finally:
            with self._lock:
                self._waiting -= 1
        try:
            yield inside
        finally:
            if inside:
                self._free.release()
