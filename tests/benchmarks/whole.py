"""What a person waits for: the index of a folder, the answer, the start of the command."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from material import articles as texts_of
from material import forget_corpora, home_of_its_own
from measure import Figure, in_turns, quantile, share_of_theirs, times_as_fast
from sentence_transformers import SentenceTransformer

import qa.reader.cascade as reading
from embeddings import load_encoder
from embeddings.models import MINILM
from qa import Assistant
from qa.ingest.prefetch import BATCH_PASSAGES

ARTICLES = 60
"""Indexed in each round: enough for seconds, few enough for the plain encoder's minutes."""

QUESTIONS = Path(__file__).parents[1] / "data/conversations/seeds/questions.jsonl"
ASK = ("ask", "Who shrugged his shoulders?")


def measure(articles: Path | None, rounds: int) -> Iterator[Figure]:
    """Index, ask, start."""
    yield index(articles, rounds)
    yield from ask(rounds)
    yield start(rounds)


def index(articles: Path | None, rounds: int) -> Figure:
    """From files on disk to an open corpus, beside a loop that only embeds the same passages."""
    encoder = load_encoder()
    plain = SentenceTransformer(str(MINILM.path()), device="cpu")
    with tempfile.TemporaryDirectory() as folder, home_of_its_own() as home:
        for number, text in enumerate(texts_of(articles, ARTICLES)):
            Path(folder, f"{number}.txt").write_text(text, "utf-8")

        def ours() -> list[str]:
            forget_corpora(home)
            with Assistant.open(folder, encoder=encoder) as assistant:
                keys = list(range(1, len(assistant.corpus) + 1))
                return [p.text for start in keys[::500] for p in assistant.corpus.passages(keys[start - 1 :][:500])]

        passages = ours()
        pairs = in_turns(
            ours,
            lambda: [plain.encode(passages[n : n + BATCH_PASSAGES]) for n in range(0, len(passages), BATCH_PASSAGES)],
            rounds,
        )
    return times_as_fast(f"{ARTICLES} articles of {len(passages):,} passages, from files to an open corpus", pairs, 3.5)


def ask(rounds: int) -> Iterator[Figure]:
    """The built-in reports' questions, each asked once before the clock starts."""
    questions = [json.loads(line)["standalone"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    with Assistant.open() as assistant:
        said = [assistant.ask(question).short for question in questions]
        times = []
        for _ in range(rounds):
            for question in questions:
                began = time.perf_counter()
                assistant.ask(question)
                times.append(1000 * (time.perf_counter() - began))
        yield Figure("ask() over the built-in reports, median", quantile(times, 0.5), "ms", bar=60, least=False)
        yield Figure("the same, 95 of 100", quantile(times, 0.95), "ms", bar=120, least=False)
        kept = reading.FIRST_HITS, reading.MIN_HITS
        reading.FIRST_HITS, reading.MIN_HITS = 0, reading.MAX_HITS
        everything = [assistant.ask(question).short for question in questions]
        reading.FIRST_HITS, reading.MIN_HITS = kept
    same = sum(one == other for one, other in zip(said, everything, strict=True)) / len(said)
    yield Figure("answers that are the same with every passage read", same, "")


def start(rounds: int) -> Figure:
    """`qa ask` as a process of its own, over an indexed corpus."""
    command = [sys.executable, "-m", "qa", *ASK]
    beside = [sys.executable, "-c", "import sentence_transformers"]
    pairs = in_turns(
        lambda: subprocess.run(command, check=True, capture_output=True),
        lambda: subprocess.run(beside, check=True, capture_output=True),
        rounds,
    )
    return share_of_theirs("qa ask as a process, beside the import of sentence_transformers", pairs, 0.15)
