"""A search of some of the documents: which passages are theirs, and the nearest of these."""

from collections.abc import Callable

import numpy as np

from embeddings.types import Ids, Vectors

PASSAGE_KEYS_SQL = """
SELECT passages.key FROM passages JOIN documents ON documents.key = document
WHERE id IN (SELECT value FROM json_each(?))
"""
"""The keys of the passages of documents, from their ids as a JSON list."""

FILTER_SQL = f"AND +rowid IN ({PASSAGE_KEYS_SQL})"
"""Of the passages that a word is in, those; without the + SQLite would look for each of them in the lists of every
word, which took a second for the passages of ten documents of 2,437, and takes 4 ms so."""

MAX_COMPARED_PASSAGES = 20_000
"""Passages of chosen documents up to which each is compared; of more, the nearest of all are nearest_allowed."""

Nearest = Callable[[int], tuple[Ids, Vectors]]
"""The at most so many nearest of all passages, best first: their keys and cosines."""


def nearest_allowed(nearest: Nearest, allowed: Ids, k: int, held: int) -> tuple[Ids, Vectors]:
    """Keys and cosines of the at most k nearest that are `allowed`, of `held` passages in all."""
    asked = 2 * k * held // max(len(allowed), 1)
    while True:
        ids, cosines = nearest(min(asked, held))
        ours = np.isin(ids, allowed)
        if ours.sum() >= k or asked >= held:
            return ids[ours][:k], cosines[ours][:k]
        asked *= 4
