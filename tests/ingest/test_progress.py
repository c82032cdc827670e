"""Progress of an index run."""

import json

import pytest

from qa.ingest import prefetch, progress
from qa.ingest.indexing import index
from qa.ingest.progress import Meter, Progress


@pytest.fixture
def clock(monkeypatch):
    """Advance the clock by one second whenever it is read."""
    seconds = iter(range(1000))
    monkeypatch.setattr(progress.time, "perf_counter", lambda: float(next(seconds)))


def test_each_step_is_reported(clock):
    reported = []
    meter = Meter([100, 300], reported.append)
    meter.start_file("a")
    meter.add_passages(8, 0.5)
    meter.add_passages(4, 1.0)
    meter.end_file()
    meter.start_file("b")
    meter.add_passages(3, 0.1)
    meter.end_file()
    assert [(p.file, p.files_done, p.bytes_done, p.passages) for p in reported] == [
        ("a", 0, 0, 0),
        ("a", 0, 50, 8),
        ("a", 0, 100, 12),
        ("a", 1, 100, 12),
        ("b", 1, 100, 12),
        ("b", 1, 130, 15),
        ("b", 2, 400, 15),
    ]
    assert {(p.files, p.bytes) for p in reported} == {(2, 400)}
    assert [p.seconds for p in reported] == [1, 2, 3, 4, 5, 6, 7]
    assert [p.file_number for p in reported] == [1, 1, 1, 2, 2, 2, 2]


def test_passages_after_the_last_file_are_counted():
    reported = []
    meter = Meter([100], reported.append)
    meter.start_file("a")
    meter.end_file()
    meter.add_passages(5, 0.5)
    assert (reported[-1].bytes_done, reported[-1].passages) == (100, 5)


def test_callback_is_optional():
    meter = Meter([1], None)
    meter.start_file("a")
    meter.add_passages(1, 1.0)
    meter.end_file()


@pytest.mark.parametrize(
    ("done", "seconds", "passages", "pace", "left"), [(0, 0.0, 0, 0, None), (0, 2.0, 0, 0, None), (25, 2.0, 8, 4, 6)]
)
def test_speed_and_time_left(done, seconds, passages, pace, left):
    at = Progress("a", 0, 1, done, 100, passages, seconds)
    assert (at.passages_per_second, at.seconds_left) == (pace, left)


def test_progress_is_reported_for_every_file(corpus, files):
    reported = []
    index(corpus, [files], reported.append)
    names = ["anna.txt", "boris.md", "more.jsonl"]
    assert list(dict.fromkeys(progress.file for progress in reported)) == names
    sizes = [(files / name).stat().st_size for name in names]
    last = reported[-1]
    assert (last.files_done, last.bytes_done, last.bytes, last.passages) == (3, sum(sizes), sum(sizes), len(corpus))


def test_progress_is_reported_within_a_file(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(prefetch, "BATCH_PASSAGES", 10)
    lines = [json.dumps({"id": str(n), "text": f"Anna mends clock {n}."}) + "\n" for n in range(40)]
    (tmp_path / "many.jsonl").write_text("".join(lines), "utf-8")
    reported = []
    index(corpus, [tmp_path / "many.jsonl"], reported.append)
    assert [progress.passages for progress in reported] == [0, 10, 20, 30, 40, 40]
    assert [progress.bytes_done / reported[0].bytes for progress in reported] == pytest.approx(
        [0, 0.25, 0.5, 0.75, 1, 1], abs=0.01
    )
