"""Measure what a small change costs: one word of a long text edited, one line appended to many records."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from figures import Figure, seconds, time_ratio
from sample_texts import articles as article_texts
from sample_texts import delete_corpora, temporary_home

from embeddings import load_encoder
from embeddings.types import Encoder
from qa import Assistant

TEXT_CHARS = 557_000
RECORDS = 3_000
RECORD_CHARS = 400
TARGET = 0.2
"""Largest share of the first indexing that a change may cost, until it can be asked for."""

WORD, OTHER_WORD = "Lavrov", "Larsen"


def measure(articles: Path | None, rounds: int) -> Iterator[Figure]:
    """Time indexing again after a change against indexing for the first time."""
    encoder = load_encoder()
    text, size = "", 64
    while len(text) < TEXT_CHARS:
        text = "\n\n".join(article_texts(articles, size))
        size *= 2
    text = f"{text[: TEXT_CHARS // 2]} {WORD} {text[TEXT_CHARS // 2 : TEXT_CHARS]}"
    edited = text[: TEXT_CHARS // 2 + 1] + OTHER_WORD + text[TEXT_CHARS // 2 + 1 + len(WORD) :]
    step = max((len(text) - RECORD_CHARS) // RECORDS, 1)
    lines = [json.dumps({"id": f"{n}", "text": text[n * step :][:RECORD_CHARS]}) for n in range(RECORDS)]
    records = "\n".join(lines) + "\n"
    more = json.dumps({"id": "new", "text": "Anna mends clocks in Oslo."}) + "\n"
    yield _change(f"one word edited in {len(text) // 1000} kB", encoder, "text.txt", text, edited, rounds)
    yield _change(f"one line appended to {RECORDS:,}", encoder, "records.jsonl", records, records + more, rounds)


def _change(name: str, encoder: Encoder, file: str, before: str, after: str, rounds: int) -> Figure:
    assert before != after
    with tempfile.TemporaryDirectory() as folder, temporary_home() as home:
        path = Path(folder, file)

        def indexed(content: str) -> float:
            path.write_text(content, "utf-8")
            return seconds(lambda: Assistant.open(path, encoder=encoder).close())

        indexed(before)  # to warm up
        pairs = []
        for _ in range(rounds):
            delete_corpora(home)
            first = indexed(before)
            pairs.append((indexed(after), first))
    return time_ratio(f"{name}, share of the first indexing", pairs, TARGET)
