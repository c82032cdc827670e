"""One writer at a time."""

import subprocess
import sys
import threading
import time

import pytest

from qa import Assistant
from qa.errors import Busy
from qa.ingest.indexing import index
from qa.store.lock import LOCK_FILE, writer_lock
from tests.support.encoders import CountingEncoder

HOLDER = """
import sys, time
from pathlib import Path
from qa.store.lock import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def held(tmp_path):
    """Another process writes the corpus in this folder until it is killed or reads a line."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield folder, process
        process.kill()


def test_second_writer_waits_and_says_so(held):
    folder, process = held
    said = []
    threading.Timer(0.5, process.kill).start()
    began = time.monotonic()
    with writer_lock(folder, said.append):
        assert 0.3 < time.monotonic() - began < 30
    assert said == ["another process is indexing corpus; waiting up to 10 minutes for it"]


def test_second_writer_gives_up_after_patience(held):
    with (
        pytest.raises(Busy, match=r"still indexing .* after 0 s; wait for it or stop it"),
        writer_lock(held[0], patience=0.2),
    ):
        pass


def test_killed_writer_releases_lock(held):
    folder, process = held
    process.kill()
    process.wait()
    with writer_lock(folder, patience=5):
        pass
    assert (folder / LOCK_FILE).exists()


def test_error_releases_lock(tmp_path):
    with pytest.raises(ZeroDivisionError), writer_lock(tmp_path):
        raise ZeroDivisionError
    with writer_lock(tmp_path, patience=0):
        pass


def test_impatient_reader_answers_from_previous_state(files, tmp_path, monkeypatch):
    monkeypatch.setenv("QA_HOME", str(tmp_path / "home"))
    with Assistant.open(files, encoder=CountingEncoder()) as assistant:
        folder = assistant.corpus.folder
    (files / "dora.txt").write_text("Dora tunes pianos.")
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        with Assistant.open(files, encoder=CountingEncoder(), patience=0) as assistant:
            assert "answers are from before" in assistant.report.note
            assert assistant.report.count("indexed") == 3 and not assistant.corpus.matching(["pianos"], 3)
        with pytest.raises(Busy):
            Assistant.open(files, encoder=CountingEncoder(), patience=0.1)
        process.kill()
    with Assistant.open(files, encoder=CountingEncoder(), patience=0) as assistant:
        assert assistant.report.note == "" and assistant.corpus.matching(["pianos"], 3)


def test_two_writers_embed_each_passage_once(files, tmp_path):
    from qa.store.corpus import Corpus

    encoder, reports = CountingEncoder(), []
    corpora = [Corpus(tmp_path / "c", encoder) for _ in range(2)]
    threads = [threading.Thread(target=lambda c=corpus: reports.append(str(index(c, [files])))) for corpus in corpora]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reports) == ["3 indexed", "3 unchanged"]
    assert encoder.embedded == len(corpora[0])
    for corpus in corpora:
        corpus.close()
