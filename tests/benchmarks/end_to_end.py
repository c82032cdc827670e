"""Measure what a user waits for: indexing a folder, an answer, the start of the command."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from figures import Figure, alternate, quantile, speedup, time_ratio
from sample_texts import articles as article_texts
from sample_texts import delete_corpora, temporary_home
from sentence_transformers import SentenceTransformer

import qa.reader.cascade as cascade
from embeddings import load_encoder
from embeddings.models import MINILM
from qa import Assistant
from qa.ingest.prefetch import BATCH_PASSAGES

ARTICLES = 60
"""Indexed in each round: enough to take seconds, few enough that the plain encoder takes only minutes."""

QUESTIONS = Path(__file__).parents[1] / "data/conversations/seeds/questions.jsonl"
ASK = ("ask", "Who shrugged his shoulders?")


def measure(articles: Path | None, rounds: int) -> Iterator[Figure]:
    """Measure indexing, asking and starting."""
    yield index(articles, rounds)
    yield from ask(rounds)
    yield start(rounds)


def index(articles: Path | None, rounds: int) -> Figure:
    """Time files on disk to an open corpus, against a loop that only embeds the same passages."""
    encoder = load_encoder()
    plain = SentenceTransformer(str(MINILM.path()), device="cpu")
    with tempfile.TemporaryDirectory() as folder, temporary_home() as home:
        for number, text in enumerate(article_texts(articles, ARTICLES)):
            Path(folder, f"{number}.txt").write_text(text, "utf-8")

        def ours() -> list[str]:
            delete_corpora(home)
            with Assistant.open(folder, encoder=encoder) as assistant:
                keys = list(range(1, len(assistant.corpus) + 1))
                return [p.text for start in keys[::500] for p in assistant.corpus.passages(keys[start - 1 :][:500])]

        passages = ours()
        pairs = alternate(
            ours,
            lambda: [plain.encode(passages[n : n + BATCH_PASSAGES]) for n in range(0, len(passages), BATCH_PASSAGES)],
            rounds,
        )
    return speedup(f"{ARTICLES} articles of {len(passages):,} passages, from files to an open corpus", pairs, 3.5)


def ask(rounds: int) -> Iterator[Figure]:
    """Time the built-in reports' questions with both readers, each asked once before the clock starts."""
    questions = [json.loads(line)["standalone"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    for answerer, median, most in (("reader", 250, 350), ("reader_small", 60, 120)):
        with Assistant.open(answerer=answerer) as assistant:
            answers = [assistant.ask(question).short for question in questions]
            times = []
            for _ in range(rounds):
                for question in questions:
                    began = time.perf_counter()
                    assistant.ask(question)
                    times.append(1000 * (time.perf_counter() - began))
            name = f"ask() over the built-in reports, {answerer}"
            yield Figure(f"{name}, median", quantile(times, 0.5), "ms", target=median, higher_is_better=False)
            yield Figure("the same, 95 of 100", quantile(times, 0.95), "ms", target=most, higher_is_better=False)
            if answerer == "reader_small":
                yield Figure(
                    "answers that are the same with every passage read", same(assistant, questions, answers), ""
                )


def same(assistant: Assistant, questions: list[str], answers: list[str | None]) -> float:
    """Return the share of the small reader's answers that stay when it reads every hit."""
    settings = cascade.FIRST_HITS, cascade.MIN_HITS
    cascade.FIRST_HITS, cascade.MIN_HITS = 0, cascade.MAX_HITS
    with_all_read = [assistant.ask(question).short for question in questions]
    cascade.FIRST_HITS, cascade.MIN_HITS = settings
    return sum(one == other for one, other in zip(answers, with_all_read, strict=True)) / len(answers)


def start(rounds: int) -> Figure:
    """Time `qa ask` as its own process, over an indexed corpus."""
    command = [sys.executable, "-m", "qa", *ASK]
    baseline = [sys.executable, "-c", "import sentence_transformers"]
    pairs = alternate(
        lambda: subprocess.run(command, check=True, capture_output=True),
        lambda: subprocess.run(baseline, check=True, capture_output=True),
        rounds,
    )
    return time_ratio("qa ask as a process, against importing sentence_transformers", pairs, 0.15)
