"""Checking a corpus and setting it aside. The command itself is tested with qa.cli.maintenance."""

import pytest

from qa.ingest.indexing import index
from qa.store.corpus import Corpus
from qa.store.integrity import find_problems, set_aside
from qa.store.lock import LOCK_FILE, writer_lock


def test_undamaged_corpus_has_no_problems(indexed):
    assert find_problems(indexed._rows) == [] == indexed.check()


def test_changed_documents_and_passages_are_counted(indexed):
    indexed._database.execute("UPDATE documents SET text = replace(text, 'a', 'o')")
    assert find_problems(indexed._rows) == [
        "3 documents are not what was written",
        f"{len(indexed)} passages differ from their documents",
    ]


def test_missing_word_in_index_is_noticed(indexed):
    row = indexed._rows("SELECT key, title, context, text FROM searchable LIMIT 1")[0]
    indexed._database.execute(
        "INSERT INTO words (words, rowid, title, context, text) VALUES ('delete', ?, ?, ?, ?)", row
    )
    assert find_problems(indexed._rows) == ["the full-text index does not match the passages"]


def test_check_changes_no_byte(files, tmp_path, hashing):
    corpus = Corpus(tmp_path / "c", hashing)
    index(corpus, [files])
    corpus.close()
    before = {path.name: path.read_bytes() for path in (tmp_path / "c").iterdir()}
    corpus = Corpus(tmp_path / "c", hashing)
    assert corpus.check() == []
    corpus.close()
    assert {path.name: path.read_bytes() for path in (tmp_path / "c").iterdir()} == before


def test_corpus_is_emptied_once_copied(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a").write_bytes(b"x")
    with writer_lock(folder):
        copy = set_aside(folder)
    assert (copy / "a").read_bytes() == b"x" and copy.parent == tmp_path
    assert [file.name for file in folder.iterdir()] == [LOCK_FILE]


def test_failed_copy_removes_nothing(tmp_path, monkeypatch):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a").write_bytes(b"x")
    (folder / "b").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OSError):
        set_aside(folder)
    assert (folder / "a").exists()
