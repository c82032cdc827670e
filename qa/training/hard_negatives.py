"""Mine hard negatives: for each question, paragraphs that BM25 ranks high and that do not hold its answer."""

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from embeddings.files import atomic_write
from qa.text.normalise import normalise_answer
from qa.text.words import stems

MAX_NEGATIVES = 5
"""Paragraphs cache_folder per question, at most."""

MAX_EXAMINED = 12
"""Best-ranked paragraphs examined per question."""


def mine_hard_negatives(
    paragraphs: Sequence[str], questions: Sequence[str], answers: Sequence[str], cache_folder: Path
) -> list[list[int]]:
    """Return paragraph indices per question, best first; read them from `cache_folder` if it holds them already."""
    key = hashlib.sha256("\0".join([*paragraphs, *questions, *answers]).encode()).hexdigest()[:16]
    file = cache_folder / f"mined-{key}.json"
    if file.is_file():
        found: list[list[int]] = json.loads(file.read_text("utf-8"))
        return found
    index = sqlite3.connect(":memory:")
    index.execute("create virtual table words using fts5(stems)")
    rows = ((place, " ".join(stems(text))) for place, text in enumerate(paragraphs))
    index.executemany("insert into words(rowid, stems) values (?, ?)", rows)
    plain = [normalise_answer(text) for text in paragraphs]
    mined = [_best(index, plain, *asked) for asked in zip(questions, answers, strict=True)]
    cache_folder.mkdir(parents=True, exist_ok=True)
    with atomic_write(file) as part:
        part.write_text(json.dumps(mined), "utf-8")
    return mined


def _best(index: sqlite3.Connection, plain: Sequence[str], question: str, answer: str) -> list[int]:
    """Rank paragraphs by BM25 and keep those without the answer; none for a question that has no answer."""
    wanted = " OR ".join(f'"{stem}"' for stem in stems(question)[:12])
    if not answer or not wanted:
        return []
    ranked = index.execute("select rowid from words where words match ? order by rank limit ?", (wanted, MAX_EXAMINED))
    return [place for (place,) in ranked if answer not in plain[place]][:MAX_NEGATIVES]
