"""Followed folders: each change is indexed once it has settled, and nothing is lost when a folder goes away."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest

from qa.errors import CorpusError
from qa.ingest import watching
from qa.ingest.indexing import Report, index
from qa.ingest.watching import SETTLE_SECONDS, folder_state, notifications, watch
from qa.store.corpus import Corpus


class Script:
    """Replace each wait by the next event, and end with an interrupt after the last."""

    def __init__(self, *events):
        self.events = list(events)

    def __call__(self, seconds):
        assert seconds == SETTLE_SECONDS
        if not self.events:
            raise KeyboardInterrupt
        if event := self.events.pop(0):
            event()

    def notifications(self):
        while True:
            self(SETTLE_SECONDS)
            yield


def reports(corpus, files, *events):
    script, found = Script(*events), []
    following = watch(corpus, [files], script, script.notifications())
    with pytest.raises(KeyboardInterrupt):
        while True:
            found.append(next(following))
    return found


def test_change_is_indexed_once_settled(indexed, files):
    def writes(text):
        return lambda: (files / "dora.txt").write_text(text)

    found = reports(
        indexed, files, None, writes("Dora"), writes("Dora tunes"), writes("Dora tunes pianos."), None, None
    )
    assert [str(report) for report in found] == ["1 indexed, 3 unchanged"]
    assert indexed.document("dora.txt").text == "Dora tunes pianos."


def test_deletion_and_renaming_are_followed(indexed, files):
    found = reports(
        indexed, files, None, (files / "boris.md").unlink, None, None,
        lambda: (files / "anna.txt").rename(files / "z.txt"), None, None,
    )  # fmt: skip
    assert [str(report) for report in found] == ["2 unchanged, 1 deleted", "1 renamed, 1 unchanged"]


def test_folder_that_goes_and_returns_loses_nothing(indexed, files, tmp_path):
    away = tmp_path / "away"
    found = reports(
        indexed, files, None, lambda: shutil.move(files, away), None, None,
        lambda: shutil.move(away, files), None, None, (files / "anna.txt").unlink, None, None,
    )  # fmt: skip
    assert isinstance(found[0], CorpusError) and "does not exist" in str(found[0])
    assert [str(report) for report in found[1:]] == ["2 unchanged, 1 deleted"]


def test_nothing_is_reported_without_changes(indexed, files):
    assert reports(indexed, files, None, None, lambda: os.utime(files / "anna.txt", (1, 1)), None, None) == []


def test_earlier_changes_are_indexed_first(corpus, files):
    (report,) = reports(corpus, files, None)
    assert isinstance(report, Report) and str(report) == "3 indexed"


def test_command_follows_until_interrupted(files, home):
    command = [sys.executable, "-u", "-m", "qa", "watch", str(files), "--encoder", "hashing"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "3 indexed. Watching; stop with Ctrl-C.\n"
        (files / "dora.txt").write_text("Dora tunes pianos.")
        began = time.monotonic()
        assert process.stdout.readline() == "1 indexed, 3 unchanged.\n"
        assert time.monotonic() - began < 30
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "Stopped.\n"
    assert process.returncode == 0


def test_open_corpus_sees_what_a_watcher_indexed(files, tmp_path, hashing):
    writer, reader = Corpus(tmp_path / "c", hashing), Corpus(tmp_path / "c", hashing)
    index(writer, [files])
    (files / "dora.txt").write_text("Dora tunes pianos.")
    assert len(reports(writer, files, None)) == 1
    assert reader.matching(["pianos"], 3)
    for corpus in (writer, reader):
        corpus.close()


def test_state_covers_every_file(files):
    assert [name for name, _, _ in folder_state([files])] == ["anna.txt", "boris.md", "more.jsonl"]
    assert all(size and time for _, size, time in folder_state([files]))


@pytest.fixture
def no_polling(monkeypatch):
    """Leave noticing a change to the operating system."""
    monkeypatch.setattr(watching, "POLL_SECONDS", 90.0)


def seconds_until_noticed(changes, change):
    next(changes)  # the subscription has begun
    threading.Timer(0.5, change).start()
    began = time.monotonic()
    next(changes)
    return time.monotonic() - began


@pytest.mark.parametrize("change", ["add", "change", "remove", "add in a new folder"])
def test_change_is_noticed_without_polling(files, no_polling, change):
    def add_in_new_folder():
        (files / "new").mkdir()
        (files / "new" / "a.txt").write_text("a")

    done = {
        "add": lambda: (files / "dora.txt").write_text("Dora"),
        "change": lambda: (files / "anna.txt").write_text("Anna"),
        "remove": (files / "boris.md").unlink,
        "add in a new folder": add_in_new_folder,
    }[change]
    assert 0.4 < seconds_until_noticed(notifications([files]), done) < 60


def test_unreported_change_is_noticed_by_polling(files, monkeypatch):
    monkeypatch.setattr(watching, "POLL_SECONDS", 2.0)
    changes = notifications([files])
    began = time.monotonic()
    assert [next(changes), next(changes)] == [None, None]
    assert time.monotonic() - began > 2


def test_missing_folder_is_polled_until_it_exists(files, tmp_path, no_polling):
    away = tmp_path / "away"
    shutil.move(files, away)
    changes = notifications([files])
    next(changes)
    shutil.move(away, files)
    threading.Timer(3, lambda: (files / "dora.txt").write_text("Dora")).start()
    began = time.monotonic()
    while "dora.txt" not in [name for name, _, _ in folder_state([files])]:
        next(changes)
    assert time.monotonic() - began < 60


def test_replaced_folder_is_subscribed_to_again(files, no_polling):
    changes = notifications([files])

    def replace():
        shutil.rmtree(files)
        files.mkdir()

    assert seconds_until_noticed(changes, replace) < 60
    assert seconds_until_noticed(changes, lambda: (files / "dora.txt").write_text("Dora")) < 60


def test_watchfiles_is_imported_only_to_watch():
    code = "import sys, qa, qa.assistant, qa.cli.main, qa.ingest.watching; print('watchfiles' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout == "False\n", done.stderr
