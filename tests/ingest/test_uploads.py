"""Uploaded files are kept under safe names and indexed with their corpus."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import Assistant
from qa.errors import DocumentError
from qa.ingest.uploads import (
    MAX_NAME_CHARS,
    delete_upload,
    max_upload_bytes,
    safe_name,
    save_upload,
    uploaded_files,
)
from qa.paths import home, uploads_folder
from tests.support.encoders import CountingEncoder


@pytest.fixture
def given_file(tmp_path):
    def make(name, text="Zebulon opened a museum of umbrellas."):
        folder = tmp_path / "given" / str(len(list(tmp_path.rglob("*"))))
        folder.mkdir(parents=True)
        (folder / name).write_text(text, "utf-8")
        return folder / name

    return make


pytestmark = pytest.mark.usefixtures("home")


def test_uploads_are_searched_with_the_corpus(files, given_file):
    name = save_upload([files], given_file("museum.txt"))
    assert name == "uploads/museum.txt"
    with Assistant.open(files, encoder=CountingEncoder()) as opened:
        assert {"uploads/museum.txt", "anna.txt"} <= {document.id for document in opened.corpus.documents()}
        assert opened.search("umbrellas")[0].passage.document_id == name
    assert sorted(path.name for path in files.iterdir()) == ["anna.txt", "boris.md", "more.jsonl"], "not written to"
    assert uploads_folder([files]).is_relative_to(home())


def test_upload_belongs_to_one_corpus(files, given_file, tmp_path):
    save_upload([files], given_file("museum.txt"))
    other = tmp_path / "other"
    other.mkdir()
    assert uploaded_files([other]) == [] and len(uploaded_files([files])) == 1
    assert uploaded_files([]) == []


def test_same_name_replaces_earlier_upload_only(files, given_file):
    first = save_upload([files], given_file("a.txt", "One."))
    second = save_upload([files], given_file("a.txt", "Two."), [first])
    assert [first, second] == ["uploads/a.txt", "uploads/a (2).txt"]
    save_upload([files], given_file("a.txt", "Three."))
    assert [file.path.read_text() for file in uploaded_files([files])] == ["Two.", "Three."]


def test_own_file_takes_precedence(tmp_path, given_file):
    root = tmp_path / "root"
    (root / "uploads").mkdir(parents=True)
    (root / "uploads" / "a.txt").write_text("Mine.")
    save_upload([root], given_file("a.txt", "Handed over."))
    with Assistant.open(root, encoder=CountingEncoder()) as opened:
        assert opened.document("uploads/a.txt").text == "Mine."


def test_deleted_upload_leaves_the_corpus(files, given_file):
    name = save_upload([files], given_file("museum.txt"))
    with Assistant.open(files, encoder=CountingEncoder()):
        pass
    assert delete_upload([files], name)
    assert not delete_upload([files], name) and not delete_upload([files], "uploads/../../anna.txt")
    with Assistant.open(files, encoder=CountingEncoder()) as opened:
        assert name not in {document.id for document in opened.corpus.documents()}


def test_unsupported_upload_is_refused_and_not_moved(files, given_file):
    picture = given_file("a.png")
    with pytest.raises(DocumentError, match="unsupported file type"):
        save_upload([files], picture)
    assert picture.exists() and uploaded_files([files]) == []


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("tea\n\x1b[31m.txt", "tea[31m.txt"),
        ("gpj\u202etxt.exe", "gpjtxt.exe"),
        (".hidden.txt", "hidden.txt"),
        ("...", "unnamed"),
        ('a<b>"c|d?.txt', "abcd.txt"),
        ("x" * 300 + ".txt", "x" * (MAX_NAME_CHARS - 4) + ".txt"),
    ],
)
def test_unsafe_characters_are_removed(given_name, safe):
    assert safe_name(given_name) == safe


@given(name=st.text())
def test_any_name_becomes_a_plain_file_name(name):
    safe = safe_name(name)
    assert 0 < len(safe) <= MAX_NAME_CHARS
    assert "/" not in safe and "\\" not in safe and not safe.startswith(".")
    assert safe_name(safe) == safe


def test_limit_is_that_of_files_on_disk(monkeypatch):
    monkeypatch.setenv("QA_MAX_FILE_MB", "2")
    assert max_upload_bytes() == 2_000_000
