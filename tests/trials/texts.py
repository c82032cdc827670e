"""What trials need: articles, of a corpus.jsonl or made of the built-in reports' sentences; a home for corpora."""

import json
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.assistant import roots
from qa.text.sentences import sentence_spans

LENGTHS = (8, 40)
"""Sentences of a made article."""

LEAST = 500
"""Characters of an article that is taken from a corpus."""


def articles(given: Path | None, chooser: random.Random, count: int) -> list[str]:
    """At most `count` texts, each of lines, no two the same."""
    if given:
        with given.open(encoding="utf-8") as lines:
            texts = list(dict.fromkeys(json.loads(line)["text"] for line in lines))
        return [text for text in texts if len(text) >= LEAST][:count]
    sentences = [
        " ".join(text[slice(*span)].split())
        for text in (file.read_text("utf-8") for file in sorted(roots(None)[0].glob("*.txt")))
        for span in sentence_spans(text)
    ]
    return ["\n".join(chooser.sample(sentences, chooser.randint(*LENGTHS))) for _ in range(count)]


@contextmanager
def at_home(home: Path) -> Iterator[None]:
    """Corpora are kept there meanwhile."""
    before = os.environ.get("QA_HOME")
    os.environ["QA_HOME"] = str(home)
    try:
        yield
    finally:
        os.environ.pop("QA_HOME") if before is None else os.environ.update(QA_HOME=before)


def peak_mb() -> float:
    """What this process has taken at most; `resource` would count its parent's memory where it was started from it."""
    status = Path("/proc/self/status")
    if not status.exists():
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1_000
