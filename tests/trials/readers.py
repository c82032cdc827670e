"""Readers: processes that ask one corpus again and again while another one indexes changes of its folder.

No reader may ever get an error or a quote that its document does not hold, and asking may take at most three times as
long as when nothing is written (the slowest of twenty).
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

SLOWER = 3.0
THINKING = 0.25
"""Seconds between two questions of one reader."""


def add_options(options: argparse.ArgumentParser) -> None:
    """How many, and how long."""
    options.add_argument("--readers", type=int, default=8)
    options.add_argument("--files", type=int, default=200)
    options.add_argument("--minutes", type=float, default=10)


def run(given: argparse.Namespace) -> bool:
    """Whether no reader was disturbed."""
    chooser, encoder = random.Random(given.seed), load_encoder("hashing")
    with tempfile.TemporaryDirectory() as place:
        trial = Trial(Path(place), encoder, articles(given.articles, chooser, 2 * given.files), chooser)
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
    return not problems and slowest[1] <= SLOWER * slowest[0]


def asked(trial: Trial, readers: int, minutes: float, *, writes: bool) -> tuple[list[float], list[str]]:
    """Seconds of every answer, and what went wrong."""
    end = time.time() + 60 * minutes
    command = [sys.executable, __file__, str(trial.folder), str(end)]
    environment = {**os.environ, "QA_HOME": str(trial.home)}
    processes = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(readers)]
    while time.time() < end:
        if writes:
            trial.change()
            trial.index()
        else:
            time.sleep(0.1)
    died = '{"times": [], "problems": ["a reader died"]}'
    said = [json.loads(process.communicate()[0] or died) for process in processes]
    return [time for one in said for time in one["times"]], [problem for one in said for problem in one["problems"]]


def read(folder: Path, end: float) -> None:
    """Ask until `end`, without ever indexing, and print how long it took and what went wrong."""
    encoder = load_encoder("hashing")
    corpus = Corpus(corpus_folder([folder], encoder), encoder)
    assistant = Assistant(corpus, create(encoder), Report(()), min_confidence=0.0)
    chooser, times, problems = random.Random(os.getpid()), [], []
    while time.time() < end:
        for words in QUESTIONS:
            question = f"{words} {chooser.randrange(1_000_000)}"  # never the same, so that none is remembered
            began = time.perf_counter()
            try:
                answer = assistant.ask(question)
                if not answer.citations:
                    problems.append("nothing was found")
            except Exception as error:
                problems.append(f"{type(error).__name__}: {error}")
            times.append(time.perf_counter() - began)
            time.sleep(THINKING)
    assistant.close()
    print(json.dumps({"times": times, "problems": problems}))


if __name__ == "__main__":
    read(Path(sys.argv[1]), float(sys.argv[2]))
