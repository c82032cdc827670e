"""Recognise near-duplicate texts, such as agency reports run in many papers, without comparing every pair.

MinHash over shingles, which are runs of words (Broder, "On the resemblance and containment of documents", 1997), in
bands (Leskovec et al., "Mining of Massive Datasets", chapter 3). Two texts are candidates where all values of one band
are equal; candidates are then compared exactly.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from qa.text.words import words

SHINGLE_WORDS = 5
"""Words in a shingle."""

BANDS, ROWS_PER_BAND = 25, 3
"""Two texts of resemblance s share a band with probability 1 - (1 - s^rows)^bands: 0.97 at 0.5, 0.5 at 0.3, 0.02 at
0.1."""

LONG_TEXT_SHINGLES, SHORT_TEXT_BANDS = 100, 10
"""Shingles from which a text has all bands, and the number of bands of shorter texts. Those are found as surely at a
resemblance of 0.7 (0.98), less so at 0.5 (0.74); in exchange a million records are 10 million rows instead of 25, each
another page to write."""

MIN_RESEMBLANCE = 0.5
"""Share of all their shingles that a text and its lightly edited copy have in common. Of 2,437 news articles, pairs at
0.4 are updates of one report; below that, months of one column."""

MIN_CONTAINMENT, MIN_LENGTH_RATIO = 0.8, 0.3
"""Share of the shorter text's shingles that makes it a copy cut short, if it has at least MIN_LENGTH_RATIO times as
many shingles as the longer one."""

MIN_SHINGLES = 30
"""Texts of fewer shingles are near-duplicates only if all their words are the same."""

Hashes = NDArray[np.uint64]

_RNG = np.random.default_rng(1997)
_MULTIPLIERS = _RNG.integers(1, 1 << 63, BANDS * ROWS_PER_BAND, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_ADDENDS = _RNG.integers(0, 1 << 63, BANDS * ROWS_PER_BAND, dtype=np.uint64)
_MIXING_CONSTANT = np.uint64(0x9E3779B97F4A7C15)
_HIGH_BITS = np.uint64(32)
_SHINGLES_PER_STEP = 4_096

MAX_CACHED_CHARS, CACHED_SKETCHES = 1_000, 1_024
"""Characters up to which a text's sketch is cached, and the number of sketches in the cache. Rows of a table and the
like are many and are compared again and again. Longer texts are few, and each takes the room of a hundred of these."""


@dataclass(frozen=True)
class Sketch:
    """The parts of a text that are compared: its shingles, and the bands it is looked up by."""

    words: tuple[str, ...]

    @cached_property
    def shingles(self) -> frozenset[int]:
        """Python's own hashes of the shingles: twice as fast as those of `bands`, but different in every process."""
        if len(self.words) < SHINGLE_WORDS:
            return frozenset([hash(self.words)] if self.words else [])
        return frozenset(map(hash, zip(*(self.words[place:] for place in range(SHINGLE_WORDS)), strict=False)))

    @property
    def bands(self) -> tuple[int, ...]:
        """Hashes of the bands, of 63 bits each: BANDS, SHORT_TEXT_BANDS, or one for fewer than MIN_SHINGLES shingles.

        Not cached: of most texts only the shingles are needed.
        """
        shingles = self._hashes()
        return _bands(shingles, BANDS if len(shingles) >= LONG_TEXT_SHINGLES else SHORT_TEXT_BANDS)

    def _hashes(self) -> Hashes:
        """Return the distinct shingles' hashes (n,), sorted; the same in every process."""
        hashes = np.array([_word_hash(word) for word in self.words], dtype=np.uint64)
        count = max(len(hashes) - SHINGLE_WORDS + 1, min(len(hashes), 1))
        return np.unique(_mixed([hashes[place : place + count] for place in range(len(hashes) - count + 1)], count))


def sketch(text: str) -> Sketch:
    """Return the sketch of a text; a text shorter than a shingle is one shingle."""
    return _cached_sketch(text) if len(text) <= MAX_CACHED_CHARS else _make_sketch(text)


def _make_sketch(text: str) -> Sketch:
    return Sketch(tuple(words(text)))


def is_near_duplicate(one: Sketch, other: Sketch) -> bool:
    """Tell whether one of the texts is a near-duplicate of the other."""
    few, many = sorted((len(one.shingles), len(other.shingles)))
    if few < MIN_SHINGLES:
        return few > 0 and one.shingles == other.shingles
    common = len(one.shingles & other.shingles)
    cut_short = common >= MIN_CONTAINMENT * few and few >= MIN_LENGTH_RATIO * many
    return cut_short or common >= MIN_RESEMBLANCE * (few + many - common)


def _bands(shingles: Hashes, bands: int) -> tuple[int, ...]:
    if not len(shingles):
        return ()
    if len(shingles) < MIN_SHINGLES:
        return _to_63_bits(_mixed(shingles[:, None], 1))
    multipliers, addends = _MULTIPLIERS[: bands * ROWS_PER_BAND], _ADDENDS[: bands * ROWS_PER_BAND]
    minima = np.full(bands * ROWS_PER_BAND, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, len(shingles), _SHINGLES_PER_STEP):
        hashed = (shingles[start : start + _SHINGLES_PER_STEP, None] * multipliers + addends) >> _HIGH_BITS
        np.minimum(minima, hashed.min(axis=0), out=minima)
    return _to_63_bits(_mixed([np.arange(bands, dtype=np.uint64), *minima.reshape(bands, ROWS_PER_BAND).T], bands))


def _to_63_bits(hashes: Hashes) -> tuple[int, ...]:
    """Shorten hashes to what SQLite's integers hold."""
    return tuple((hashes >> np.uint64(1)).tolist())


def _mixed(columns: Iterable[Hashes], count: int) -> Hashes:
    """Hash each row of columns of `count` numbers, giving (count,); the order within a row matters."""
    mixed = np.zeros(count, dtype=np.uint64)
    for column in columns:
        mixed = (mixed ^ column) * _MIXING_CONSTANT
        mixed ^= mixed >> _HIGH_BITS
    return mixed


_cached_sketch = lru_cache(maxsize=CACHED_SKETCHES)(_make_sketch)


@lru_cache(maxsize=100_000)
def _word_hash(word: str) -> int:
    return crc32(word.encode())
