"""Let one process at a time update a corpus; a second one waits, says so, and gives up after a while."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import Busy

LOCK_FILE = "writer.lock"
"""Locked, never written to: the system unlocks it when the process ends, however it ends."""

PATIENCE_SECONDS = 600.0
"""How long a second process waits."""

Notify = Callable[[str], object]


@contextmanager
def writer_lock(folder: Path, notify: Notify | None = None, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Run the block while no other process or thread is in such a block for the corpus in `folder`.

    Args:
        folder: of the corpus.
        notify: called with a sentence if this has to wait.
        patience: seconds to wait at most.

    Raises:
        Busy: the lock was not free in that time.
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
            f"another process is still indexing {folder} after {patience:.0f} s; "
            "wait for it or stop it, then repeat the command"
        ) from error
