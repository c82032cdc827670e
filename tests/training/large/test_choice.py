"""Fit the choice among sentences and the confidence on small sets of questions."""

import json
import sys

import numpy as np
import pytest

from qa.errors import EvaluationError
from qa.reader.certainty import ANSWERED, RIGHT
from qa.reader.choice import FEATURES
from qa.training.large import choice
from qa.training.large.choice import collect, fit, left_out

PEOPLE = {
    "anna": "Anna Berg mends clocks in Oslo. Her shop opened in 1950. It has seven rooms.",
    "boris": "Boris Koch bakes bread in Riga. His shop opened in 1962. It has nine rooms.",
    "clara": "Clara Lind builds boats in Porto. Her yard opened in 1971. It has four sheds.",
}
ASKED = [
    ("Where does Anna Berg mend clocks?", "anna", "Anna Berg mends clocks in Oslo."),
    ("What does Boris Koch bake?", "boris", "Boris Koch bakes bread in Riga."),
    ("When did the yard of Clara Lind open?", "clara", "Her yard opened in 1971."),
    ("What is the price of copper in Chile?", None, ""),
    ("Who won the race to the moon?", None, ""),
]


def question(number, text, document, quote):
    evidence = [{"doc": document, "text": quote}] if document else []
    return {"id": str(number), "question": text, "answerable": bool(document), "answers": [], "evidence": evidence}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Write two sets over the same documents, and one that says nowhere where its answers are."""
    place = tmp_path_factory.mktemp("sets")
    for name in ("one", "two", "silent"):
        (place / name).mkdir()
        documents = [json.dumps({"id": id, "text": text}) for id, text in PEOPLE.items()]
        (place / name / "corpus.jsonl").write_text("\n".join(documents), "utf-8")
        asked = [question(n, *item) for n, item in enumerate(ASKED)]
        if name == "silent":
            asked = [item | {"evidence": []} for item in asked if item["answerable"]]
        (place / name / "questions.jsonl").write_text("\n".join(map(json.dumps, asked)), "utf-8")
    return place


@pytest.fixture(scope="module")
def cases(folder):
    return list(collect(folder))


def test_cases_are_the_questions_that_can_be_judged(cases):
    assert [(case.set, bool(case.evidence)) for case in cases] == [
        (name, bool(document)) for name in ("one", "two") for _, document, _ in ASKED
    ]
    for case in cases:
        quoted = [PEOPLE[c.document_id][slice(*c.quoted)] for c in case.candidates]
        wanted = {quote for text, _, quote in ASKED if text == case.question and quote}
        assert {text for text, right in zip(quoted, case.right, strict=True) if right} == wanted


def test_fit_finds_the_right_sentences(cases):
    fitted = fit(cases)
    assert (len(fitted.choice), fitted.right.keys(), fitted.answered.keys()) == (
        len(FEATURES),
        RIGHT.keys(),
        ANSWERED.keys(),
    )
    for case in cases:
        made = fitted.judge(case)
        assert 0 <= made.confidence <= 1
        assert made.refused is not bool(case.evidence)
        if case.evidence:
            assert made.right[0]


def test_left_out_scores_name_each_set(cases):
    scores = left_out(cases)
    assert set(scores) == {"one", "two"}
    for values in scores.values():
        assert values["questions"] == len(ASKED)
        assert values["cited_at_1"] == 1
        assert (values["auroc"], values["false_refusal"], values["refusal_recall"]) == (1, 0, 1)
    assert np.isfinite(scores["one"]["calibration_error"])


def test_nothing_right_is_an_error(cases):
    with pytest.raises(EvaluationError, match="has a right sentence"):
        fit([case for case in cases if not case.evidence])


def test_command_prints_the_constants(cases, folder, monkeypatch, capsys):
    monkeypatch.setattr(choice, "collect", lambda data: iter(cases))
    monkeypatch.setattr(sys, "argv", ["choice", str(folder)])
    choice.main()
    printed = capsys.readouterr().out
    assert "CHOICE {'evidence_probability':" in printed
    assert "RIGHT {'score':" in printed and "ANSWERED {'evidence_probability':" in printed
    monkeypatch.undo()
    monkeypatch.setattr(sys, "argv", ["choice", str(folder / "one" / "absent")])
    with pytest.raises(SystemExit) as ended:
        choice.main()
    assert ended.value.code == 1
