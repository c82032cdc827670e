"""Read real, tiny evaluation sets as calibration cases; print and draw the fit."""

import json
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from qa.answering.answerers.reader_small import CONFIDENCE_WEIGHTS
from qa.reader.candidates import RANKING_WEIGHTS
from qa.training import calibration
from qa.training.calibration import best_null_threshold
from qa.training.calibration_sets import cases


@pytest.fixture(scope="module")
def sets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sets")
    texts = {
        "a": "Anna mends clocks in Oslo. Her shop is red.",
        "b": "Boris sails a boat. He left Riga in May 1996.",
        "c": "Clara bakes rye bread. Her oven is older than the house.",
    }

    def question(id, text, answers, evidence, **more):
        places = [{"doc": doc, "text": quote} for doc, quote in evidence]
        return {"id": id, "question": text, "answerable": bool(answers), "answers": answers, "evidence": places, **more}

    rows = {
        "asked/corpus.jsonl": [{"id": id, "text": text} for id, text in texts.items()],
        "asked/questions.jsonl": [
            question("q1", "Where does Anna mend clocks?", ["Oslo"], [("a", "Anna mends clocks in Oslo.")]),
            question("q2", "When did Boris leave Riga?", ["May 1996"], []),
            question("q3", "Who wrote the quartet?", [], []),
            question("q4", "And when?", ["May"], [], history=[["Where did Boris go?", "Riga"]]),
        ],
        "found/corpus.jsonl": [{"id": "a", "text": texts["a"]}],
        "found/queries.jsonl": [{"_id": "q", "text": "clocks"}],
    }
    for name, lines in rows.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    asked = [
        {"id": "r1", "question": "What does Clara bake?", "answers": [{"text": "rye bread", "answer_start": 12}]},
        {"id": "r2", "question": "Which river is near?", "answers": []},
    ]
    (folder / "sites").mkdir()
    (folder / "sites" / "ground-truth.json").write_text("{}")
    (folder / "read").mkdir()
    (folder / "read" / "reading.json").write_text(
        json.dumps({"data": [{"paragraphs": [{"context": texts["c"], "qas": asked}]}]})
    )
    return folder


@pytest.fixture(scope="module")
def found(sets, qa_home):
    return cases(sets)


def test_cases_leave_out_follow_ups_and_other_tasks(found):
    assert [(case.set, case.question, case.answerable) for case in found] == [
        ("asked", "Where does Anna mend clocks?", True),
        ("asked", "When did Boris leave Riga?", True),
        ("asked", "Who wrote the quartet?", False),
        ("read", "What does Clara bake?", True),
        ("read", "Which river is near?", False),
    ]
    assert all(len(case.candidates) == len(case.right) > 0 for case in found)
    assert [case.confidence_features is not None for case in found] == [True, True, True, False, False]
    assert all(len(case.confidence_features) == len(case.candidates) for case in found[:3])
    assert all(len(candidate.features) == len(RANKING_WEIGHTS) for case in found for candidate in case.candidates)


def test_candidate_is_judged_by_evidence_or_by_words(found):
    by_evidence, by_words, unanswerable, read, _ = found
    for candidate, right in zip(by_evidence.candidates, by_evidence.right, strict=True):
        assert right == (candidate.document_id == "a" and candidate.quoted[0] == 0)
    assert by_evidence.right.any()
    for case, words in ((by_words, "May"), (read, "bread")):
        assert case.right.any()
        assert all(words in c.text for c, right in zip(case.candidates, case.right, strict=True) if right)
    assert not unanswerable.right.any() and not unanswerable.shown.any()


def test_shown_quote_counts_where_own_sentence_misses_evidence(found):
    case = found[0]
    beside = [n for n, one in enumerate(case.candidates) if one.document_id == "a" and one.quoted[0] > 0]
    assert beside and not case.right[beside].any() and case.shown[beside].all()
    assert (case.shown >= case.right).all()


def test_command_prints_constants_and_draws_svg(found, sets, tmp_path, monkeypatch, capsys):
    several = [replace(case, question=f"{case.question} {n}") for n in range(4) for case in found]
    monkeypatch.setattr(calibration, "cases", lambda folder: several)
    monkeypatch.setattr(sys, "argv", ["calibration", str(sets), "--draw", str(tmp_path / "drawn")])
    calibration.main()
    weights, confidence_weights, least, asked, read = capsys.readouterr().out.splitlines()
    assert len(json.loads(weights.removeprefix("RANKING_WEIGHTS "))) == len(RANKING_WEIGHTS)
    coefficients, _, intercept = confidence_weights.removeprefix("CONFIDENCE_WEIGHTS ").partition(" INTERCEPT ")
    assert len(json.loads(coefficients)) == len(CONFIDENCE_WEIGHTS)
    assert np.isfinite(float(intercept))
    assert float(least.removeprefix("NULL_THRESHOLD ")) == pytest.approx(best_null_threshold(found), abs=0.05)
    assert asked.startswith("asked 12 questions, ") and "calibration error" in asked
    assert read.startswith("read 8 questions, ") and "calibration error" not in read
    for name in ("reliability.svg", "risk-coverage.svg"):
        root = ET.fromstring((tmp_path / "drawn" / name).read_text("utf-8"))
        drawn = {element.text for element in root.iter()}
        assert "asked" in drawn and "read" not in drawn
