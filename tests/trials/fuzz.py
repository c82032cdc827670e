"""Fuzzing: files of every format with bytes changed, cut, repeated and swapped, and questions of any characters.

Every file must become documents whose passages are in their text, or be refused in one line, in time. Every question
must get an answer whose quotes are in their documents, or a QuestionError. Any other input is reported.
"""

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from damage import QUESTIONS
from texts import articles, peak_mb

from embeddings import Encoder, load_encoder
from qa import Assistant
from qa.errors import DocumentError, QAError, QuestionError
from qa.ingest import sandbox
from qa.ingest.chunking import chunk
from qa.ingest.files import SourceFile, load
from tests.support import sample_files

MAX_SECONDS = 61
"""For one file: the parsers' process has a minute."""

MAX_MEMORY_MB = 1_500
"""Peak memory of this process."""

SNIPPETS = (b"<", b">", b"&#x0;", b"\0", b"\xff\xfe", b"9" * 40, b"%%EOF", b"{\\", b"</", b'"', b"--", b"PK\3\4")
"""Bytes that mean something in one format or another."""

ALPHABETS = ("abc ?", "АБВ где", "北约何时", "من أين", "🎭👩‍🔧", "\0\x1b\u202e\ufeff", "\"'()*:^-+", "<b>&;", "０１２")
INPUTS_PER_QUESTION = 10
"""One input in so many is a question."""


def add_options(options: argparse.ArgumentParser) -> None:
    """Add the part's own options."""
    options.add_argument("--inputs", type=int, default=10_000)
    options.add_argument("--found", type=Path, help="write the inputs that fail to this folder")


def run(given: argparse.Namespace) -> bool:
    """Return whether nothing crashed, hung or used too much memory."""
    rng, encoder = random.Random(given.seed), load_encoder("hashing")
    texts = [text[:2_000].encode("cp1252", "replace").decode("cp1252") for text in articles(given.articles, rng, 50)]
    outcomes: Counter[str] = Counter()
    with Assistant.open(encoder=encoder, answerer="extractive", min_confidence=0) as assistant:
        for number in range(given.inputs):
            if number % INPUTS_PER_QUESTION == 0:
                kind, data, outcome = "question", b"", outcome_of_question(assistant, rng)
            else:
                kind, data = rng.choice(sorted(sample_files.MAKERS)), b""
                data = mutate(sample_files.MAKERS[kind](rng.choice(texts).split("\n")[:6]), rng)
                outcome = outcome_of_file(kind, data, encoder)
            outcomes[outcome] += 1
            if outcome not in ("read", "refused"):
                print(f"input {number}, {kind}: {outcome}")
                if given.found:
                    given.found.mkdir(exist_ok=True)
                    (given.found / f"{number}.{kind}").write_bytes(data)
    sandbox.stop()
    memory = peak_mb()
    print(f"{given.inputs} inputs: {dict(outcomes)}; {memory:,.0f} MB at peak")
    return set(outcomes) <= {"read", "refused"} and memory < MAX_MEMORY_MB


def mutate(data: bytes, rng: random.Random) -> bytes:
    """Return the file with one to eight changes."""
    for _ in range(rng.randint(1, 8)):
        first, last = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
        data = rng.choice(CHANGES)(data, first, last, rng)
    return data


def flip(data: bytes, first: int, last: int, rng: random.Random) -> bytes:
    """Flip one bit."""
    return data[:first] + bytes(byte ^ 1 << rng.randrange(8) for byte in data[first : first + 1]) + data[first + 1 :]


def insert(data: bytes, first: int, last: int, rng: random.Random) -> bytes:
    """Insert some bytes."""
    return data[:first] + rng.choice([*SNIPPETS, rng.randbytes(rng.randint(1, 20))]) + data[first:]


def delete(data: bytes, first: int, last: int, rng: random.Random) -> bytes:
    """Delete some bytes."""
    return data[:first] + data[first + rng.randint(1, 50) :]


def repeat(data: bytes, first: int, last: int, rng: random.Random) -> bytes:
    """Repeat a part several times."""
    return data[:first] + data[first:last][:500] * rng.randint(2, 6) + data[first:]


def swap(data: bytes, first: int, last: int, rng: random.Random) -> bytes:
    """Swap two parts."""
    return data[last:] + data[first:last] + data[:first]


def cut(data: bytes, first: int, last: int, rng: random.Random) -> bytes:
    """Cut off the end, one time in five."""
    return data[:last] if rng.random() < 0.2 else data


CHANGES = (flip, insert, delete, repeat, swap, cut)


def outcome_of_file(kind: str, data: bytes, encoder: Encoder) -> str:
    """Return what loading a file led to: read, refused, or what went wrong."""
    began = time.monotonic()
    try:
        documents = load(SourceFile(Path(f"a.{kind}"), f"a.{kind}"), data).documents
        for document in documents:
            for passage in chunk(document, encoder):
                if document.text[passage.start : passage.end] != passage.text:
                    return "a passage that is not in its text"
    except DocumentError as error:
        if not str(error) or "\n" in str(error):
            return f"an error message that is not one line: {error}"
        return "refused"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    took = time.monotonic() - began
    return "read" if took < MAX_SECONDS else f"took {took:.0f} s"


def outcome_of_question(assistant: Assistant, rng: random.Random) -> str:
    """Return what a question led to: read (answered), refused, or what went wrong."""
    question = "".join(rng.choice(rng.choice(ALPHABETS)) for _ in range(rng.randrange(80)))
    history = [(question[::-1], "x" * rng.randrange(3_000)), (rng.choice(QUESTIONS), question)]
    try:
        answer = assistant.ask(question, history[: rng.randrange(3)])
    except QuestionError:
        return "refused"
    except QAError as error:
        return f"{type(error).__name__}: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    wrong = [c for c in answer.citations if assistant.document(c.document_id).text[c.start : c.end] != c.text]
    return "a quote that is not in its document" if wrong else "read"
