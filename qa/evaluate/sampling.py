"""Draw a fixed sample of an evaluation set: the same questions and documents on every machine.

The sample is written under `QA_HOME` as a set of its own, always to the same folder, so that the next run reuses its
index.
"""

import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.evaluate.html_extraction import TRUTH_FILE
from qa.evaluate.tasks import read_lines, read_relevance
from qa.paths import sample_folder

MAX_DOCUMENTS = 150
"""A `corpus.jsonl` with more documents is cut to the evidence of the sampled questions and others, so many in all."""

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """A sampled set, and how much of the whole set it is."""

    folder: Path
    """The sampled set; it holds no corpus when the whole corpus is kept."""
    questions: int
    all_questions: int
    documents: int = 0
    """0, like `all_documents`, when the whole corpus is kept."""
    all_documents: int = 0

    def __str__(self) -> str:
        documents = f", {self.documents:,} of {self.all_documents:,} documents" if self.all_documents else ""
        return f"sample of {self.questions:,} of {self.all_questions:,} questions{documents}"


def draw_sample(folder: Path, task: str, size: int) -> Sample:
    """Write a sample of at most `size` questions of the set in `folder`.

    Answerable and unanswerable questions keep their shares. A larger sample holds every question of a smaller one.

    Raises:
        OSError, ValueError, KeyError, TypeError: the set is not laid out as its task requires.
    """
    target = sample_folder(folder, str(size), str(MAX_DOCUMENTS))
    target.mkdir(parents=True, exist_ok=True)
    return SAMPLERS[task](folder, target, size)


def choose(strata: Mapping[str, object], size: int) -> set[str]:
    """Choose at most `size` ids by their hashes, so that each stratum keeps its share to within one id.

    Args:
        strata: id to stratum.
        size: the number of ids wanted; all are chosen when there are no more.
    """
    groups: dict[object, list[str]] = defaultdict(list)
    for id, stratum in strata.items():
        groups[stratum].append(id)
    # The n-th of a stratum's ids stands at (n - 1/2) / its size; the first ids of all strata by that are a fair share.
    places = {
        id: ((rank + 0.5) / len(group), _digest(id))
        for group in groups.values()
        for rank, id in enumerate(sorted(group, key=_digest))
    }
    return set(sorted(places, key=places.__getitem__)[:size])


def _digest(id: str) -> str:
    return hashlib.sha256(id.encode()).hexdigest()


def _sample_answers(folder: Path, target: Path, size: int) -> Sample:
    items, corpus = read_lines(folder / "questions.jsonl"), _read_corpus(folder)
    strata = {
        str(item["id"]): bool(item["answerable"])
        for item in items
        # Cutting the corpus may remove the answer to a question whose evidence is not known.
        if len(corpus) <= MAX_DOCUMENTS or item["evidence"] or not item["answerable"]
    }
    chosen = choose(strata, size)
    kept = [item for item in items if str(item["id"]) in chosen]
    _write_lines(target / "questions.jsonl", kept)
    evidence = {place["doc"] for item in kept for place in item["evidence"]}
    return Sample(target, len(kept), len(items), *_cut_corpus(corpus, evidence, target))


def _sample_retrieval(folder: Path, target: Path, size: int) -> Sample:
    relevance = read_relevance(folder)
    items = [item for item in read_lines(folder / "queries.jsonl") if item["_id"] in relevance]
    chosen = choose({item["_id"]: None for item in items}, size)
    _write_lines(target / "queries.jsonl", (item for item in items if item["_id"] in chosen))
    (target / "qrels").mkdir(exist_ok=True)
    shutil.copyfile(folder / "qrels" / "test.tsv", target / "qrels" / "test.tsv")
    judged = {document for query in chosen for document in relevance[query]}
    return Sample(target, len(chosen), len(items), *_cut_corpus(_read_corpus(folder), judged, target))


def _sample_reading(folder: Path, target: Path, size: int) -> Sample:
    whole = json.loads((folder / "reading.json").read_text("utf-8"))
    paragraphs = [paragraph for article in whole["data"] for paragraph in article["paragraphs"]]
    strata = {str(item["id"]): bool(item["answers"]) for paragraph in paragraphs for item in paragraph["qas"]}
    chosen = choose(strata, size)
    kept = [{**one, "qas": [item for item in one["qas"] if str(item["id"]) in chosen]} for one in paragraphs]
    kept = [paragraph for paragraph in kept if paragraph["qas"]]
    (target / "reading.json").write_text(json.dumps({"data": [{"paragraphs": kept}]}), "utf-8")
    return Sample(target, len(chosen), len(strata))


def _sample_extraction(folder: Path, target: Path, size: int) -> Sample:
    truth = json.loads((folder / TRUTH_FILE).read_text("utf-8"))
    chosen = choose(dict.fromkeys(truth), size)
    (target / "html").mkdir(exist_ok=True)
    for id in chosen:
        shutil.copyfile(folder / "html" / f"{id}.html.gz", target / "html" / f"{id}.html.gz")
    (target / TRUTH_FILE).write_text(json.dumps({id: truth[id] for id in truth if id in chosen}), "utf-8")
    return Sample(target, len(chosen), len(truth))


SAMPLERS: Mapping[str, Callable[[Path, Path, int], Sample]] = {
    "answer": _sample_answers,
    "retrieval": _sample_retrieval,
    "reading": _sample_reading,
    "extraction": _sample_extraction,
}


def _read_corpus(folder: Path) -> list[Record]:
    """Return the records of `corpus.jsonl`; a corpus anywhere else is never cut."""
    path = folder / "corpus.jsonl"
    return [*read_lines(path)] if path.exists() else []


def _cut_corpus(corpus: Sequence[Record], evidence: Collection[str], target: Path) -> tuple[int, int]:
    """Write the evidence and others, MAX_DOCUMENTS in all, in the corpus's order.

    Returns:
        How many documents were kept, and of how many; (0, 0) when the whole corpus is used where it is.
    """
    sampled = target / "corpus.jsonl"
    if len(corpus) <= MAX_DOCUMENTS:
        sampled.unlink(missing_ok=True)
        return 0, 0
    others = [id for record in corpus if (id := _id(record)) not in evidence]
    kept = choose(dict.fromkeys(others), max(0, MAX_DOCUMENTS - len(evidence))) | set(evidence)
    return _write_lines(sampled, (record for record in corpus if _id(record) in kept)), len(corpus)


def _id(record: Record) -> str:
    return str(record.get("id", record.get("_id")))


def _write_lines(path: Path, items: Iterable[Record]) -> int:
    """Write one JSON object per line; return how many."""
    lines = [json.dumps(item, ensure_ascii=False) + "\n" for item in items]
    path.write_text("".join(lines), "utf-8")
    return len(lines)
