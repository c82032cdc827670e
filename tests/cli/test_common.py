"""Helpers shared by the commands."""

import io
import json
import sys

import pytest

from qa.cli.common import json_text, open_corpus, progress_bar, stored_corpus, stored_folder
from qa.errors import CorpusError
from qa.ingest.indexing import corpus_folder
from qa.store.schema import DATABASE_FILE


def test_corpus_is_found_where_it_was_indexed(files, hashing, tmp_path, monkeypatch):
    monkeypatch.setenv("QA_HOME", str(tmp_path / "home"))
    with pytest.raises(CorpusError, match=f"is not indexed yet; type: qa index {files}"):
        stored_folder(files, "hashing", None)
    with open_corpus(files, "hashing", None, "faiss") as assistant:
        count = len(assistant.corpus)
    assert stored_folder(files, "hashing", None) == corpus_folder([files], hashing)
    assert (stored_folder(files, "hashing", None) / DATABASE_FILE).is_file()
    with stored_corpus(files, "hashing", None) as corpus:
        assert len(corpus) == count > 0


@pytest.mark.parametrize(("encoding", "shown"), [("utf-8", "Łódź"), ("ascii", "\\u0141")])
def test_json_survives_every_encoding(encoding, shown, monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    text = json_text({"city": "Łódź"})
    assert shown in text and json.loads(text) == {"city": "Łódź"}


def test_no_progress_bar_without_a_terminal():
    assert progress_bar() is None
