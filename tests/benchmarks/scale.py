"""Measure how long ten thousand to a million passages take to index, open, search and add to.

The vectors are real ones, each repeated many times with a small random shift. The texts are repeated too, each with a
unique word, equally often at every size: these are near-duplicates, which take longer than other texts. Everything else
is the product itself: files on disk, `Assistant.open`, the retriever.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from figures import Figure, quantile
from sample_texts import delete_corpora, passages

from embeddings import load_encoder
from embeddings.base import BaseEncoder
from embeddings.paths import cache_folder
from embeddings.types import Vectors
from qa import Assistant
from qa.answering.answerers.extractive import ExtractiveAnswerer
from qa.answering.retrieval import Retriever
from qa.ingest.indexing import index as bring_up_to_date
from qa.store.vector_index import unpack

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
DISTINCT_PASSAGES, TOKENS = 20_000, 60
"""Number of real passages, and their length."""

REPETITIONS = 50
"""How often each real passage occurs, with a unique word; a corpus of fewer than a million uses only the first ones."""

SHIFT = 0.35
"""Length of the random shift of a vector of length 1."""

PASSAGES_PER_FILE = 1_000

INDEX = "index without embedding"
DENSE = "search by meaning, median"
BOTH = "search by meaning and by word, median"
SLOW = "the same, 95 of 100"

QUESTIONS = 200
ADDED = "Zebulon Quarrington opened a museum of umbrellas in Tromsø."


class Shifted(BaseEncoder):
    """The default encoder for questions; a passage gets one of `vectors`, shifted, chosen by its text."""

    def __init__(self, vectors: Vectors) -> None:
        self._real = load_encoder()
        self._vectors = vectors
        self.name, self.dimension = "shifted", self._real.dimension
        self.max_tokens, self.fingerprint = self._real.max_tokens, f"{self._real.fingerprint}shifted"

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the default encoder's token spans."""
        return self._real.token_spans(text)

    def _embed(self, texts: list[str], *, query: bool) -> Vectors:
        if query or ADDED in texts[0]:
            return np.stack([self._real.embed_query(text) for text in texts])
        numbers = [zlib.crc32(text.encode()) for text in texts]
        noise = np.random.default_rng(numbers[0]).standard_normal((len(texts), self.dimension), dtype=np.float32)
        shift = SHIFT * noise / np.linalg.norm(noise, axis=1, keepdims=True)
        return self._vectors[np.array(numbers) % len(self._vectors)] + shift


def measure(articles: Path | None, rounds: int) -> Iterator[Figure]:
    """Index each size in its own folder; open and search it in its own process."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        texts = passages(articles, load_encoder(), DISTINCT_PASSAGES, TOKENS)
        np.save(folder / "vectors.npy", load_encoder().embed_passages(texts))
        (folder / "texts.json").write_text(json.dumps(texts), "utf-8")
        (folder / "home").mkdir()
        (folder / "home/cache").symlink_to(cache_folder())  # contains the encoder's graph
        rates: dict[int, float] = {}
        for size in SIZES:
            write(folder / str(size), _first_texts(texts, size), size)
            repeats = rounds if size == SIZES[0] else 1
            indexed = [figure for _ in range(repeats) for figure in index_from_scratch(folder, size)]
            middle = sorted(indexed, key=lambda figure: figure.value)[len(indexed) // 2]
            rates[size] = middle.value
            yield middle
            yield from step("search", folder, size)
        if len(SIZES) < 2:
            return
        growth = rates[SIZES[-1]] / rates[SIZES[0]]
        name = f"time to index a passage, of {SIZES[-1]:,} against {SIZES[0]:,}"
        yield Figure(name, growth, "x", target=1.5, higher_is_better=False)


def index_from_scratch(folder: Path, size: int) -> Iterator[Figure]:
    """Index again; the smallest size takes seconds, which vary by a tenth from run to run, so it is repeated."""
    delete_corpora(folder / "home")
    return step("index", folder, size)


def step(name: str, folder: Path, size: int) -> Iterator[Figure]:
    """Yield the figures that a child process measures."""
    environment = {**os.environ, "QA_HOME": str(folder / "home")}
    command = [sys.executable, __file__, name, str(folder), str(size), str(QUESTIONS)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    for line in done.stdout.splitlines():
        yield Figure(**json.loads(line), passages=size)


def _first_texts(texts: list[str], size: int) -> list[str]:
    return texts[: size // REPETITIONS]


def write(folder: Path, texts: list[str], size: int) -> None:
    """Write files with `size` records in total."""
    folder.mkdir()
    for first in range(0, size, PASSAGES_PER_FILE):
        numbers = range(first, min(first + PASSAGES_PER_FILE, size))
        records = ({"id": str(n), "text": f"{texts[n % len(texts)]} w{n}."} for n in numbers)
        (folder / f"{first:07}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")


def index(encoder: Shifted, folder: Path, size: int) -> Iterator[Figure]:
    """Time files to corpus, without embedding, which costs the same for every passage."""
    began = time.perf_counter()
    with Assistant.open(folder, encoder=encoder, answerer="extractive") as assistant:
        passages = len(assistant.corpus)
    taken = time.perf_counter() - began
    yield Figure(INDEX, 1e6 * taken / passages, "us a passage")


def search(encoder: Shifted, folder: Path, size: int, texts: list[str], questions: int) -> Iterator[Figure]:
    """Time opening, searching and adding a file."""

    def at_a_million(target: float) -> float | None:
        return target if size == 1_000_000 else None

    before = resident_mb()
    began = time.perf_counter()
    assistant = Assistant.open(folder, encoder=encoder, answerer="extractive")
    assert isinstance(assistant.answerer, ExtractiveAnswerer)
    yield Figure("open", time.perf_counter() - began, "s", target=at_a_million(1), higher_is_better=False)
    corpus, retriever = assistant.corpus, Retriever(assistant.corpus)
    rng = random.Random(2)
    asked = [" ".join(text.split()[:12]) for text in rng.choices(texts, k=questions)]
    queries = [encoder.embed_query(question) for question in asked]
    corpus.nearest(queries[0], 10)
    dense, both = [], []
    for query in queries:
        began = time.perf_counter()
        corpus.nearest(query, 10)
        dense.append(1000 * (time.perf_counter() - began))
    for question in asked[: questions // 4]:
        retriever.rank(question, 30)  # warms the cache of common words' counts
    for question in asked:
        began = time.perf_counter()
        retriever.rank(question, 30)
        both.append(1000 * (time.perf_counter() - began))
    yield Figure(DENSE, quantile(dense, 0.5), "ms", target=at_a_million(10), higher_is_better=False)
    yield Figure(BOTH, quantile(both, 0.5), "ms", target=at_a_million(40), higher_is_better=False)
    yield Figure(SLOW, quantile(both, 0.95), "ms")
    yield Figure(
        "resident memory",
        resident_mb(),
        "MB",
        target=at_a_million(1500),
        higher_is_better=False,
        note=f"{before:.0f} before",
    )
    yield Figure("recall@10 of the exact neighbours", recall(assistant, queries[:100]), "", target=at_a_million(0.98))
    (folder / "added.txt").write_text(ADDED, "utf-8")
    began = time.perf_counter()
    bring_up_to_date(corpus, [folder])
    found = retriever.search("Who opened a museum of umbrellas?", 1)[0].passage.text
    assert found == ADDED, found
    yield Figure(
        "one file more, until it is found",
        time.perf_counter() - began,
        "s",
        target=at_a_million(0.3),
        higher_is_better=False,
    )
    assistant.close()


def recall(assistant: Assistant, queries: list[Vectors]) -> float:
    """Return the share of the ten nearest of all stored vectors that the corpus finds."""
    corpus, matrix = assistant.corpus, np.stack(queries)
    best = np.full((len(queries), 10), -2.0, dtype=np.float32)
    keys = np.zeros((len(queries), 10), dtype=np.int64)
    rows = corpus._database.execute("SELECT key, vector FROM passages")
    while batch := rows.fetchmany(20_000):
        cosines = matrix @ unpack([vector for _, vector in batch], corpus.encoder.dimension).T
        scores = np.concatenate([best, cosines], axis=1)
        order = np.argsort(-scores, axis=1)[:, :10]
        names = np.concatenate([keys, np.tile([key for key, _ in batch], (len(queries), 1))], axis=1)
        best, keys = np.take_along_axis(scores, order, 1), np.take_along_axis(names, order, 1)
    found = [set(corpus.nearest(query, 10)[0].tolist()) for query in queries]
    return float(np.mean([len(got & set(wanted.tolist())) / 10 for got, wanted in zip(found, keys, strict=True)]))


def resident_mb() -> float:
    """Return the resident memory of this process in MB, mapped files included."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1000 for line in status if line.startswith("VmRSS"))


def main() -> None:
    """Run one step at one size, in its own process."""
    parser = argparse.ArgumentParser()
    parser.add_argument("step", choices=["index", "search"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("size", type=int)
    parser.add_argument("questions", type=int)
    given = parser.parse_args()
    encoder = Shifted(np.load(given.folder / "vectors.npy"))
    folder, texts = given.folder / str(given.size), json.loads((given.folder / "texts.json").read_text("utf-8"))
    texts = _first_texts(texts, given.size)
    if given.step == "index":
        steps = index(encoder, folder, given.size)
    else:
        steps = search(encoder, folder, given.size, texts, given.questions)
    for figure in steps:
        print(json.dumps({key: value for key, value in vars(figure).items() if key != "passages"}), flush=True)


if __name__ == "__main__":
    main()
