"""Damage: ask copies of a corpus with flipped bits, cut ends, blocks of zeros, or swapped or missing files.

Every copy must be refused with one of this project's own errors, or be repaired and answer as the undamaged one does.
"""

import argparse
import random
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from texts import articles, using_home

from embeddings import EmbeddingError, load_encoder
from embeddings.types import Encoder
from qa import Assistant
from qa.errors import QAError
from tests.support.paths import home_with_cache

QUESTIONS = ("Who shrugged his shoulders?", "When was the meeting held?", "What did NATO say about guarantees?")
KINDS = ("bit", "bits", "cut", "zeros", "noise", "swap", "gone", "empty")
BLOCK_BYTES = 4_096
KEPT = ("refused", "as before")
"""Outcomes that keep the promise."""


def add_options(options: argparse.ArgumentParser) -> None:
    """Add the part's own options."""
    options.add_argument("--copies", type=int, default=1_000)
    options.add_argument("--files", type=int, default=20)
    options.add_argument("--stop", action="store_true", help="stop at the first broken promise")


def run(given: argparse.Namespace) -> bool:
    """Return whether every copy was refused or answered as before."""
    rng, encoder = random.Random(given.seed), load_encoder("hashing")
    with tempfile.TemporaryDirectory() as place:
        folder, other = Path(place, "folder"), Path(place, "other")
        for made in (folder, other):
            made.mkdir()
            for number, text in enumerate(articles(given.articles, rng, given.files)):
                (made / f"{number}.txt").write_bytes(text.encode())
        undamaged, other_home = (home_with_cache(Path(place, name)) for name in ("undamaged", "other_home"))
        expected = answers(undamaged, folder, encoder)
        answers(other_home, other, encoder)
        outcomes: Counter[str] = Counter()
        for number in range(given.copies):
            copy = Path(place, "copy")
            shutil.copytree(undamaged, copy, symlinks=True)
            done = damage(copy, other_home, rng)
            outcome = outcome_of(copy, folder, encoder, expected)
            outcomes[outcome] += 1
            shutil.rmtree(copy)
            if outcome not in KEPT:
                print(f"copy {number}, {done}: {outcome}")
                if given.stop:
                    break
    print(f"{outcomes.total()} damaged copies:", ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()))
    return set(outcomes) <= set(KEPT)


def damage(home: Path, other_home: Path, rng: random.Random) -> str:
    """Damage one file of a corpus; return a description of the damage."""
    files = sorted(file for file in (home / "corpora").rglob("*") if file.is_file() and file.stat().st_size)
    file = rng.choice(files)
    kind, data = rng.choice(KINDS), bytearray(file.read_bytes())
    offset = rng.randrange(max(len(data), 1))
    if kind == "gone":
        file.unlink()
    elif kind == "swap":
        shutil.copy(next((other_home / "corpora").rglob(file.name)), file)
    else:
        file.write_bytes(damaged_bytes(data, kind, offset, rng))
    return f"{kind} in {file.name} at {offset}"


def damaged_bytes(data: bytearray, kind: str, offset: int, rng: random.Random) -> bytes:
    """Return the damaged bytes of a file."""
    block = slice(offset, min(offset + BLOCK_BYTES, len(data)))
    if kind == "cut":
        return bytes(data[:offset])
    if kind == "empty":
        return b""
    if kind == "zeros":
        data[block] = bytes(len(data[block]))
    elif kind == "noise":
        data[block] = rng.randbytes(len(data[block]))
    else:
        for _ in range(1 if kind == "bit" else 20):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def outcome_of(home: Path, folder: Path, encoder: Encoder, expected: list[dict[str, object]]) -> str:
    """Return what a damaged copy did: refused, answered as before, or broke the promise."""
    try:
        return "as before" if answers(home, folder, encoder) == expected else "ANOTHER ANSWER"
    except (QAError, EmbeddingError):
        return "refused"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def answers(home: Path, folder: Path, encoder: Encoder) -> list[dict[str, object]]:
    """Return what a corpus answers."""
    with (
        using_home(home),
        Assistant.open(folder, encoder=encoder, answerer="extractive", min_confidence=0) as assistant,
    ):
        return [assistant.ask(question).to_dict() for question in QUESTIONS]
