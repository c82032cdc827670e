"""Group the documents of a corpus that are near-duplicates of one another, inside the caller's transaction.

All near-duplicates, direct or by way of others, share a `duplicate_group`: the key of the first of them. A document
without any has none (NULL).
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from qa.store.minhash import Sketch, is_near_duplicate, sketch

MAX_PER_BAND = 12
"""Documents that are looked up for each band: the first ones that have it."""

MAX_COMPARED = 12
"""Documents that are compared with a new one: those that share the most bands with it."""

SHARING_SQL = "SELECT * FROM (SELECT document FROM bands WHERE band = ? AND document != ? ORDER BY document LIMIT ?)"

GROUPS_OF_SQL = """
SELECT id, duplicate_group FROM documents
WHERE duplicate_group NOT NULL AND id IN (SELECT value FROM json_each(?))
"""
"""The groups of the documents whose ids are in a JSON list."""

GROUPED_SQL = "SELECT duplicate_group, id FROM documents WHERE duplicate_group NOT NULL ORDER BY duplicate_group, key"


def join_group(database: sqlite3.Connection, key: int, text: str) -> None:
    """Store the bands of a document that was just inserted, and put it into its group."""
    own = sketch(text)
    bands = own.bands
    _assign_group(database, key, own, bands)
    database.executemany("INSERT INTO bands VALUES (?, ?)", [(band, key) for band in bands])


def leave_groups(database: sqlite3.Connection, documents: Iterable[tuple[int, str]]) -> None:
    """Take documents (key, text) out of their groups before they are removed, and regroup the ones that stay."""
    groups: set[tuple[int]] = set()
    for key, text in documents:
        bands = [(band, key) for band in sketch(text).bands]
        database.executemany("DELETE FROM bands WHERE band = ? AND document = ?", bands)
        group = "SELECT duplicate_group FROM documents WHERE key = ? AND duplicate_group NOT NULL"
        groups.update(database.execute(group, (key,)))
        database.execute("UPDATE documents SET duplicate_group = NULL WHERE key = ?", (key,))
    for number in sorted(groups):
        rest = database.execute("SELECT key, text FROM documents WHERE duplicate_group = ? ORDER BY key", number)
        left = rest.fetchall()
        database.execute("UPDATE documents SET duplicate_group = NULL WHERE duplicate_group = ?", number)
        for key, text in left:
            own = sketch(text)
            _assign_group(database, key, own, own.bands)


def ids_by_group(rows: Sequence[tuple[int, str]]) -> list[list[str]]:
    """Return the ids of each group, from the rows of GROUPED_SQL."""
    return [[id for _, id in group] for _, group in groupby(rows, key=itemgetter(0))]


def _assign_group(database: sqlite3.Connection, key: int, own: Sketch, bands: Sequence[int]) -> None:
    """Give a document the group of its near-duplicates; if they have several, merge these into the lowest."""
    if not bands:
        return
    values = [value for band in bands for value in (band, key, MAX_PER_BAND)]
    shared = Counter(database.execute(" UNION ALL ".join([SHARING_SQL] * len(bands)), values))
    closest = sorted((-bands_shared, other) for (other,), bands_shared in shared.items())[:MAX_COMPARED]
    joined: set[int] = set()
    for _, other in closest:
        query = "SELECT duplicate_group, text FROM documents WHERE key = ?"
        group, text = database.execute(query, (other,)).fetchone()
        if (group or other) not in joined and is_near_duplicate(own, sketch(text)):
            joined.add(group or other)
    if joined:
        _merge_groups(database, key, joined)


def _merge_groups(database: sqlite3.Connection, key: int, joined: set[int]) -> None:
    """Give the lowest of the groups to the document `key` and to all members of the others."""
    lowest, *others = sorted(joined)
    # Rows that have the number already are left alone: of identical rows there may be millions.
    database.execute(
        "UPDATE documents SET duplicate_group = ? WHERE key IN (?, ?) AND duplicate_group IS NOT ?",
        (lowest, key, lowest, lowest),
    )
    marks = ", ".join("?" * len(others))
    database.execute(
        f"UPDATE documents SET duplicate_group = ? WHERE key IN ({marks}) OR duplicate_group IN ({marks})",
        (lowest, *others, *others),
    )
