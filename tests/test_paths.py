"""Where everything on disk is."""

from pathlib import Path

import platformdirs
import pytest

from embeddings.paths import cache_folder
from qa.paths import KEY_DIGITS, NAME_CHARS, chats_file, corpus_folder, home, home_of, sample_folder, uploads_folder


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("QA_HOME", str(tmp_path / "home"))


def test_qa_home_holds_everything(tmp_path):
    roots = [tmp_path / "reports"]
    corpus = corpus_folder(roots, "encoder")
    assert home() == home_of(corpus) == tmp_path / "home"
    assert corpus.parent == home() / "corpora"
    assert uploads_folder(roots).parent == home() / "uploads"
    assert sample_folder(roots[0], "60").parent == home() / "samples"
    assert cache_folder().parent == chats_file(home()).parent == home()


def test_tilde_in_qa_home_is_the_home_directory(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("QA_HOME", "~/x")
    assert home() == tmp_path / "x"
    assert cache_folder().parent == home()


def test_without_qa_home_the_system_decides(monkeypatch):
    monkeypatch.delenv("QA_HOME")
    assert home() == Path(platformdirs.user_data_dir("cited-qa"))


def test_places_keep_their_names_between_versions(monkeypatch):
    """What was indexed and uploaded yesterday is found today."""
    monkeypatch.setenv("QA_HOME", "/home/anna/qa")
    roots = [Path("/reports")]
    assert corpus_folder(roots, "encoder", "recipe") == Path("/home/anna/qa/corpora/reports-8576096faa88")
    assert uploads_folder(roots) == Path("/home/anna/qa/uploads/reports-420499c21ee0")
    assert chats_file(home()) == Path("/home/anna/qa/conversations.sqlite")


def test_order_and_spelling_of_roots_do_not_matter(tmp_path):
    one, other = tmp_path / "a", tmp_path / "b"
    # The first root names the folder, so only what follows the name is the same in another order.
    assert corpus_folder([one, other]).name[-KEY_DIGITS:] == corpus_folder([other, one]).name[-KEY_DIGITS:]
    assert uploads_folder([tmp_path / "b" / ".." / "a"]) == uploads_folder([one])


def test_other_roots_or_encoders_have_other_folders(tmp_path):
    one, other = [tmp_path / "a"], [tmp_path / "sub" / "a"]
    folders = [corpus_folder(one, "x"), corpus_folder(one, "y"), corpus_folder(other, "x"), corpus_folder(one)]
    assert len({*folders, uploads_folder(one), uploads_folder(other)}) == 6
    assert len({sample_folder(*one, "60"), sample_folder(*one, "61"), sample_folder(*other, "60")}) == 3


def test_long_folder_name_is_cut(tmp_path):
    folder = corpus_folder([tmp_path / ("x" * 200)])
    assert len(folder.name) == NAME_CHARS + 1 + KEY_DIGITS
