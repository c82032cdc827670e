"""Follow folders and keep their corpus up to date with them."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from qa.errors import CorpusError
from qa.ingest.files import SourceFile, find_files
from qa.ingest.indexing import Report, index
from qa.store.corpus import Corpus

SETTLE_SECONDS = 1.0
"""Time for which the folders must not change before they are indexed, so that no file is read while it is copied."""

POLL_SECONDS = 10.0
"""Longest time without looking at the folders: network drives do not report what other computers change on them."""

FolderState = tuple[tuple[str, int, int], ...]
"""Name, size in bytes and modification time of each file, in nanoseconds since 1970; zeros for a file just deleted."""


def folder_state(roots: Sequence[Path]) -> FolderState:
    """Return the current state of the files under `roots`.

    Raises:
        CorpusError: see qa.ingest.files.find_files.
    """
    return tuple((file.name, *_size_and_time(file)) for file in find_files(roots)[0])


def watch(
    corpus: Corpus,
    roots: Sequence[Path],
    sleep: Callable[[float], object] = time.sleep,
    changes: Iterator[object] | None = None,
) -> Iterator[Report | CorpusError]:
    """Yield a report after each re-index, and an error when a folder becomes unreadable; never end.

    Args:
        corpus: The corpus to keep up to date.
        roots: Files and folders to follow.
        sleep: Waits so many seconds.
        changes: Blocks at each step until a file may have changed; by default `notifications(roots)`.
    """
    changes = notifications(roots) if changes is None else changes
    indexed, last, problem = None, None, ""
    while True:
        settled = True
        try:
            now = folder_state(roots)
            settled = now == last
            if settled and now != indexed:
                report = index(corpus, roots)
                indexed = now
                if any(entry.status not in ("unchanged", "skipped", "forgotten") for entry in report.entries):
                    yield report
            last, problem = now, ""
        except CorpusError as error:
            if str(error) != problem:
                yield error
            problem = str(error)
        if settled:
            next(changes)
        else:
            sleep(SETTLE_SECONDS)


def notifications(roots: Sequence[Path]) -> Iterator[None]:
    """Yield whenever a file under `roots` may have changed, and at least every POLL_SECONDS."""
    paths = [os.path.abspath(root) for root in roots]
    while True:
        try:
            yield from _subscription(paths)
        except (OSError, RuntimeError):
            # A missing or unreadable folder cannot be subscribed to, nor can more than the system allows: poll instead.
            time.sleep(SETTLE_SECONDS)
            yield


def _subscription(paths: Sequence[str]) -> Iterator[None]:
    """Yield at each change, until one of `paths` is deleted or moved: the subscription would follow it.

    Raises:
        OSError: one of `paths` does not exist, or a folder in it cannot be read.
    """
    from watchfiles import Change  # imported here, for no other command needs it
    from watchfiles import watch as subscribe

    due = 0.0  # so that what changed before the subscription began is noticed at once
    for changes in subscribe(
        *paths, watch_filter=None, rust_timeout=1_000, yield_on_timeout=True, ignore_permission_denied=False
    ):
        if not changes and time.monotonic() < due:
            continue
        yield
        due = time.monotonic() + POLL_SECONDS
        if any((Change.deleted, path) in changes for path in paths):
            return


def _size_and_time(file: SourceFile) -> tuple[int, int]:
    try:
        stat = file.path.stat()
    except OSError:
        return 0, 0
    return stat.st_size, stat.st_mtime_ns
