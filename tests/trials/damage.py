"""Damage: copies of a corpus with bits flipped, ends cut off, blocks of zeros, files swapped or gone, each then asked.

Every copy must be refused in one of this project's own errors, or be mended and answer as the undamaged one does.
"""

import argparse
import random
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from texts import articles, at_home

from embeddings import EmbeddingError, load_encoder
from embeddings.types import Encoder
from qa import Assistant
from qa.errors import QAError

QUESTIONS = ("Who shrugged his shoulders?", "When was the meeting held?", "What did NATO say about guarantees?")
WAYS = ("bit", "bits", "cut", "zeros", "noise", "swap", "gone", "empty")
BLOCK = 4_096


def add_options(options: argparse.ArgumentParser) -> None:
    """How many."""
    options.add_argument("--copies", type=int, default=1_000)
    options.add_argument("--files", type=int, default=20)


def run(given: argparse.Namespace) -> bool:
    """Whether no copy answered otherwise or failed in another way."""
    chooser, encoder = random.Random(given.seed), load_encoder("hashing")
    with tempfile.TemporaryDirectory() as place:
        folder, other = Path(place, "folder"), Path(place, "other")
        for made in (folder, other):
            made.mkdir()
            for number, text in enumerate(articles(given.articles, chooser, given.files)):
                (made / f"{number}.txt").write_bytes(text.encode())
        whole, strange = Path(place, "whole"), Path(place, "strange")
        expected = answers(whole, folder, encoder)
        answers(strange, other, encoder)
        outcomes: Counter[str] = Counter()
        for number in range(given.copies):
            copy = Path(place, "copy")
            shutil.copytree(whole, copy)
            done = damage(copy, strange, chooser)
            outcome = judged(copy, folder, encoder, expected)
            outcomes[outcome] += 1
            if outcome not in ("refused", "as before"):
                print(f"copy {number}, {done}: {outcome}")
            shutil.rmtree(copy)
    print(f"{given.copies} damaged copies:", ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()))
    return set(outcomes) <= {"refused", "as before"}


def damage(home: Path, strange: Path, chooser: random.Random) -> str:
    """Damage one file of a corpus; what was done."""
    file = chooser.choice([file for file in (home / "corpora").rglob("*") if file.is_file() and file.stat().st_size])
    way, data = chooser.choice(WAYS), bytearray(file.read_bytes())
    place = chooser.randrange(max(len(data), 1))
    if way == "gone":
        file.unlink()
    elif way == "swap":
        shutil.copy(next((strange / "corpora").rglob(file.name)), file)
    else:
        file.write_bytes(changed(data, way, place, chooser))
    return f"{way} in {file.name} at {place}"


def changed(data: bytearray, way: str, place: int, chooser: random.Random) -> bytes:
    """The bytes of a file once they are damaged."""
    block = slice(place, min(place + BLOCK, len(data)))
    if way == "cut":
        return bytes(data[:place])
    if way == "empty":
        return b""
    if way == "zeros":
        data[block] = bytes(len(data[block]))
    elif way == "noise":
        data[block] = chooser.randbytes(len(data[block]))
    else:
        for _ in range(1 if way == "bit" else 20):
            data[chooser.randrange(len(data))] ^= 1 << chooser.randrange(8)
    return bytes(data)


def judged(home: Path, folder: Path, encoder: Encoder, expected: list[dict[str, object]]) -> str:
    """What became of a damaged copy."""
    try:
        return "as before" if answers(home, folder, encoder) == expected else "ANOTHER ANSWER"
    except (QAError, EmbeddingError):
        return "refused"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def answers(home: Path, folder: Path, encoder: Encoder) -> list[dict[str, object]]:
    """What a corpus answers."""
    with at_home(home), Assistant.open(folder, encoder=encoder, answerer="extractive", min_confidence=0) as assistant:
        return [assistant.ask(question).to_dict() for question in QUESTIONS]
