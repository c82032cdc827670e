"""Near-copies: articles and edited copies of them in one corpus; how many are found, and how many found are none.

A copy is an article with a new headline, another byline, a part cut off, and one word in fifty another. Two different
articles that are found alike count as wrong, unless their letters are (rapidfuzz, an independent measure).
"""

import argparse
import random
import sqlite3
import tempfile
from itertools import combinations
from pathlib import Path

from rapidfuzz.fuzz import ratio
from texts import articles

from qa.store import near_duplicates
from qa.store.schema import connect

PRECISION, RECALL = 0.99, 0.90
ALIKE = 60
"""Of 100, by rapidfuzz."""

KEPT = (0.6, 1.0)
"""Share of an article that is left in a copy, at least and at most."""

ONE_IN = 50
"""Words that are another in a copy."""


def add_options(options: argparse.ArgumentParser) -> None:
    """How many."""
    options.add_argument("--copies", type=int, default=500)


def run(given: argparse.Namespace) -> bool:
    """Whether the figures are reached."""
    chooser = random.Random(given.seed)
    texts = articles(given.articles, chooser, 4 * given.copies)
    copied = {n: edited(texts[n], chooser) for n in chooser.sample(range(len(texts)), min(given.copies, len(texts)))}
    with tempfile.TemporaryDirectory() as folder:
        database = connect(Path(folder))
        database.execute("PRAGMA foreign_keys = OFF")
        for key, text in enumerate([*texts, *copied.values()], 1):
            store(database, key, text)
        grouped = dict(database.execute("SELECT key, kin FROM documents WHERE kin NOT NULL"))
    originals = {len(texts) + place: n for place, n in enumerate(copied)}
    found = sum(grouped.get(n + 1) == grouped.get(copy + 1) is not None for copy, n in originals.items())
    by_number: dict[int, list[int]] = {}
    for key, number in grouped.items():
        by_number.setdefault(number, []).append(originals.get(key - 1, key - 1))
    pairs = [pair for members in by_number.values() for pair in combinations(sorted(members), 2)]
    right = sum(one == other or ratio(texts[one], texts[other]) >= ALIKE for one, other in pairs)
    recall, precision = found / len(copied), right / max(len(pairs), 1)
    print(f"{len(texts)} articles and {len(copied)} copies: recall {recall:.3f} (bar {RECALL}), ", end="")
    print(f"precision {precision:.4f} (bar {PRECISION}) over {len(pairs)} pairs")
    return recall >= RECALL and precision >= PRECISION


def store(database: sqlite3.Connection, key: int, text: str) -> None:
    """As much of a document as near-copies are found by."""
    database.execute("BEGIN")
    database.execute(
        "INSERT INTO documents (key, id, file, title, text, source, media_type, sha256) "
        "VALUES (?, ?, '', '', ?, '', '', '')",
        (key, str(key), text),
    )
    near_duplicates.join(database, key, text)
    database.execute("COMMIT")


def edited(text: str, chooser: random.Random) -> str:
    """A copy as another paper prints it."""
    lines = text.splitlines()
    length = max(int(len(lines) * chooser.uniform(*KEPT)), 1)
    first = chooser.randrange(len(lines) - length + 1)
    words = " ".join(lines[first : first + length]).split(" ")
    for place in chooser.sample(range(len(words)), len(words) // ONE_IN):
        words[place] = chooser.choice(words)
    return "\n".join(["What they said this morning", f"By A. Reporter {chooser.randrange(100)}", "", " ".join(words)])
