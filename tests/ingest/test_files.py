"""Which files a path stands for, and how one is read."""

import os
from pathlib import Path

import pytest

from qa.errors import CorpusError, DocumentError
from qa.ingest.files import SourceFile, check_roots, is_inside, load, read_bytes, source_files, suffixes
from qa.types import make_document
from tests.support import sample_files


def names(*roots):
    return [file.name for file in source_files(roots)]


@pytest.fixture
def folder(tmp_path):
    """Two texts, one below, and what is to be passed over."""
    root = tmp_path / "root"
    for name in ("b.txt", "sub/A.MD", ".hidden.txt", ".git/c.txt", "image.png", "no_suffix", "sub/.x/d.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    return root


def test_a_folder_is_its_files_that_a_loader_reads_sorted(folder):
    assert names(folder) == ["b.txt", "sub/A.MD"]
    assert [file.suffix for file in source_files([folder])] == ["txt", "md"]


def test_a_file_is_itself(folder):
    assert names(folder / "b.txt") == ["b.txt"]


def test_files_of_several_roots_are_named_from_the_folder_that_holds_all(folder, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "b.txt").write_text("y")
    assert names(folder, tmp_path / "other") == ["other/b.txt", "root/b.txt", "root/sub/A.MD"]
    assert names(folder / "b.txt", folder / "sub") == ["b.txt", "sub/A.MD"]


def test_two_names_that_are_no_utf8_stay_two(tmp_path):
    for name in (b"\xff.txt", b"\xfe.txt"):
        (tmp_path / os.fsdecode(name)).write_text("x")
    assert names(tmp_path) == ["\\xfe.txt", "\\xff.txt"]


def test_a_file_under_two_roots_is_one(folder):
    assert names(folder, folder / "b.txt") == ["b.txt", "sub/A.MD"]


def test_an_empty_folder_has_no_files(tmp_path):
    assert names(tmp_path) == []


@pytest.mark.parametrize(("name", "message"), [("absent", "does not exist"), ("image.png", r"\.txt")])
def test_a_root_that_cannot_be_read_is_refused(folder, name, message):
    with pytest.raises(CorpusError, match=message):
        names(folder / name)


def test_links_that_lead_out_are_passed_over_and_those_within_are_one_file(folder, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "e.txt").write_text("e")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    (folder / "loop").symlink_to(folder)
    (folder / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    (folder / "z.txt").symlink_to(folder / "b.txt")
    assert names(folder) in (["b.txt", "sub/A.MD"], ["sub/A.MD", "z.txt"])


def test_links_in_a_circle_are_files_that_cannot_be_read(folder):
    (folder / "circle.txt").symlink_to(folder / "round.txt")
    (folder / "round.txt").symlink_to(folder / "circle.txt")
    assert {"b.txt", "sub/A.MD"} < set(names(folder))
    for file in source_files([folder]):
        if file.name in ("circle.txt", "round.txt"):
            with pytest.raises(DocumentError, match="not a plain file"):
                read_bytes(file)


def test_the_files_beside_a_folder_that_begins_with_a_dot_keep_its_name(tmp_path):
    for name in (".notes", "reports"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text("a")
    assert [file.name for file in source_files([tmp_path / ".notes", tmp_path / "reports"])] == [
        ".notes/a.txt",
        "reports/a.txt",
    ]


def test_a_folder_that_may_not_be_read_is_refused(folder, monkeypatch):
    scandir = os.scandir

    def refuse(path):  # root may read every folder, so the refusal is made here
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(CorpusError, match=r"sub cannot be read \(Permission denied\)"):
        names(folder)


def test_a_file_in_a_folder_that_may_not_be_entered_is_refused(folder, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "is_file", refuse)
    with pytest.raises(CorpusError, match=r"b\.txt cannot be read \(Permission denied\)"):
        names(folder / "b.txt")


def test_roots_are_checked_without_reading_all_of_them(folder):
    check_roots([folder, folder / "b.txt"])
    for name in ("absent", "image.png"):
        with pytest.raises(CorpusError, match=name):
            check_roots([folder, folder / name])


def test_a_file_that_may_not_be_read_is_a_document_error(folder, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(DocumentError, match="Permission denied"):
        read_bytes(SourceFile(folder / "b.txt", "b.txt"))


def test_a_pipe_is_no_plain_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(DocumentError, match="plain file"):
        read_bytes(SourceFile(tmp_path / "pipe.txt", "pipe.txt"))


def test_a_file_over_the_limit_is_refused_with_the_setting(tmp_path, monkeypatch):
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(40_000_000)
    big = SourceFile(tmp_path / "big.txt", "big.txt")
    monkeypatch.delenv("QA_MAX_FILE_MB", raising=False)
    with pytest.raises(DocumentError, match=r"40 MB, the limit is 32; .*QA_MAX_FILE_MB=40"):
        read_bytes(big)
    monkeypatch.setenv("QA_MAX_FILE_MB", "40")
    assert len(read_bytes(big)) == 40_000_000


def test_the_limit_that_the_message_names_is_enough(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_bytes(b"x" * 2_400_000)
    monkeypatch.setenv("QA_MAX_FILE_MB", "1")
    with pytest.raises(DocumentError) as caught:
        read_bytes(SourceFile(tmp_path / "a.txt", "a.txt"))
    monkeypatch.setenv("QA_MAX_FILE_MB", str(caught.value).rpartition("=")[2])
    assert read_bytes(SourceFile(tmp_path / "a.txt", "a.txt"))


@pytest.mark.parametrize("limit", ["big", "", "nan", "0", "-1"])
def test_a_limit_that_is_no_number_is_an_error_of_ours(tmp_path, monkeypatch, limit):
    (tmp_path / "a.txt").write_text("x")
    monkeypatch.setenv("QA_MAX_FILE_MB", limit)
    with pytest.raises(CorpusError, match="QA_MAX_FILE_MB"):
        read_bytes(SourceFile(tmp_path / "a.txt", "a.txt"))


def test_a_jsonl_may_be_larger(tmp_path, monkeypatch):
    (tmp_path / "a.jsonl").write_bytes(b"\n" * 2_000)
    monkeypatch.setenv("QA_MAX_FILE_MB", "0.001")
    assert read_bytes(SourceFile(tmp_path / "a.jsonl", "a.jsonl"))


def test_the_suffix_chooses_the_loader(tmp_path):
    assert [d.id for d in load(SourceFile(Path("x.jsonl"), "x.jsonl"), b'{"id": "a", "text": "b"}')] == ["a"]
    assert suffixes() == [f".{name}" for name in sorted(sample_files.OF)]


@pytest.mark.parametrize(
    ("path", "inside"), [("r/a", True), ("r/../r/a", True), ("r/../a", False), ("ra", False), ("r", True)]
)
def test_is_inside(tmp_path, path, inside):
    assert is_inside(tmp_path / path, tmp_path / "r") is inside


def test_a_title_is_one_line_and_else_the_name_s_stem():
    def titled(title):
        return make_document(id="dir/name.txt", title=title, text="", source="", media_type="text/plain").title

    assert titled(" a \n b ") == "a b"
    assert titled(" \n") == "name"
    assert len(titled("x" * 1_000)) == 500


def test_what_a_text_tells_of_itself_is_added_when_a_file_is_read():
    text = "MOSCOW, January 14, 2022. /TASS/. The minister said that the answer had come."
    (document,) = load(SourceFile(Path("a.txt"), "a.txt"), text.encode())
    assert (document.text, document.published, document.dated) == (text, "2022-01-14", "inferred")
    assert (document.publisher, document.language) == ("TASS", "en")


def test_what_a_file_states_is_said_to_be_stated():
    (document,) = load(SourceFile(Path("a.jsonl"), "a.jsonl"), b'{"text": "x", "date": "2022-01-14"}')
    assert (document.published, document.dated) == ("2022-01-14", "stated")
