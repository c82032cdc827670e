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
    limiter, inside, most, admissions = AdmissionLimiter(), 0, 0, []
    lock, two_inside = threading.Lock(), threading.Event()

    def ask():
        nonlocal inside, most
        with limiter.admit() as admitted:
            admissions.append(admitted)
            with lock:
                inside += 1
                most = max(most, inside)
            if inside == 2:
                two_inside.set()
            two_inside.wait(30)
            time.sleep(0.05)  # so that a third would be seen
            with lock:
                inside -= 1

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (admissions, most, inside) == ([True] * 5, 2, 0)


def test_one_too_many_is_turned_away_until_room(monkeypatch):
    monkeypatch.setattr(admission, "MAX_WAITING", 0)
    limiter = AdmissionLimiter()
    with limiter.admit() as admitted:
        assert admitted is False
    monkeypatch.setattr(admission, "MAX_WAITING", 1)
    with limiter.admit() as first, limiter.admit() as second:
        assert first and second


def test_waiting_too_long_is_turned_away(monkeypatch):
    monkeypatch.setattr(admission, "MAX_WAIT_SECONDS", 0.05)
    limiter = AdmissionLimiter()
    with limiter.admit(), limiter.admit(), limiter.admit() as third:
        assert third is False
    with limiter.admit() as later:
        assert later


def test_error_frees_the_place():
    limiter = AdmissionLimiter()
    for _ in range(5):
        with pytest.raises(ValueError, match="x"), limiter.admit():
            raise ValueError("x")
    with limiter.admit() as first, limiter.admit() as second:
        assert first and second


def test_busy_page_says_so_and_saves_nothing(files, hashing, tmp_path, monkeypatch):
    monkeypatch.setattr(admission, "MAX_WAITING", 0)
    chats = ChatStore(tmp_path, "c")
    with Assistant.open(files, encoder=hashing, min_confidence=0) as opened:
        handlers = Handlers(opened, chats)
        first, last = handlers.ask({"browser": "a" * 32, "chat": "1" * 32, "question": "Where does Anna live?"})
    assert "data-qa-waiting" in first
    assert strings.BUSY in last and "Where does Anna live?" in last
    assert chats.list_chats("a" * 32) == []
    chats.close()


def test_close_waits_for_work_and_lets_none_begin(monkeypatch):
    active_work, begun, done = ActiveWork(), threading.Event(), []

    def work():
        with active_work:
            begun.set()
            time.sleep(0.1)
            done.append("first")
        with active_work:
            done.append("second")

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    begun.wait(30)
    assert active_work.close() and done == ["first"]
    active_work.open()  # as when a second page is served by the same process
    thread.join(30)
    assert done == ["first", "second"]
    monkeypatch.setattr(admission, "SHUTDOWN_WAIT_SECONDS", 0.05)
    unfinished = ActiveWork()
    with unfinished:
        assert not unfinished.close()
