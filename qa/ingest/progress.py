"""How far an index run is: told while it goes on, to a terminal or a page."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the run is."""

    file: str
    """That is being indexed."""
    files_done: int
    files: int
    bytes_done: int
    """Of the files; of the one being indexed, the share that is done."""
    bytes: int
    passages: int
    """Embedded so far."""
    seconds: float
    """Since the run began."""

    @property
    def place(self) -> int:
        """Of the file among all, from 1; the last one's once all are done."""
        return min(self.files_done + 1, self.files)

    @property
    def passages_per_second(self) -> float:
        """0 before the first."""
        return self.passages / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """At the pace so far; None before anything is done."""
        return self.seconds * (self.bytes - self.bytes_done) / self.bytes_done if self.bytes_done else None


OnProgress = Callable[[Progress], None]


class Meter:
    """Counts what is done, and tells it."""

    def __init__(self, sizes: Sequence[int], told: OnProgress | None) -> None:
        """`sizes`: of the files, in bytes."""
        self._sizes, self._bytes = sizes, sum(sizes)
        self._told = told
        self._began = time.perf_counter()
        self._file, self._files_done, self._bytes_done, self._passages = "", 0, 0, 0

    def begin(self, file: str) -> None:
        """The next file is being indexed."""
        self._file = file
        self._tell(0.0)

    def embedded(self, passages: int, share: float) -> None:
        """So many passages more; `share` of the file is done, 0 to 1."""
        self._passages += passages
        self._tell(share)

    def end(self) -> None:
        """The file is done."""
        self._bytes_done += self._sizes[self._files_done]
        self._files_done += 1
        self._tell(0.0)

    def _tell(self, share: float) -> None:
        if self._told is None:
            return
        here = int(share * self._sizes[self._files_done]) if self._files_done < len(self._sizes) else 0
        done, seconds = self._bytes_done + here, time.perf_counter() - self._began
        self._told(Progress(self._file, self._files_done, len(self._sizes), done, self._bytes, self._passages, seconds))
