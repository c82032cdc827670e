"""Measure how well the main text of web pages is extracted, as the benchmark of Zyte (2019) defines it.

A page is scored on its shingles, the runs of four words in it, each counted as often as it occurs. F1 is computed from
the mean precision and the mean recall over the pages.
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
"""Words in a shingle."""

WORD = re.compile(r"\w+")


def extraction_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """Read every page of `html/ID.html.gz` and compare its text with the `articleBody` in `ground-truth.json`."""
    truth = json.loads((folder / TRUTH_FILE).read_text("utf-8"))
    for id, gold in truth.items():
        page = gzip.decompress((folder / "html" / f"{id}.html.gz").read_bytes())
        began = time.perf_counter()
        loaded = load(SourceFile(Path(f"{id}.html"), f"{id}.html"), page)
        extracted = "\n".join(document.text for document in loaded.documents)
        ms = 1000 * (time.perf_counter() - began)
        yield {"id": id, "ms": ms, "prediction": extracted, **compare_texts(extracted, gold["articleBody"])}
    sandbox.stop()


def compare_texts(extracted: str, gold: str) -> dict[str, float]:
    """Return `precision` and `recall` of the shingles; a text without words has no precision or no recall."""
    got, wanted = _shingles(extracted), _shingles(gold)
    shared = (got & wanted).total()
    return {
        **({"precision": shared / got.total()} if got else {}),
        **({"recall": shared / wanted.total()} if wanted else {}),
    }


def f1_of_means(rows: Sequence[dict[str, Any]]) -> float:
    """Return the harmonic mean of the mean precision and the mean recall over the pages."""
    means = [_mean([row[key] for row in rows if key in row]) for key in ("precision", "recall")]
    return 2 * means[0] * means[1] / sum(means) if sum(means) else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    return Counter(tuple(words[i : i + SHINGLE_WORDS]) for i in range(max(1, len(words) - SHINGLE_WORDS + 1)) if words)
