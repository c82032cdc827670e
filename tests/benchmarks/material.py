"""Texts to measure with: sentences of the built-in reports in ever new orders, or a corpus.jsonl that is given."""

import json
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embeddings.types import Encoder
from qa.assistant import roots
from qa.text.sentences import sentence_spans

SENTENCES_IN_AN_ARTICLE = 40


@contextmanager
def home_of_its_own() -> Iterator[Path]:
    """QA_HOME is an empty folder meanwhile, and then what it was."""
    before = os.environ.get("QA_HOME")
    with tempfile.TemporaryDirectory() as home:
        os.environ["QA_HOME"] = home
        try:
            yield Path(home)
        finally:
            os.environ.pop("QA_HOME") if before is None else os.environ.update(QA_HOME=before)


def forget_corpora(home: Path) -> None:
    """Of what is in a home, remove all but what is built once for all corpora: the graphs."""
    shutil.rmtree(home / "corpora", ignore_errors=True)


def sentences() -> list[str]:
    """Those of the built-in reports."""
    texts = [file.read_text("utf-8") for file in sorted(roots(None)[0].glob("*.txt"))]
    return [" ".join(text[slice(*span)].split()) for text in texts for span in sentence_spans(text)]


def articles(given: Path | None, count: int) -> list[str]:
    """`count` texts: the first of the corpus that is given, else made of the reports' sentences."""
    if given:
        with given.open(encoding="utf-8") as lines:
            read = (json.loads(line)["text"] for line in lines)
            return [text for text, _ in zip((text for text in read if len(text) > 500), range(count), strict=False)]
    chooser, known = random.Random(1), sentences()
    return [" ".join(chooser.choices(known, k=SENTENCES_IN_AN_ARTICLE)) for _ in range(count)]


def passages(given: Path | None, encoder: Encoder, count: int, tokens: int) -> list[str]:
    """`count` texts of `tokens` tokens each."""
    return [text for text, _ in zip(_cut(given, encoder, tokens), range(count), strict=False)]


def _cut(given: Path | None, encoder: Encoder, tokens: int) -> Iterator[str]:
    count = 64
    while True:
        for text in articles(given, count)[count // 2 if count > 64 else 0 :]:
            spans = encoder.token_spans(text)
            for first in range(0, len(spans) - tokens, tokens):
                yield text[spans[first][0] : spans[first + tokens - 1][1]]
        count *= 2
