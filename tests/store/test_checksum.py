"""Checksum of a closed database: every changed byte is noticed, and no change of ours counts as damage."""

import random
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.errors import DamagedCorpus
from qa.ingest.indexing import index
from qa.store import checksum
from qa.store.corpus import Corpus
from qa.store.schema import DATABASE_FILE, close, connect, transaction
from tests.support.encoders import CountingEncoder


@pytest.fixture
def path(tmp_path):
    database = connect(tmp_path)
    with transaction(database):
        database.execute("INSERT INTO meta VALUES ('a', 'b')")
    close(database, tmp_path)
    return tmp_path / DATABASE_FILE


def has_checksum(path):
    return path.with_name(f"{DATABASE_FILE}.crc32").exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**9), bit=st.integers(0, 7))
def test_any_changed_bit_is_detected(path, place, bit):
    whole = path.read_bytes()
    damaged = bytearray(whole)
    damaged[place % len(whole)] ^= 1 << bit
    path.write_bytes(damaged)
    assert checksum.is_damaged(path)
    with pytest.raises(DamagedCorpus, match=r"your documents are untouched; type: qa doctor --repair"):
        connect(path.parent)
    assert path.read_bytes() == damaged
    path.write_bytes(whole)
    assert not checksum.is_damaged(path)


def test_changed_length_is_detected(path):
    whole = path.read_bytes()
    for content in (whole[:-1], whole + b"x", b""):
        path.write_bytes(content)
        assert checksum.is_damaged(path)
    path.unlink()
    connect(path.parent).close()
    assert not has_checksum(path)


def test_writing_removes_checksum_until_last_close(path):
    one, other = connect(path.parent), connect(path.parent)
    one.execute("SELECT * FROM meta").fetchall()
    assert has_checksum(path)
    with transaction(one):
        assert not has_checksum(path)
        one.execute("INSERT INTO meta VALUES ('c', 'd')")
    close(one, path.parent)
    assert not has_checksum(path)
    close(other, path.parent)
    assert has_checksum(path) and not checksum.is_damaged(path)


def test_killed_writer_leaves_no_checksum(path):
    program = f"""
import os, signal
from pathlib import Path
from qa.store.schema import connect, transaction
database = connect(Path({str(path.parent)!r}))
with transaction(database):
    database.execute("INSERT INTO meta VALUES ('k', 'l')")
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", program]).returncode < 0
    assert not has_checksum(path)
    again = connect(path.parent)
    assert ("k", "l") in again.execute("SELECT * FROM meta").fetchall()
    close(again, path.parent)
    assert has_checksum(path) and not checksum.is_damaged(path)


def test_large_database_has_no_checksum(path, monkeypatch):
    checksum.remove(path)
    monkeypatch.setattr(checksum, "MAX_BYTES", 10)
    checksum.write(path)
    assert not has_checksum(path)


def test_indexing_and_searching_keep_checksum_valid(files, tmp_path):
    folder, chooser = tmp_path / "corpus", random.Random(1)
    for _ in range(4):
        corpus = Corpus(folder, CountingEncoder())
        index(corpus, [files])
        corpus.nearest(corpus.encoder.embed_query("clocks"), 3)
        corpus.close()
        assert has_checksum(folder / DATABASE_FILE) and not checksum.is_damaged(folder / DATABASE_FILE)
        (files / "anna.txt").write_text(f"Anna mends {chooser.randrange(99)} clocks.")
