"""Readers: processes ask one corpus again and again while another process indexes changes of its folder.

No reader may ever get an error or a quote that is not in its document, and the slowest answer of twenty may take at
most three times as long as when nothing is written.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from damage import QUESTIONS
from kills import Trial
from texts import articles

from embeddings import load_encoder
from qa import Assistant
from qa.answering.answerers.extractive import create
from qa.ingest.indexing import Report, corpus_folder
from qa.store.corpus import Corpus

MAX_SLOWDOWN = 3.0
PAUSE_SECONDS = 0.25
"""Between two questions of one reader."""


def add_options(options: argparse.ArgumentParser) -> None:
    """Add the part's own options."""
    options.add_argument("--readers", type=int, default=8)
    options.add_argument("--files", type=int, default=200)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--loosely", type=float, default=1.0, help="multiply the allowed slowdown by this")


def run(given: argparse.Namespace) -> bool:
    """Return whether no reader was disturbed."""
    rng, encoder = random.Random(given.seed), load_encoder("hashing")
    with tempfile.TemporaryDirectory() as place:
        trial = Trial(Path(place), encoder, articles(given.articles, rng, 2 * given.files), rng)
        for _ in range(given.files):
            trial.add()
        trial.index()
        idle, problems = asked(trial, given.readers, given.minutes / 4, writes=False)
        busy, more = asked(trial, given.readers, given.minutes, writes=True)
        problems += more + trial.problems()
    slowest = [sorted(times)[int(0.95 * len(times))] for times in (idle, busy)]
    print(f"{given.readers} readers, {len(busy)} questions in {given.minutes:g} minutes of writing: ", end="")
    print(f"{len(problems)} problems; p95 {1000 * slowest[1]:.0f} ms, idle {1000 * slowest[0]:.0f} ms")
    print("\n".join(problems[:20]))
    return not problems and slowest[1] <= MAX_SLOWDOWN * given.loosely * slowest[0]


def asked(trial: Trial, readers: int, minutes: float, *, writes: bool) -> tuple[list[float], list[str]]:
    """Return the seconds of every answer, and what went wrong."""
    command = [sys.executable, __file__, str(trial.folder)]
    options = {"env": {**os.environ, "QA_HOME": str(trial.home)}, "text": True}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    processes = [subprocess.Popen(command, **options, **pipes) for _ in range(readers)]
    for process in processes:
        process.stdout.readline()  # the reader is ready
    end = time.time() + 60 * minutes
    for process in processes:
        process.stdin.write(f"{end}\n")
        process.stdin.flush()
    while time.time() < end:
        if writes:
            trial.change()
            trial.index()
        else:
            time.sleep(0.1)
    died = '{"times": [], "problems": ["a reader died"]}'
    said = [json.loads(process.communicate()[0] or died) for process in processes]
    return [time for one in said for time in one["times"]], [problem for one in said for problem in one["problems"]]


def read(folder: Path) -> None:
    """Ask without ever indexing; print how long each answer took and what went wrong.

    Print a line when ready, then read from standard input until when to ask, in seconds since the epoch.
    """
    encoder = load_encoder("hashing")
    corpus = Corpus(corpus_folder([folder], encoder), encoder)
    assistant = Assistant(corpus, create(encoder), Report(()), min_confidence=0.0)
    rng, times, problems = random.Random(os.getpid()), [], []
    print("ready", flush=True)
    end = float(input())
    while time.time() < end:
        for words in QUESTIONS:
            question = f"{words} {rng.randrange(1_000_000)}"  # never the same, so that none is cached
            began = time.perf_counter()
            try:
                answer = assistant.ask(question)
                if not answer.citations:
                    problems.append("nothing was found")
            except Exception as error:
                problems.append(f"{type(error).__name__}: {error}")
            times.append(time.perf_counter() - began)
            time.sleep(PAUSE_SECONDS)
    assistant.close()
    print(json.dumps({"times": times, "problems": problems}))


if __name__ == "__main__":
    read(Path(sys.argv[1]))
