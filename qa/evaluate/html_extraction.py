"""How well the main text of web pages is found: the benchmark of Zyte (2019), scored by its own definition.

A page's score is of its runs of four words, counted as often as they occur; F1 is of the mean precision and the mean
recall over the pages.
"""

import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from qa.ingest import sandbox
from qa.ingest.files import SourceFile, load

TRUTH_FILE = "ground-truth.json"
SHINGLE_WORDS = 4
"""Words that are compare_texts at once."""

WORD = re.compile(r"\w+")


def extraction_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """Read every page of `html/ID.html.gz` and compare its text with the `articleBody` in `ground-truth.json`."""
    truth = json.loads((folder / TRUTH_FILE).read_text("utf-8"))
    for id, true in truth.items():
        page = gzip.decompress((folder / "html" / f"{id}.html.gz").read_bytes())
        began = time.perf_counter()
        read = "\n".join(document.text for document in load(SourceFile(Path(f"{id}.html"), f"{id}.html"), page))
        ms = 1000 * (time.perf_counter() - began)
        yield {"id": id, "ms": ms, "prediction": read, **compare_texts(read, true["articleBody"])}
    sandbox.stop()


def compare_texts(read: str, true: str) -> dict[str, float]:
    """`precision` and `recall` of the runs of words, each where there are any to take it of."""
    got, wanted = _shingles(read), _shingles(true)
    shared = (got & wanted).total()
    return {
        **({"precision": shared / got.total()} if got else {}),
        **({"recall": shared / wanted.total()} if wanted else {}),
    }


def f1_of_means(rows: Sequence[dict[str, Any]]) -> float:
    """The harmonic mean of the mean precision and the mean recall."""
    means = [_mean([row[key] for row in rows if key in row]) for key in ("precision", "recall")]
    return 2 * means[0] * means[1] / sum(means) if sum(means) else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    return Counter(tuple(words[i : i + SHINGLE_WORDS]) for i in range(max(1, len(words) - SHINGLE_WORDS + 1)) if words)
