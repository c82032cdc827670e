"""Search some of the documents only: find their passages, and the nearest among these."""

from collections.abc import Callable

import numpy as np

from embeddings.types import Ids, Vectors

PASSAGE_KEYS_SQL = """
SELECT passages.key FROM passages JOIN documents ON documents.key = document
WHERE id IN (SELECT value FROM json_each(?))
"""
"""The keys of the passages of the documents whose ids are in a JSON list."""

FILTER_SQL = f"AND +rowid IN ({PASSAGE_KEYS_SQL})"
"""Restricts passages with a word to the filtered documents. Without the +, SQLite would look up each passage in the
list of every word: a second instead of 4 ms for ten documents of 2,437."""

MAX_COMPARED_PASSAGES = 20_000
"""Up to this many passages of the filtered documents are compared one by one; above it, the nearest of all passages
are searched and filtered."""

Nearest = Callable[[int], tuple[Ids, Vectors]]
"""Returns the keys and cosines of at most so many nearest passages of all documents, best first."""


def nearest_allowed(nearest: Nearest, allowed: Ids, k: int, total: int) -> tuple[Ids, Vectors]:
    """Return the keys and cosines of the k nearest passages in `allowed`, or fewer, of `total` passages in all."""
    count = 2 * k * total // max(len(allowed), 1)
    while True:
        ids, cosines = nearest(min(count, total))
        matching = np.isin(ids, allowed)
        if matching.sum() >= k or count >= total:
            return ids[matching][:k], cosines[matching][:k]
        count *= 4
