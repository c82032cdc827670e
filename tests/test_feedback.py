"""What people thought of answers becomes questions with the answers that are right."""

import json

import pytest
from inert import make_answer

from qa.errors import EvaluationError
from qa.feedback import questions, write_set
from qa.turns import Turn

UP = Turn("Who?", make_answer(short="Anna"), rating=1)
RIGHTLY_REFUSED = Turn("Why?", make_answer(abstained=True), rating=1)
CORRECTED = Turn("Where?", make_answer(short="Riga"), rating=-1, remark="Oslo")
USELESS = [
    Turn("A?", make_answer()),
    Turn("B?", make_answer(), rating=-1),
    Turn("C?", make_answer(citations=(), text="Hello!"), rating=1),
    Turn("D?", problem="broken", rating=1),
]


def test_a_thumb_up_makes_the_answer_and_its_evidence_right():
    (item,) = questions([UP])
    assert (item["question"], item["answerable"], item["answers"]) == ("Who?", True, ["Anna"])
    assert item["evidence"] == [{"doc": "Anna lives in Oslo.", "text": "Anna lives in Oslo."}]
    assert item["corpus_fingerprint"] == "f"
    assert next(questions([Turn("Who?", make_answer(), rating=1)]))["answers"] == ["Anna lives in Oslo."]


def test_a_thumb_up_for_a_refusal_makes_it_unanswerable():
    (item,) = questions([RIGHTLY_REFUSED])
    assert (item["answerable"], item["answers"], item["evidence"]) == (False, [], [])


def test_a_thumb_down_with_a_remark_makes_the_remark_right():
    (item,) = questions([CORRECTED])
    assert (item["answerable"], item["answers"], item["evidence"]) == (True, ["Oslo"], [])


def test_the_turns_before_are_its_history():
    *_, last = questions([UP, *USELESS[:2], CORRECTED])
    assert last["history"][0] == ["Who?", "Anna"] and len(last["history"]) == 3


def test_what_says_not_what_is_right_is_left_out():
    assert list(questions(USELESS)) == []


def test_a_set_is_written_with_an_id_for_each_question(tmp_path):
    assert write_set(tmp_path / "set", [[UP, CORRECTED], USELESS, [RIGHTLY_REFUSED]]) == 3
    written = [json.loads(line) for line in (tmp_path / "set" / "questions.jsonl").read_text("utf-8").splitlines()]
    assert [item["id"] for item in written] == ["f0001", "f0002", "f0003"]


def test_without_any_usable_rating_nothing_is_written(tmp_path):
    with pytest.raises(EvaluationError, match="thumb"):
        write_set(tmp_path / "set", [USELESS])
    assert not (tmp_path / "set").exists()
