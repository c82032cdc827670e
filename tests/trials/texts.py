"""What several trials need: articles, a folder for corpora, the memory used."""

import json
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.paths import roots
from qa.text.sentences import sentence_spans

SENTENCES_PER_ARTICLE = (8, 40)
"""At least and at most."""

MIN_ARTICLE_CHARS = 500
"""Shorter texts of a given corpus are skipped."""


def articles(corpus: Path | None, rng: random.Random, count: int) -> list[str]:
    """Return at most `count` different texts of several lines, from a corpus.jsonl or the reports' sentences."""
    if corpus:
        with corpus.open(encoding="utf-8") as lines:
            texts = list(dict.fromkeys(json.loads(line)["text"] for line in lines))
        return [text for text in texts if len(text) >= MIN_ARTICLE_CHARS][:count]
    sentences = [
        " ".join(text[slice(*span)].split())
        for text in (file.read_text("utf-8") for file in sorted(roots(None)[0].glob("*.txt")))
        for span in sentence_spans(text)
    ]
    return ["\n".join(rng.sample(sentences, rng.randint(*SENTENCES_PER_ARTICLE))) for _ in range(count)]


@contextmanager
def using_home(home: Path) -> Iterator[None]:
    """Keep corpora in `home` during the block."""
    before = os.environ.get("QA_HOME")
    os.environ["QA_HOME"] = str(home)
    try:
        yield
    finally:
        os.environ.pop("QA_HOME") if before is None else os.environ.update(QA_HOME=before)


def peak_mb() -> float:
    """Return this process's peak memory in MB; `resource` would include what its parent used before the fork."""
    status = Path("/proc/self/status")
    if not status.exists():
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1_000
