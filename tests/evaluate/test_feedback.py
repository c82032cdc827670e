"""Ratings of answers become questions with the right answers."""

import json

import pytest

from embeddings import load_encoder
from qa import Assistant
from qa.cli.main import main
from qa.errors import EvaluationError
from qa.evaluate.feedback import rated_questions, write_rated_set
from qa.history.store import ChatKey, ChatStore
from qa.history.turn import Turn
from tests.support.html_safety import make_answer

CONFIRMED = Turn("Who?", make_answer(short="Anna"), rating=1)
CONFIRMED_REFUSAL = Turn("Why?", make_answer(abstained=True), rating=1)
CORRECTED = Turn("Where?", make_answer(short="Riga"), rating=-1, remark="Oslo")
UNUSABLE = [
    Turn("A?", make_answer()),
    Turn("B?", make_answer(), rating=-1),
    Turn("C?", make_answer(citations=(), text="Hello!"), rating=1),
    Turn("D?", problem="broken", rating=1),
]


def test_thumbs_up_confirms_answer_and_evidence():
    (item,) = rated_questions([CONFIRMED])
    assert (item["question"], item["answerable"], item["answers"]) == ("Who?", True, ["Anna"])
    assert item["evidence"] == [{"doc": "Anna lives in Oslo.", "text": "Anna lives in Oslo."}]
    assert item["corpus_fingerprint"] == "f"
    assert next(rated_questions([Turn("Who?", make_answer(), rating=1)]))["answers"] == ["Anna lives in Oslo."]


def test_thumbs_up_for_a_refusal_means_unanswerable():
    (item,) = rated_questions([CONFIRMED_REFUSAL])
    assert (item["answerable"], item["answers"], item["evidence"]) == (False, [], [])


def test_thumbs_down_with_a_remark_corrects_the_answer():
    (item,) = rated_questions([CORRECTED])
    assert (item["answerable"], item["answers"], item["evidence"]) == (True, ["Oslo"], [])


def test_earlier_turns_become_the_history():
    *_, last = rated_questions([CONFIRMED, *UNUSABLE[:2], CORRECTED])
    assert last["history"][0] == ["Who?", "Anna"] and len(last["history"]) == 3


def test_ratings_without_a_right_answer_are_left_out():
    assert list(rated_questions(UNUSABLE)) == []


def test_written_set_numbers_its_questions(tmp_path):
    assert write_rated_set(tmp_path / "set", [[CONFIRMED, CORRECTED], UNUSABLE, [CONFIRMED_REFUSAL]]) == 3
    written = [json.loads(line) for line in (tmp_path / "set" / "questions.jsonl").read_text("utf-8").splitlines()]
    assert [item["id"] for item in written] == ["f0001", "f0002", "f0003"]


def test_nothing_is_written_without_usable_ratings(tmp_path):
    with pytest.raises(EvaluationError, match="thumb"):
        write_rated_set(tmp_path / "set", [UNUSABLE])
    assert not (tmp_path / "set").exists()


def test_qa_eval_writes_and_scores_a_rated_set(files, tmp_path, home, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["qa", "eval", str(tmp_path / "set"), "--from-feedback", "--corpus", str(files),
                                     "--encoder", "hashing", "--json"])  # fmt: skip
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1 and "thumb" in capsys.readouterr().err
    with Assistant.open(files, encoder=load_encoder("hashing")) as assistant:
        kept = ChatStore.for_corpus(assistant.corpus)
        kept.add(whose := ChatKey("a" * 32, "1" * 32), Turn("Where does Anna live?", make_answer(short="Oslo")))
        kept.rate(whose, 0, -1, "in Oslo")
        kept.close()
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert ended.value.code == 0 and "wrote 1 rated answers to" in printed.err and "questions.jsonl" in printed.err
    assert json.loads(printed.out)["questions"] == 1
