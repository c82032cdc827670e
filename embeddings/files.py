"""Write files and folders so that no other process ever reads half of one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME_CHARS = 40
"""Characters of the final name that a temporary name starts with, so that it stays shorter than a name may be."""


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Yield a temporary path to write to, and rename it to `path` once the block has succeeded.

    Readers see the old file or the new one. If the block fails, the old file stays. Of two writers the last one wins.

    Raises:
        OSError: the temporary file was not written or cannot be renamed.
    """
    with temporary_beside(path) as part:
        yield part
        part.replace(path)


@contextmanager
def temporary_beside(path: Path) -> Iterator[Path]:
    """Yield an unused path in the folder of `path`, and delete what is still there after the block.

    No other thread or process gets the same one. Its name starts as `path`'s does and ends in `.part`.
    """
    part = path.with_name(f"{path.name[:NAME_CHARS]}.{os.urandom(8).hex()}.part")
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Return once the content of a file is on the disk itself, where a power failure leaves it whole."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def publish_folder(finished: Path, place: Path) -> None:
    """Rename a finished folder to `place`, which must not exist yet or be empty.

    Raises:
        OSError: it cannot be renamed, as when another process was first; `finished` is deleted then.
    """
    try:
        finished.rename(place)
    except OSError:
        shutil.rmtree(finished, ignore_errors=True)
        raise
