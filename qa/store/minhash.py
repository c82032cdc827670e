"""Near-copies of a text, as agencies' reports run in many papers: found without comparing every pair, then verified.

MinHash over runs of words (Broder, "On the resemblance and containment of documents", 1997), in bands (Leskovec et al.,
"Mining of Massive Datasets", chapter 3): two texts meet where all values of one band are equal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from qa.text.words import words

RUN = 5
"""Words in a run."""

BANDS, ROWS = 25, 3
"""Two texts of resemblance s meet with chance 1 - (1 - s^ROWS)^BANDS: 0.97 at 0.5, 0.5 at 0.3, 0.02 at 0.1."""

MANY, OF_FEW = 100, 10
"""Runs from which a text has all bands, and how many the shorter ones have: at a resemblance of 0.7 they are found as
surely (0.98), at 0.5 less (0.74), and a million records are 10 million rows instead of 25, each another page to write.
"""

RESEMBLING = 0.5
"""Share of all runs that two texts have in common from which one is a copy of the other, lightly edited. Of 2,437 news
articles, those at 0.4 are updates of a report, below it months of one column."""

CONTAINED, OF_ENOUGH = 0.8, 0.3
"""Or this share of the shorter one's runs, where it has at least OF_ENOUGH times the longer one's: a copy cut short."""

FEWEST = 30
"""Runs; shorter texts are copies only where all their words are the same."""

Runs = NDArray[np.uint64]

_SPREAD = np.random.default_rng(1997)
_TIMES = _SPREAD.integers(1, 1 << 63, BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_PLUS = _SPREAD.integers(0, 1 << 63, BANDS * ROWS, dtype=np.uint64)
_STEP = np.uint64(0x9E3779B97F4A7C15)
_HIGH = np.uint64(32)
_AT_ONCE = 4_096

SHORT, KEPT = 1_000, 1_024
"""Characters up to which a text's sketch is kept, and how many are: rows of a table and the like are many, and the same
ones are compared again and again. A longer text is one of few, and takes as much room as a hundred of these."""


@dataclass(frozen=True)
class Sketch:
    """What of a text is compared, and what it is found by: its runs of words, by their hashes."""

    words: tuple[str, ...]

    @cached_property
    def runs(self) -> frozenset[int]:
        """Python's own hashes, which are other ones in another process: in half the time of `bands`' kind."""
        if len(self.words) < RUN:
            return frozenset([hash(self.words)] if self.words else [])
        return frozenset(map(hash, zip(*(self.words[place:] for place in range(RUN)), strict=False)))

    @property
    def bands(self) -> tuple[int, ...]:
        """Hashes of the bands it is found by, of 63 bits each; of fewer than FEWEST runs one, that of all its runs.

        Made anew each time that they are asked for: of most texts only the runs are needed.
        """
        runs = self._hashes()
        return _bands(runs, BANDS if len(runs) >= MANY else OF_FEW)

    @property
    def every_band(self) -> tuple[int, ...]:
        """`bands`, and those that a shorter text had in corpora that were written before it was found by fewer."""
        return _bands(self._hashes(), BANDS)

    def _hashes(self) -> Runs:
        """(n,) of the runs, each once, in order: the same in every process."""
        hashes = np.array([_word(word) for word in self.words], dtype=np.uint64)
        runs = max(len(hashes) - RUN + 1, min(len(hashes), 1))
        return np.unique(_mixed([hashes[place : place + runs] for place in range(len(hashes) - runs + 1)], runs))


def sketch(text: str) -> Sketch:
    """The sketch of a text; one shorter than a run is a run."""
    return _kept(text) if len(text) <= SHORT else _made(text)


def _made(text: str) -> Sketch:
    return Sketch(tuple(words(text)))


def copied(one: Sketch, other: Sketch) -> bool:
    """Whether one of the texts is a near-copy of the other."""
    few, many = sorted((len(one.runs), len(other.runs)))
    if few < FEWEST:
        return few > 0 and one.runs == other.runs
    common = len(one.runs & other.runs)
    cut_short = common >= CONTAINED * few and few >= OF_ENOUGH * many
    return cut_short or common >= RESEMBLING * (few + many - common)


def _bands(runs: Runs, bands: int) -> tuple[int, ...]:
    if not len(runs):
        return ()
    if len(runs) < FEWEST:
        return _shortened(_mixed(runs[:, None], 1))
    times, plus = _TIMES[: bands * ROWS], _PLUS[: bands * ROWS]
    least = np.full(bands * ROWS, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, len(runs), _AT_ONCE):
        spread = (runs[start : start + _AT_ONCE, None] * times + plus) >> _HIGH
        np.minimum(least, spread.min(axis=0), out=least)
    return _shortened(_mixed([np.arange(bands, dtype=np.uint64), *least.reshape(bands, ROWS).T], bands))


def _shortened(hashes: Runs) -> tuple[int, ...]:
    """To 63 bits, which SQLite's integers hold."""
    return tuple((hashes >> np.uint64(1)).tolist())


def _mixed(columns: Iterable[Runs], count: int) -> Runs:
    """Columns of `count` numbers -> (count,): one hash of each row, which depends on the order in it."""
    mixed = np.zeros(count, dtype=np.uint64)
    for column in columns:
        mixed = (mixed ^ column) * _STEP
        mixed ^= mixed >> _HIGH
    return mixed


_kept = lru_cache(maxsize=KEPT)(_made)


@lru_cache(maxsize=100_000)
def _word(word: str) -> int:
    return crc32(word.encode())
