"""What is wrong with a corpus, and room for a new one. What the command does is tested with qa.upkeep."""

import pytest

from qa.doctoring import problems, set_aside


def test_an_undamaged_corpus_has_no_problems(indexed):
    assert problems(indexed._rows) == [] == indexed.check()


def test_documents_that_are_not_what_their_passages_say_are_counted(indexed):
    indexed._database.execute("UPDATE documents SET text = replace(text, 'a', 'o')")
    assert problems(indexed._rows) == [f"{len(indexed)} passages differ from their documents"]


def test_a_corpus_is_emptied_once_there_is_a_copy(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a").write_bytes(b"x")
    copy = set_aside(folder)
    assert (copy / "a").read_bytes() == b"x" and list(folder.iterdir()) == [] and copy.parent == tmp_path


def test_nothing_is_removed_that_cannot_be_copied(tmp_path, monkeypatch):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a").write_bytes(b"x")
    (folder / "b").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OSError):
        set_aside(folder)
    assert (folder / "a").exists()
