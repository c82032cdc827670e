"""Fuzzing: files of every format with bytes changed, cut, doubled and spliced, and questions of any characters.

Every file must become documents whose passages lie in their text, or be refused in one line, in time;
every question an answer whose quotes lie in their documents, or a QuestionError. Whatever does neither is written down.
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

SECONDS = 61
"""That one file may take: a minute is what the parsers' process has."""

MEMORY_MB = 1_500
"""That this process may take."""

TOKENS = (b"<", b">", b"&#x0;", b"\0", b"\xff\xfe", b"9" * 40, b"%%EOF", b"{\\", b"</", b'"', b"--", b"PK\3\4")
"""That mean something in one format or another."""

ALPHABETS = ("abc ?", "АБВ где", "北约何时", "من أين", "🎭👩‍🔧", "\0\x1b\u202e\ufeff", "\"'()*:^-+", "<b>&;", "０１２")
QUESTION_IN = 10
"""One input in so many is a question."""


def add_options(options: argparse.ArgumentParser) -> None:
    """How many, and where inputs that fail are kept."""
    options.add_argument("--inputs", type=int, default=10_000)
    options.add_argument("--found", type=Path, help="a folder for the inputs that fail")


def run(given: argparse.Namespace) -> bool:
    """Whether nothing crashed, hung or grew without bound."""
    chooser, encoder = random.Random(given.seed), load_encoder("hashing")
    texts = [
        text[:2_000].encode("cp1252", "replace").decode("cp1252") for text in articles(given.articles, chooser, 50)
    ]
    outcomes: Counter[str] = Counter()
    with Assistant.open(encoder=encoder, answerer="extractive", min_confidence=0) as assistant:
        for number in range(given.inputs):
            if number % QUESTION_IN == 0:
                kind, data, outcome = "question", b"", asked(assistant, chooser)
            else:
                kind, data = chooser.choice(sorted(sample_files.OF)), b""
                data = mutated(sample_files.OF[kind](chooser.choice(texts).split("\n")[:6]), chooser)
                outcome = loaded(kind, data, encoder)
            outcomes[outcome] += 1
            if outcome not in ("read", "refused"):
                print(f"input {number}, {kind}: {outcome}")
                if given.found:
                    given.found.mkdir(exist_ok=True)
                    (given.found / f"{number}.{kind}").write_bytes(data)
    sandbox.stop()
    memory = peak_mb()
    print(f"{given.inputs} inputs: {dict(outcomes)}; {memory:,.0f} MB at most")
    return set(outcomes) <= {"read", "refused"} and memory < MEMORY_MB


def written_in_the_west(text: str) -> str:
    """Without the characters that the PDF made here cannot show."""
    return text.encode("cp1252", "replace").decode("cp1252")


def mutated(data: bytes, chooser: random.Random) -> bytes:
    """A file with one to eight changes."""
    for _ in range(chooser.randint(1, 8)):
        first, last = sorted((chooser.randrange(len(data) + 1), chooser.randrange(len(data) + 1)))
        data = chooser.choice(CHANGES)(data, first, last, chooser)
    return data


def flipped(data: bytes, first: int, last: int, chooser: random.Random) -> bytes:
    """One bit is another."""
    return (
        data[:first] + bytes(byte ^ 1 << chooser.randrange(8) for byte in data[first : first + 1]) + data[first + 1 :]
    )


def inserted(data: bytes, first: int, last: int, chooser: random.Random) -> bytes:
    """Some bytes more."""
    return data[:first] + chooser.choice([*TOKENS, chooser.randbytes(chooser.randint(1, 20))]) + data[first:]


def lacking(data: bytes, first: int, last: int, chooser: random.Random) -> bytes:
    """Some bytes less."""
    return data[:first] + data[first + chooser.randint(1, 50) :]


def repeated(data: bytes, first: int, last: int, chooser: random.Random) -> bytes:
    """A part several times."""
    return data[:first] + data[first:last][:500] * chooser.randint(2, 6) + data[first:]


def swapped(data: bytes, first: int, last: int, chooser: random.Random) -> bytes:
    """Two parts in each other's place."""
    return data[last:] + data[first:last] + data[:first]


def cut(data: bytes, first: int, last: int, chooser: random.Random) -> bytes:
    """Only the beginning, now and then."""
    return data[:last] if chooser.random() < 0.2 else data


CHANGES = (flipped, inserted, lacking, repeated, swapped, cut)


def loaded(kind: str, data: bytes, encoder: Encoder) -> str:
    """What became of a file."""
    began = time.monotonic()
    try:
        documents = list(load(SourceFile(Path(f"a.{kind}"), f"a.{kind}"), data))
        for document in documents:
            for passage in chunk(document, encoder):
                if document.text[passage.start : passage.end] != passage.text:
                    return "a passage that is not in its text"
    except DocumentError as error:
        if not str(error) or "\n" in str(error):
            return f"an error of no line or many: {error}"
        return "refused"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    took = time.monotonic() - began
    return "read" if took < SECONDS else f"took {took:.0f} s"


def asked(assistant: Assistant, chooser: random.Random) -> str:
    """What became of a question."""
    question = "".join(chooser.choice(chooser.choice(ALPHABETS)) for _ in range(chooser.randrange(80)))
    history = [(question[::-1], "x" * chooser.randrange(3_000)), (chooser.choice(QUESTIONS), question)]
    try:
        answer = assistant.ask(question, history[: chooser.randrange(3)])
    except QuestionError:
        return "refused"
    except QAError as error:
        return f"{type(error).__name__}: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    wrong = [c for c in answer.citations if assistant.document(c.document_id).text[c.start : c.end] != c.text]
    return "a quote that is not in its document" if wrong else "read"
