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


class Gate:
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
