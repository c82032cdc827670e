"""Texts to measure with, shuffled sentences of the built-in reports or a given corpus.jsonl; folders for corpora."""

import json
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from embeddings.types import Encoder
from qa.paths import roots
from qa.text.sentences import sentence_spans

SENTENCES_PER_ARTICLE = 40
MIN_ARTICLE_CHARS = 500
"""Shorter texts of a given corpus are skipped."""


@contextmanager
def temporary_home() -> Iterator[Path]:
    """Set QA_HOME to an empty folder for the block, then restore it."""
    before = os.environ.get("QA_HOME")
    with tempfile.TemporaryDirectory() as home:
        os.environ["QA_HOME"] = home
        try:
            yield Path(home)
        finally:
            os.environ.pop("QA_HOME") if before is None else os.environ.update(QA_HOME=before)


def delete_corpora(home: Path) -> None:
    """Delete the corpora of a home, but not the graphs, which are built once for all corpora."""
    shutil.rmtree(home / "corpora", ignore_errors=True)


def sentences() -> list[str]:
    """Return the sentences of the built-in reports."""
    texts = [file.read_text("utf-8") for file in sorted(roots(None)[0].glob("*.txt"))]
    return [" ".join(text[slice(*span)].split()) for text in texts for span in sentence_spans(text)]


def articles(corpus: Path | None, count: int) -> list[str]:
    """Return `count` texts: the first of the given corpus, else made of the reports' sentences."""
    if corpus:
        with corpus.open(encoding="utf-8") as lines:
            texts = (json.loads(line)["text"] for line in lines)
            return list(islice((text for text in texts if len(text) > MIN_ARTICLE_CHARS), count))
    rng, known = random.Random(1), sentences()
    return [" ".join(rng.choices(known, k=SENTENCES_PER_ARTICLE)) for _ in range(count)]


def passages(corpus: Path | None, encoder: Encoder, count: int, tokens: int) -> list[str]:
    """Return `count` texts of `tokens` tokens each."""
    return list(islice(_cut(corpus, encoder, tokens), count))


def _cut(corpus: Path | None, encoder: Encoder, tokens: int) -> Iterator[str]:
    count = 64
    while True:
        for text in articles(corpus, count)[count // 2 if count > 64 else 0 :]:
            spans = encoder.token_spans(text)
            for first in range(0, len(spans) - tokens, tokens):
                yield text[spans[first][0] : spans[first + tokens - 1][1]]
        count *= 2
