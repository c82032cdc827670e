"""Report the progress of an index run, to a terminal or a page."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an index run is."""

    file: str
    """Name of the file being indexed."""
    files_done: int
    files: int
    bytes_done: int
    """Size of the files done, and of the part that is done of the current one."""
    bytes: int
    passages: int
    """Passages embedded so far."""
    seconds: float
    """Seconds since the run began."""

    @property
    def file_number(self) -> int:
        """Number of the current file, from 1; of the last file once all are done."""
        return min(self.files_done + 1, self.files)

    @property
    def passages_per_second(self) -> float:
        """Average so far; 0 at the very beginning."""
        return self.passages / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Estimate at the speed so far; None before anything is done."""
        return self.seconds * (self.bytes - self.bytes_done) / self.bytes_done if self.bytes_done else None


OnProgress = Callable[[Progress], None]


class Meter:
    """Count what is done, and report it."""

    def __init__(self, sizes: Sequence[int], on_progress: OnProgress | None) -> None:
        """Start the clock; `sizes` are the files' sizes in bytes."""
        self._sizes, self._bytes = sizes, sum(sizes)
        self._on_progress = on_progress
        self._began = time.perf_counter()
        self._file, self._files_done, self._bytes_done, self._passages = "", 0, 0, 0

    def start_file(self, file: str) -> None:
        """Note that the next file, called `file`, is being indexed."""
        self._file = file
        self._report(0.0)

    def add_passages(self, passages: int, share: float) -> None:
        """Note that so many more passages are embedded, and that `share` of the file, 0 to 1, is done."""
        self._passages += passages
        self._report(share)

    def end_file(self) -> None:
        """Note that the file is done."""
        self._bytes_done += self._sizes[self._files_done]
        self._files_done += 1
        self._report(0.0)

    def _report(self, share: float) -> None:
        if self._on_progress is None:
            return
        bytes_of_current = int(share * self._sizes[self._files_done]) if self._files_done < len(self._sizes) else 0
        done, seconds = self._bytes_done + bytes_of_current, time.perf_counter() - self._began
        self._on_progress(
            Progress(self._file, self._files_done, len(self._sizes), done, self._bytes, self._passages, seconds)
        )
