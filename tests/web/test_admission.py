"""Some questions are answered at once, others wait, and one too many is turned away."""

import threading
import time

import pytest

from qa import Assistant
from qa.history.store import ChatStore
from qa.web import admission
from qa.web.admission import ActiveWork, AdmissionLimiter
from qa.web.handlers import Handlers
from qa.web.html import strings


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(admission, "MAX_CONCURRENT_ANSWERS", 2)
    monkeypatch.setattr(admission, "MAX_WAITING", 3)
    monkeypatch.setattr(admission, "MAX_WAIT_SECONDS", 5.0)


def test_limit_is_kept_and_everybody_is_admitted():
    door, inside, most, passed = AdmissionLimiter(), 0, 0, []
    lock = threading.Lock()

    def person():
        nonlocal inside, most
        with door.admit() as let_in:
            passed.append(let_in)
            if not let_in:
                return
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.05)
            with lock:
                inside -= 1

    people = [threading.Thread(target=person) for _ in range(5)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert (passed.count(True), most, inside) == (5, 2, 0)


def test_one_too_many_is_turned_away_until_room(monkeypatch):
    monkeypatch.setattr(admission, "MAX_WAITING", 0)
    door = AdmissionLimiter()
    with door.admit() as let_in:
        assert let_in is False
    monkeypatch.setattr(admission, "MAX_WAITING", 1)
    with door.admit() as first, door.admit() as second:
        assert first and second


def test_waiting_too_long_is_turned_away(monkeypatch):
    monkeypatch.setattr(admission, "MAX_WAIT_SECONDS", 0.05)
    door = AdmissionLimiter()
    with door.admit(), door.admit(), door.admit() as third:
        assert third is False
    with door.admit() as later:
        assert later


def test_error_frees_the_place():
    door = AdmissionLimiter()
    for _ in range(5):
        with pytest.raises(ValueError, match="x"), door.admit():
            raise ValueError("x")
    with door.admit() as first, door.admit() as second:
        assert first and second


def test_busy_page_says_so_and_saves_nothing(files, hashing, tmp_path, monkeypatch):
    monkeypatch.setattr(admission, "MAX_WAITING", 0)
    kept = ChatStore(tmp_path, "c")
    with Assistant.open(files, encoder=hashing, min_confidence=0) as opened:
        handlers = Handlers(opened, kept)
        first, last = handlers.ask({"browser": "a" * 32, "chat": "1" * 32, "question": "Where does Anna live?"})
    assert "data-qa-waiting" in first
    assert strings.BUSY in last and "Where does Anna live?" in last
    assert kept.list_chats("a" * 32) == []
    kept.close()


def test_close_waits_for_work_and_lets_none_begin(monkeypatch):
    active_work, done = ActiveWork(), []

    def work():
        with active_work:
            time.sleep(0.1)
            done.append("first")
        with active_work:
            done.append("second")

    threading.Thread(target=work, daemon=True).start()
    time.sleep(0.02)
    assert active_work.close() and done == ["first"]
    active_work.open()  # as when a second page is served by the same process
    time.sleep(0.1)
    assert done == ["first", "second"]
    monkeypatch.setattr(admission, "SHUTDOWN_WAIT_SECONDS", 0.05)
    stuck = ActiveWork()
    with stuck:
        assert not stuck.close()
