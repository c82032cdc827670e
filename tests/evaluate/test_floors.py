"""Scores of the sets in tests/data against their recorded floors."""

import json

import pytest

from qa.evaluate.scorecard import evaluate
from qa.evaluate.tasks import read_lines
from qa.evaluate.thresholds import below_floors, read_floors
from tests.support.paths import ROOT

DATA = ROOT / "tests" / "data"
SETS = ("reports", "town")


@pytest.mark.parametrize("name", SETS)
def test_no_score_is_below_its_floor(name):
    floors = read_floors(DATA / "floors.json")
    assert {"cited_at_1", "refusal_recall", "false_refusal", "auroc"} <= set(floors[name])
    assert floors[name]["citation_validity"] == 1.0
    scores = evaluate(DATA / "questions" / name)
    assert below_floors(scores, floors) == []


def test_readme_counts_the_questions_correctly():
    said = (DATA / "questions" / "README.md").read_text("utf-8")
    for name in SETS:
        items = read_lines(DATA / "questions" / name / "questions.jsonl")
        answerable = sum(item["answerable"] for item in items)
        assert f"`{name}`: {len(items)} questions" in said
        assert f"{answerable} of them answerable" in said
        assert len({item["question"] for item in items}) == len(items)


def test_documents_contain_evidence_and_answers():
    seeds = {file.name: file.read_text("utf-8") for file in (ROOT / "qa" / "seeds").iterdir()}
    corpus = (DATA / "questions" / "town" / "corpus.jsonl").read_text("utf-8").splitlines()
    texts = seeds | {record["id"]: record["text"] for record in map(json.loads, corpus)}
    for name in SETS:
        for item in read_lines(DATA / "questions" / name / "questions.jsonl"):
            assert bool(item["evidence"]) is bool(item["answers"]) is item["answerable"]
            for evidence in item["evidence"]:
                assert evidence["text"] in texts[evidence["doc"]], item["id"]
            documents = [texts[evidence["doc"]] for evidence in item["evidence"]]
            assert not documents or any(answer in text for answer in item["answers"] for text in documents), item["id"]
