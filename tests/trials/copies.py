"""Near-duplicates: how many edited copies of articles are found in one corpus, and how many matches are wrong.

A copy is an article with a new headline, another byline, a part cut off, and one word in fifty replaced. Two different
articles that are matched count as wrong unless their letters are similar too (rapidfuzz, an independent measure).
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

MIN_PRECISION, MIN_RECALL = 0.99, 0.90
MIN_SIMILARITY = 60
"""Rapidfuzz's ratio, of 100, from which two articles count as similar."""

KEPT_SHARE = (0.6, 1.0)
"""Share of an article that is left in a copy, at least and at most."""

WORDS_PER_REPLACEMENT = 50
"""One word in so many is replaced in a copy."""


def add_options(options: argparse.ArgumentParser) -> None:
    """Add the part's own options."""
    options.add_argument("--copies", type=int, default=500)


def run(given: argparse.Namespace) -> bool:
    """Return whether precision and recall reach their targets."""
    rng = random.Random(given.seed)
    texts = articles(given.articles, rng, 4 * given.copies)
    copied = {n: edited(texts[n], rng) for n in rng.sample(range(len(texts)), min(given.copies, len(texts)))}
    with tempfile.TemporaryDirectory() as folder:
        database = connect(Path(folder))
        database.execute("PRAGMA foreign_keys = OFF")
        for key, text in enumerate([*texts, *copied.values()], 1):
            store(database, key, text)
        grouped = dict(database.execute("SELECT key, duplicate_group FROM documents WHERE duplicate_group NOT NULL"))
    originals = {len(texts) + place: n for place, n in enumerate(copied)}
    found = sum(grouped.get(n + 1) == grouped.get(copy + 1) is not None for copy, n in originals.items())
    by_number: dict[int, list[int]] = {}
    for key, number in grouped.items():
        by_number.setdefault(number, []).append(originals.get(key - 1, key - 1))
    pairs = [pair for members in by_number.values() for pair in combinations(sorted(members), 2)]
    right = sum(one == other or ratio(texts[one], texts[other]) >= MIN_SIMILARITY for one, other in pairs)
    recall, precision = found / len(copied), right / max(len(pairs), 1)
    print(f"{len(texts)} articles and {len(copied)} copies: recall {recall:.3f} (target {MIN_RECALL}), ", end="")
    print(f"precision {precision:.4f} (target {MIN_PRECISION}) over {len(pairs)} pairs")
    return recall >= MIN_RECALL and precision >= MIN_PRECISION


def store(database: sqlite3.Connection, key: int, text: str) -> None:
    """Store as much of a document as is needed to find its near-duplicates."""
    database.execute("BEGIN")
    database.execute(
        "INSERT INTO documents (key, id, file, title, text, source, media_type, sha256, blocks, page_labels) "
        "VALUES (?, ?, '', '', ?, '', '', '', '[]', '[]')",
        (key, str(key), text),
    )
    near_duplicates.join_group(database, key, text)
    database.execute("COMMIT")


def edited(text: str, rng: random.Random) -> str:
    """Return a copy as another paper might print it."""
    lines = text.splitlines()
    length = max(int(len(lines) * rng.uniform(*KEPT_SHARE)), 1)
    first = rng.randrange(len(lines) - length + 1)
    words = " ".join(lines[first : first + length]).split(" ")
    for place in rng.sample(range(len(words)), len(words) // WORDS_PER_REPLACEMENT):
        words[place] = rng.choice(words)
    return "\n".join(["What they said this morning", f"By A. Reporter {rng.randrange(100)}", "", " ".join(words)])
