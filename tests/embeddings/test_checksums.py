"""Check SHA-256 of files, cached by path, size and modification time."""

import hashlib
import json

import pytest

from embeddings.checksums import cached_sha256, file_sha256
from embeddings.paths import cache_folder


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("QA_HOME", str(tmp_path / "home"))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "weights"
    path.write_bytes(b"abc")
    return path


ABC = hashlib.sha256(b"abc").hexdigest()


def test_both_functions_give_the_hash(file):
    assert file_sha256(file) == cached_sha256(file) == ABC


def test_cache_is_under_qa_home(file, tmp_path):
    cached_sha256(file)
    assert cache_folder() == tmp_path / "home" / "cache"
    assert list(json.loads((cache_folder() / "sha256.json").read_text()).values()) == [ABC]


def test_changed_file_is_read_again(file):
    cached_sha256(file)
    file.write_bytes(b"abcd")
    assert cached_sha256(file) == hashlib.sha256(b"abcd").hexdigest()


@pytest.mark.parametrize("garbage", ["", "{", "[]", "null", "\udce9"])
def test_damaged_cache_is_ignored(file, garbage):
    cache_folder().mkdir(parents=True)
    (cache_folder() / "sha256.json").write_bytes(garbage.encode("utf-8", "surrogateescape"))
    assert cached_sha256(file) == ABC


def test_read_only_cache_is_ignored(file, tmp_path, monkeypatch):
    monkeypatch.setenv("QA_HOME", str(file))  # a file where a folder should be
    assert cached_sha256(file) == ABC
