"""What people thought of answers becomes questions with the answers that are right."""

import json

import pytest

from embeddings import load_encoder
from qa import Assistant
from qa.cli.main import main
from qa.errors import EvaluationError
from qa.evaluate.feedback import questions, write_rated_set
from qa.history.store import Conversations, Whose
from qa.history.turn import Turn
from tests.support.html_safety import make_answer

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
    assert write_rated_set(tmp_path / "set", [[UP, CORRECTED], USELESS, [RIGHTLY_REFUSED]]) == 3
    written = [json.loads(line) for line in (tmp_path / "set" / "questions.jsonl").read_text("utf-8").splitlines()]
    assert [item["id"] for item in written] == ["f0001", "f0002", "f0003"]


def test_without_any_usable_rating_nothing_is_written(tmp_path):
    with pytest.raises(EvaluationError, match="thumb"):
        write_rated_set(tmp_path / "set", [USELESS])
    assert not (tmp_path / "set").exists()


def test_qa_eval_makes_a_set_of_ratings_and_scores_it(files, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("QA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.argv", ["qa", "eval", str(tmp_path / "set"), "--from-feedback", "--corpus", str(files),
                                     "--encoder", "hashing", "--json"])  # fmt: skip
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1 and "thumb" in capsys.readouterr().err
    with Assistant.open(files, encoder=load_encoder("hashing")) as assistant:
        kept = Conversations.about(assistant.corpus)
        kept.add(whose := Whose("a" * 32, "1" * 32), Turn("Where does Anna live?", make_answer(short="Oslo")))
        kept.rate(whose, 0, -1, "in Oslo")
        kept.close()
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == 0 and "questions.jsonl: 1" in said.err
    assert json.loads(said.out)["questions"] == 1
