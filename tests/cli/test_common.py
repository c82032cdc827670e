"""Helpers shared by the commands."""

import io
import json
import sys

import pytest

from qa.cli.common import (
    ProgressLine,
    json_text,
    open_corpus,
    print_outcomes,
    progress_text,
    stored_corpus,
    stored_folder,
)
from qa.errors import CorpusError
from qa.ingest.indexing import corpus_folder
from qa.ingest.progress import Progress
from qa.store.queries import Entry
from qa.store.schema import DATABASE_FILE


def test_corpus_is_found_where_it_was_indexed(files, hashing, home):
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


def progress(**changed):
    return Progress(**{
        "file": "reports/2022/a very long name of a file about clocks, boats, bread and much more besides.txt",
        "files_done": 1_233, "files": 12_345, "bytes_done": 5, "bytes": 10, "passages": 1_234_567, "seconds": 3_600.0,
    } | changed)  # fmt: skip


def test_progress_fits_a_line_of_80_columns():
    shown = progress_text(progress())
    assert shown.startswith("file 1,234 of 12,345, 1,234,567 passages, 343/s: …")
    assert len(f"100% {'#' * 10} {shown}") < 80
    assert progress_text(progress(file="a\x1b.txt", passages=0)) == "file 1,234 of 12,345, 0 passages: a\\x1b.txt"


def test_stopped_run_says_what_is_kept(capsys):
    line = ProgressLine()
    assert line.interrupted() == "Stopped before anything was indexed."
    line(progress())
    line.close()
    assert line.interrupted().startswith("Stopped. 1,233 of 12,345 files are done and kept; type the same again")
    assert capsys.readouterr().err == ""  # stderr is no terminal here


def test_outcomes_are_told_once(capsys):
    entries = [
        Entry("a.pdf", "", 1, "indexed", "", 3, 0.1, "", 0, "page 3 holds no text"),
        Entry("b.docx", "", 0, "failed", "is no .docx file", 0, 0.0, ""),
    ]
    told = print_outcomes(entries)
    assert capsys.readouterr().err == "failed: b.docx is no .docx file\nnote: a.pdf page 3 holds no text\n"
    print_outcomes([*entries, Entry("c.key", "", 0, "skipped", "has the unsupported file type .key", 0, 0.0, "")], told)
    assert capsys.readouterr().err == "skipped: c.key has the unsupported file type .key\n"


def test_several_paths_are_one_corpus(tmp_path, home):
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in paths:
        path.write_text(f"The clock of {path.stem} was mended by Anna.")
    with pytest.raises(CorpusError, match=f"is not indexed yet; type: qa index {paths[0]} {paths[1]}"):
        stored_folder([str(path) for path in paths], "hashing", None)
    with open_corpus(paths, "hashing", None, "faiss") as assistant:
        assert len(assistant.corpus) == 2
    with stored_corpus([str(path) for path in reversed(paths)], "hashing", None) as corpus:
        assert len(corpus) == 2
