"""Chats are stored, named, rated and deleted, and are out of reach for other browsers."""

import sqlite3
import threading

import pytest

from qa.errors import DamagedCorpus, QAError
from qa.history.store import MAX_NAME_CHARS, MAX_SHOWN_TURNS, OTHER_VERSION, ChatKey, ChatStore
from qa.history.turn import Turn
from qa.paths import chats_file
from tests.support.html_safety import PAYLOADS, make_answer

ANNA, BORIS = "a" * 32, "b" * 32
MINE = ChatKey(ANNA, "1" * 32)


@pytest.fixture
def kept(tmp_path):
    opened = ChatStore(tmp_path, "reports-1")
    yield opened
    opened.close()


def test_turns_come_back_in_order_after_restart(kept, tmp_path):
    turns = [
        Turn("A?", make_answer()),
        Turn("B?", problem="no"),
        Turn("C?", make_answer(abstained=True, missing_terms=("c",))),
    ]
    for turn in turns:
        kept.add(MINE, turn)
    assert kept.turns(MINE) == turns
    again = ChatStore(tmp_path, "reports-1")
    assert again.turns(MINE) == turns
    again.close()


def test_first_question_names_the_chat(kept):
    kept.add(MINE, Turn(f"  {'x' * 300}"))
    kept.add(MINE, Turn("And then?"))
    ((talk),) = kept.list_chats(ANNA)
    assert (talk.id, talk.name, talk.turns) == (MINE.id, "x" * MAX_NAME_CHARS, 2)
    kept.rename(MINE, "  Tea\n time ")
    kept.rename(MINE, "   ")
    assert kept.name(MINE) == kept.list_chats(ANNA)[0].name == "Tea time"


def test_latest_chat_comes_first(kept, monkeypatch):
    for number, day in ((1, "2026-01-01"), (2, "2026-01-02"), (1, "2026-01-03")):
        monkeypatch.setattr("qa.history.store.utc_now", lambda day=day: day)
        kept.add(ChatKey(ANNA, str(number) * 32), Turn(f"{number}?"))
    assert [talk.name for talk in kept.list_chats(ANNA)] == ["1?", "2?"]


def test_chats_of_other_browsers_are_out_of_reach(kept, tmp_path):
    kept.add(MINE, Turn("A?"))
    other = ChatKey(BORIS, MINE.id)
    kept.rename(other, "mine now")
    kept.rate(other, 0, 1, "mine")
    kept.delete(other)
    assert kept.turns(other) == kept.list_chats(BORIS) == [] and kept.name(other) == ""
    assert kept.turns(MINE) == [Turn("A?")] and kept.name(MINE) == "A?"
    elsewhere = ChatStore(tmp_path, "letters-2")
    assert elsewhere.turns(MINE) == elsewhere.list_chats(ANNA) == []
    elsewhere.close()


@pytest.mark.parametrize("token", ["", "a" * 31, "A" * 32, "../" * 11, "a" * 32 + "\n", "'; DROP TABLE turns; --"])
def test_malformed_identifier_is_refused(token):
    for given in ((token, ANNA), (ANNA, token)):
        with pytest.raises(QAError, match="reload the page"):
            ChatKey(*given)


def test_deleted_chat_leaves_no_word_on_disk(kept, tmp_path):
    kept.add(MINE, Turn("Where is Xanadu?", make_answer("Xanadu lies in Oslo.")))
    kept.rate(MINE, 0, 1, "Xanadu indeed")
    kept.delete(MINE)
    assert kept.turns(MINE) == kept.list_chats(ANNA) == []
    assert not any(b"Xanadu" in file.read_bytes() for file in tmp_path.iterdir())


def test_rating_is_stored_and_can_be_undone(kept):
    kept.add(MINE, Turn("A?", make_answer()))
    kept.rate(MINE, 0, -1, " Oslo ")
    (turn,) = kept.turns(MINE)
    assert (turn.rating, turn.remark) == (-1, "Oslo")
    for place, rating in ((1, 1), (-1, 1), (0, 5)):
        kept.rate(MINE, place, rating, "x")
    assert kept.turns(MINE) == [turn]
    kept.rate(MINE, 0, 0, "")
    assert kept.turns(MINE)[0].rating == 0


def test_latest_turns_of_long_chat_are_shown(kept):
    for number in range(MAX_SHOWN_TURNS + 3):
        kept.add(MINE, Turn(f"{number}?"))
    assert [turn.question for turn in kept.turns(MINE)] == [f"{n}?" for n in range(3, MAX_SHOWN_TURNS + 3)]
    kept.rate(MINE, 0, 1, "")
    assert [turn.question for turn in kept.turns(MINE) if turn.rating] == ["3?"]


def test_all_chats_include_every_browser(kept):
    kept.add(MINE, Turn("A?"))
    kept.add(ChatKey(BORIS, "2" * 32), Turn("B?"))
    assert kept.all_chats() == [[Turn("A?")], [Turn("B?")]]


def test_turn_of_another_version_says_so(kept, tmp_path):
    kept.add(MINE, Turn("A?"))
    with sqlite3.connect(chats_file(tmp_path)) as other:
        other.execute("""UPDATE turns SET turn = '{"question": "A?", "new": 1}'""")
    other.close()
    assert kept.turns(MINE) == [Turn("A?", problem=OTHER_VERSION)]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_any_text_is_stored_unchanged(kept, payload):
    kept.add(MINE, Turn(payload, make_answer(payload)))
    assert kept.turns(MINE) == [Turn(payload, make_answer(payload))]


def test_concurrent_turns_are_all_stored(kept):
    threads = [threading.Thread(target=kept.add, args=(MINE, Turn(f"{n}?"))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(turn.question for turn in kept.turns(MINE)) == sorted(f"{n}?" for n in range(20))


def test_damaged_file_is_reported(tmp_path):
    (chats_file(tmp_path)).write_bytes(b"no database" * 100)
    with pytest.raises(DamagedCorpus):
        ChatStore(tmp_path, "x")
