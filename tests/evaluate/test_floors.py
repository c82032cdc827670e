"""Scores of the sets in tests/data against their recorded floors."""

import json
from functools import partial

import pytest

from qa import Assistant
from qa.evaluate import scorecard, tasks
from qa.evaluate.tasks import read_lines
from qa.evaluate.thresholds import below_floors, read_floors
from tests.support.paths import ROOT

DATA = ROOT / "tests" / "data"
SETS = ("reports", "town")


@pytest.mark.parametrize("name", SETS)
def test_no_score_is_below_its_floor(name, minilm, monkeypatch):
    # Neither latency nor intervals are checked here, and both take long.
    monkeypatch.setattr(tasks, "WARM_UP_QUESTIONS", 0)
    monkeypatch.setattr(scorecard, "MAX_INTERVAL_QUESTIONS", 0)
    floors = read_floors(DATA / "floors.json")
    assert {"cited_at_1", "refusal_recall", "false_refusal", "auroc"} <= set(floors[name])
    assert floors[name]["citation_validity"] == 1.0
    scores = scorecard.evaluate(DATA / "questions" / name, open=partial(Assistant.open, encoder=minilm))
    assert below_floors(scores, floors) == []


def test_floors_of_the_sample_belong_to_known_scores():
    whole, sample = read_floors(DATA / "floors.json"), read_floors(DATA / "floors-sample.json")
    assert sample.keys() == whole.keys()
    for name, floors in sample.items():
        assert floors.keys() == whole[name].keys(), name


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
