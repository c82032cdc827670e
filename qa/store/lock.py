"""One process at a time brings a corpus up to date: a second one waits, says so, or gives up after a stated time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import Busy

LOCK_FILE = "writer.lock"
"""Held, not written to: the system lets go of it when its process ends, however it ends."""

PATIENCE_SECONDS = 600.0
"""Seconds that a second one waits."""

Notify = Callable[[str], object]


@contextmanager
def writer_lock(folder: Path, notify: Notify | None = None, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Nobody else is in such a block for the corpus in `folder` meanwhile.

    Args:
        folder: of the corpus.
        notify: told in words when this has to wait.
        patience: seconds to wait, at most.

    Raises:
        Busy: somebody else still is after that time.
    """
    lock = FileLock(folder / LOCK_FILE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if notify and patience:
            notify(f"another process is indexing {folder.name}; waiting up to {patience / 60:.0f} minutes for it")
        _wait(lock, folder, patience)
    try:
        yield
    finally:
        lock.release()


def _wait(lock: FileLock, folder: Path, patience: float) -> None:
    try:
        lock.acquire(timeout=patience, poll_interval=0.1)
    except Timeout as error:
        raise Busy(
            f"another process is indexing {folder}, after {patience:.0f} s still; "
            "wait for it or stop it, then type the same again"
        ) from error
