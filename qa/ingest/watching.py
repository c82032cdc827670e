"""Follows folders: what changes in them is brought into their corpus, again and again."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from qa.errors import CorpusError
from qa.ingest.files import SourceFile, find_files
from qa.ingest.indexing import Report, index
from qa.store.corpus import Corpus

EVERY = 1.0
"""Seconds between two looks. A change is taken in once two looks see the same, so that no file is read while it is
copied; folders are looked at rather than subscribed to, which works on every kind of drive."""

FolderState = tuple[tuple[str, int, int], ...]
"""Name, size and time of each file, in nanoseconds since 1970; of a file that just went, zeros."""

Wait = Callable[[float], object]


def folder_state(roots: Sequence[Path]) -> FolderState:
    """What is there now.

    Raises:
        CorpusError: see qa.ingest.files.find_files.
    """
    return tuple((file.name, *_size_and_time(file)) for file in find_files(roots)[0])


def watch(corpus: Corpus, roots: Sequence[Path], wait: Wait = time.sleep) -> Iterator[Report | CorpusError]:
    """What became of the files each time that some changed; the error where a folder cannot be read. Never ends."""
    indexed, last, problem = None, None, ""
    while True:
        try:
            now = folder_state(roots)
            if now == last != indexed:
                report = index(corpus, roots)
                indexed = now
                if any(entry.status not in ("unchanged", "skipped", "forgotten") for entry in report.entries):
                    yield report
            last, problem = now, ""
        except CorpusError as error:
            if str(error) != problem:
                yield error
            problem = str(error)
        wait(EVERY)


def _size_and_time(file: SourceFile) -> tuple[int, int]:
    try:
        stat = file.path.stat()
    except OSError:
        return 0, 0
    return stat.st_size, stat.st_mtime_ns
