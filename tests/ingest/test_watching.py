"""Folders that are followed: every change is taken in once it has settled, and nothing is lost when a folder goes."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from qa.errors import CorpusError
from qa.ingest.indexing import Report, index
from qa.ingest.watching import EVERY, folder_state, watch
from qa.store.corpus import Corpus


class Looks:
    """Stands for the time between two looks: does the next thing that happens, and ends with the last."""

    def __init__(self, *happenings):
        self.happenings = list(happenings)

    def __call__(self, seconds):
        assert seconds == EVERY
        if not self.happenings:
            raise KeyboardInterrupt
        if happening := self.happenings.pop(0):
            happening()


def followed(corpus, files, *happenings):
    became, following = [], watch(corpus, [files], Looks(*happenings))
    with pytest.raises(KeyboardInterrupt):
        while True:
            became.append(next(following))
    return became


def test_a_change_is_taken_in_once_it_has_settled(indexed, files):
    def writes(text):
        return lambda: (files / "dora.txt").write_text(text)

    became = followed(
        indexed, files, None, writes("Dora"), writes("Dora tunes"), writes("Dora tunes pianos."), None, None
    )
    assert [str(report) for report in became] == ["1 indexed, 3 unchanged"]
    assert indexed.document("dora.txt").text == "Dora tunes pianos."


def test_what_is_deleted_and_renamed_is_followed(indexed, files):
    became = followed(
        indexed, files, None, (files / "boris.md").unlink, None, None,
        lambda: (files / "anna.txt").rename(files / "z.txt"), None, None,
    )  # fmt: skip
    assert [str(report) for report in became] == ["2 unchanged, 1 deleted", "1 renamed, 1 unchanged"]


def test_a_folder_that_goes_and_comes_back_loses_nothing(indexed, files, tmp_path):
    away = tmp_path / "away"
    became = followed(
        indexed, files, None, lambda: shutil.move(files, away), None, None,
        lambda: shutil.move(away, files), None, None, (files / "anna.txt").unlink, None, None,
    )  # fmt: skip
    assert isinstance(became[0], CorpusError) and "does not exist" in str(became[0])
    assert [str(report) for report in became[1:]] == ["2 unchanged, 1 deleted"]


def test_nothing_is_said_where_nothing_changes(indexed, files):
    assert followed(indexed, files, None, None, lambda: os.utime(files / "anna.txt", (1, 1)), None, None) == []


def test_what_was_changed_before_is_taken_in_first(corpus, files):
    (report,) = followed(corpus, files, None)
    assert isinstance(report, Report) and str(report) == "3 indexed"


def test_the_command_follows_until_it_is_interrupted(files, tmp_path):
    command = [sys.executable, "-u", "-m", "qa", "watch", str(files), "--encoder", "hashing"]
    environment = os.environ | {"QA_HOME": str(tmp_path / "home")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout.readline() == "3 indexed. Watching; stop with Ctrl-C.\n"
        (files / "dora.txt").write_text("Dora tunes pianos.")
        began = time.monotonic()
        assert process.stdout.readline() == "1 indexed, 3 unchanged.\n"
        assert time.monotonic() - began < 30
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == "Stopped.\n"
    assert process.returncode == 0


def test_an_open_corpus_sees_what_a_watcher_took_in(files, tmp_path, hashing):
    writer, reader = Corpus(tmp_path / "c", hashing), Corpus(tmp_path / "c", hashing)
    index(writer, [files])
    (files / "dora.txt").write_text("Dora tunes pianos.")
    assert len(followed(writer, files, None)) == 1
    assert reader.matching(["pianos"], 3)
    for corpus in (writer, reader):
        corpus.close()


def test_the_state_is_of_every_file(files):
    assert [name for name, _, _ in folder_state([files])] == ["anna.txt", "boris.md", "more.jsonl"]
    assert all(size and time for _, size, time in folder_state([files]))
