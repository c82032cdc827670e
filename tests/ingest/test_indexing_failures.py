"""What can go wrong during indexing: names, clocks, changes, a full disk, a killed process."""

import os
import subprocess
import sys
import time

import pytest

from qa import Assistant
from qa.cli.printing import escape_unprintable, ledger_as_text
from qa.errors import DiskFull
from qa.ingest import indexing
from qa.ingest.files import read_bytes
from qa.ingest.indexing import index
from qa.store.corpus import Corpus
from qa.store.schema import DATABASE_FILE
from tests.support.encoders import CountingEncoder

NAMES = [
    "two\nlines.txt",
    "\u202egnp.txt",
    "a" * 251 + ".txt",
    "quote'\".txt",
    "ünï cödé 文.txt",
    "-n.txt",
    "%s {0}.txt",
]


def statuses(report):
    return {entry.name: entry.status for entry in report.entries}


@pytest.mark.parametrize("name", NAMES)
def test_odd_names_are_indexed_renamed_and_printed(name, corpus, tmp_path):
    folder = tmp_path / "named"
    folder.mkdir()
    (folder / name).write_text("The tea\n\nAnna pours tea in Oslo every day.")
    assert statuses(index(corpus, [folder])) == {name: "indexed"}
    assert corpus.document(name).source == name
    assert len(ledger_as_text(corpus.ledger()).splitlines()) == 1
    assert all(c.isprintable() for c in escape_unprintable(name))
    (folder / name).rename(folder / f"b{name[-200:]}")
    assert statuses(index(corpus, [folder])) == {f"b{name[-200:]}": "renamed"}


def test_same_name_in_two_folders_is_two_documents(corpus, tmp_path):
    for folder in ("one", "two"):
        (tmp_path / "both" / folder).mkdir(parents=True)
        (tmp_path / "both" / folder / "a.txt").write_text(f"Anna lives in house {folder}.")
    index(corpus, [tmp_path / "both"])
    assert [listed.id for listed in corpus.documents()] == ["one/a.txt", "two/a.txt"]
    assert "house two" in corpus.document("two/a.txt").text


def test_file_changed_while_read_is_read_again(corpus, files, monkeypatch):
    def changing(file):
        data = read_bytes(file)
        if file.name == "anna.txt":
            file.path.write_text("Anna moved to Riga.")
        return data

    with monkeypatch.context() as patch:
        patch.setattr(indexing, "read_bytes", changing)
        index(corpus, [files])
    assert "Oslo" in corpus.document("anna.txt").text
    assert statuses(index(corpus, [files]))["anna.txt"] == "replaced"
    assert corpus.document("anna.txt").text == "Anna moved to Riga."


def test_file_deleted_during_a_run_is_recorded(corpus, files, monkeypatch):
    def going(file):
        (files / "more.jsonl").unlink(missing_ok=True)
        return read_bytes(file)

    monkeypatch.setattr(indexing, "read_bytes", going)
    assert statuses(index(corpus, [files])) == {"anna.txt": "indexed", "boris.md": "indexed", "more.jsonl": "failed"}
    assert statuses(index(corpus, [files]))["more.jsonl"] == "deleted"


def test_wrong_clocks_lose_no_change(corpus, files, monkeypatch):
    ahead = time.time() + 10**6
    os.utime(files / "anna.txt", (ahead, ahead))
    index(corpus, [files])
    (files / "anna.txt").write_text("Anna moved to Riga.")
    os.utime(files / "anna.txt", (ahead, ahead))
    assert statuses(index(corpus, [files]))["anna.txt"] == "replaced"
    monkeypatch.setattr(indexing.time, "time_ns", lambda: 10**9)  # 1970
    (files / "anna.txt").write_text("Anna moved to Rome.")
    os.utime(files / "anna.txt", (5, 5))
    assert statuses(index(corpus, [files]))["anna.txt"] == "replaced"


def test_full_disk_keeps_the_corpus_and_says_so(indexed, files):
    before = indexed.fingerprint, len(indexed)
    pages = indexed._database.execute("PRAGMA page_count").fetchone()[0]
    indexed._database.execute(f"PRAGMA max_page_count = {pages}")
    (files / "long.txt").write_text("Dora tunes pianos in the old town. " * 20_000)
    with pytest.raises(DiskFull, match=r"no room for .*what was there before is kept; free about 1\d MB"):
        index(indexed, [files])
    assert (indexed.fingerprint, len(indexed)) == before and indexed.check() == []
    indexed._database.execute("PRAGMA max_page_count = 1000000")
    assert statuses(index(indexed, [files]))["long.txt"] == "indexed"


def test_interrupted_run_is_continued_and_reported(files, tmp_path, hashing):
    program = f"""
import os, signal
from pathlib import Path
from embeddings import load_encoder
from qa import Assistant
from qa.ingest import indexing
from qa.store.corpus import Corpus
corpus, read = Corpus(Path({str(tmp_path / "c")!r}), load_encoder("hashing")), indexing.read_bytes
def killed(file):
    if file.name == "more.jsonl":  # while boris.md, read before it, is not stored yet
        os.kill(os.getpid(), signal.SIGKILL)
    return read(file)
indexing.read_bytes, indexing.MAX_PREFETCHED_PASSAGES = killed, 0  # a file is stored as soon as the next one is read
indexing.index(corpus, [Path({str(files)!r})])
"""
    assert subprocess.run([sys.executable, "-c", program]).returncode < 0
    corpus = Corpus(tmp_path / "c", hashing)
    assert [listed.id for listed in corpus.documents()] == ["anna.txt"] and corpus.unfinished
    report = index(corpus, [files])
    assert report.note == "the last run was interrupted; this one continued it"
    assert str(report) == "2 indexed, 1 unchanged" and not corpus.unfinished
    assert index(corpus, [files]).note == ""
    corpus.close()
    assert (tmp_path / "c" / DATABASE_FILE).is_file()


def test_empty_corpus_abstains_until_indexed(tmp_path):
    (tmp_path / "given").mkdir()
    with Assistant.open(tmp_path / "given", encoder=CountingEncoder(), may_be_empty=True) as assistant:
        answer = assistant.ask("Where does Anna live?")
        assert (answer.abstained, answer.citations, answer.passages) == (True, (), ())
        (tmp_path / "given" / "a.txt").write_text("Anna lives in Oslo.")
        index(assistant.corpus, [tmp_path / "given"])
        assert assistant.ask("Where does Anna live?").short == "Oslo"
