"""Where the cache is."""

from pathlib import Path

import platformdirs

from embeddings.paths import cache_folder


def test_cache_is_inside_qa_home(tmp_path, monkeypatch):
    monkeypatch.setenv("QA_HOME", str(tmp_path / "home"))
    assert cache_folder() == tmp_path / "home" / "cache"


def test_tilde_in_qa_home_is_the_home_directory(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("QA_HOME", "~/x")
    assert cache_folder() == tmp_path / "x" / "cache"


def test_without_qa_home_the_system_decides(monkeypatch):
    for unset in (lambda: monkeypatch.setenv("QA_HOME", ""), lambda: monkeypatch.delenv("QA_HOME")):
        unset()
        assert cache_folder() == Path(platformdirs.user_cache_dir("cited-qa"))
