"""Which documents of a corpus are near-copies of one another: kept with them, inside the caller's transaction.

All near-copies, direct or by way of others, share a number, `kin`: the key of the first of them. A document without any
has none.
"""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from qa.store.minhash import Sketch, copied, sketch

LISTED = 12
"""Documents that are looked up for each band, at most: the first ones that have it."""

COMPARED = 12
"""Of these, documents that are compared with a new one, at most: those that share the most bands with it."""

SHARING = "SELECT * FROM (SELECT document FROM bands WHERE band = ? AND document != ? ORDER BY document LIMIT ?)"

KIN_OF = "SELECT id, kin FROM documents WHERE kin NOT NULL AND id IN (SELECT value FROM json_each(?))"


def join(database: sqlite3.Connection, key: int, text: str) -> None:
    """Note the bands of a document that was just stored, and whose kin it is."""
    own = sketch(text)
    bands = own.bands
    _meet(database, key, own, bands)
    database.executemany("INSERT INTO bands VALUES (?, ?)", [(band, key) for band in bands])


def leave(database: sqlite3.Connection, documents: Sequence[tuple[int, str]]) -> None:
    """Take the bands of documents (key, text) away before they are removed, and see whether their kin still are kin."""
    numbers: set[tuple[int]] = set()
    for key, text in documents:
        bands = [(band, key) for band in sketch(text).every_band]
        database.executemany("DELETE FROM bands WHERE band = ? AND document = ?", bands)
        numbers.update(database.execute("SELECT kin FROM documents WHERE key = ? AND kin NOT NULL", (key,)))
        database.execute("UPDATE documents SET kin = NULL WHERE key = ?", (key,))
    for number in sorted(numbers):
        left = database.execute("SELECT key, text FROM documents WHERE kin = ? ORDER BY key", number).fetchall()
        database.execute("UPDATE documents SET kin = NULL WHERE kin = ?", number)
        for key, text in left:
            own = sketch(text)
            _meet(database, key, own, own.bands)


def groups(rows: Sequence[tuple[int, str]]) -> list[list[str]]:
    """Of (kin, id), sorted, the ids of each group."""
    return [[id for _, id in group] for _, group in groupby(rows, key=itemgetter(0))]


def _meet(database: sqlite3.Connection, key: int, own: Sketch, bands: Sequence[int]) -> None:
    """Give a document the number of those it is a near-copy of; where these have several, all get the least."""
    if not bands:
        return
    values = [value for band in bands for value in (band, key, LISTED)]
    shared = Counter(database.execute(" UNION ALL ".join([SHARING] * len(bands)), values))
    closest = sorted((-bands_shared, other) for (other,), bands_shared in shared.items())[:COMPARED]
    joined: set[int] = set()
    for _, other in closest:
        kin, text = database.execute("SELECT kin, text FROM documents WHERE key = ?", (other,)).fetchone()
        if (kin or other) not in joined and copied(own, sketch(text)):
            joined.add(kin or other)
    if joined:
        least, *others = sorted(joined)
        marks = ", ".join("?" * len(others))
        # Those that have the number already are left alone: of rows that are all the same there may be millions.
        database.execute(
            "UPDATE documents SET kin = ? WHERE key IN (?, ?) AND kin IS NOT ?", (least, key, least, least)
        )
        database.execute(
            f"UPDATE documents SET kin = ? WHERE key IN ({marks}) OR kin IN ({marks})", (least, *others, *others)
        )
