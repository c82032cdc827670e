"""Which files are found under a path, and how one is read."""

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
    """Make a folder with two texts, one in a subfolder, and files to skip."""
    root = tmp_path / "root"
    for name in ("b.txt", "sub/A.MD", ".hidden.txt", ".git/c.txt", "image.png", "no_suffix", "sub/.x/d.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    return root


def test_folder_gives_sorted_supported_files(folder):
    assert names(folder) == ["b.txt", "sub/A.MD"]
    assert [file.loader for file in source_files([folder])] == ["txt", "md"]


def test_file_root_gives_itself(folder):
    assert names(folder / "b.txt") == ["b.txt"]


def test_names_start_at_the_common_folder(folder, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "b.txt").write_text("y")
    assert names(folder, tmp_path / "other") == ["other/b.txt", "root/b.txt", "root/sub/A.MD"]
    assert names(folder / "b.txt", folder / "sub") == ["b.txt", "sub/A.MD"]


def test_names_outside_utf8_stay_distinct(tmp_path):
    for name in (b"\xff.txt", b"\xfe.txt"):
        (tmp_path / os.fsdecode(name)).write_text("x")
    assert names(tmp_path) == ["\\xfe.txt", "\\xff.txt"]


def test_file_under_two_roots_is_listed_once(folder):
    assert names(folder, folder / "b.txt") == ["b.txt", "sub/A.MD"]


def test_empty_folder_has_no_files(tmp_path):
    assert names(tmp_path) == []


@pytest.mark.parametrize(("name", "message"), [("absent", "does not exist"), ("image.png", r"\.txt")])
def test_unreadable_root_is_refused(folder, name, message):
    with pytest.raises(CorpusError, match=message):
        names(folder / name)


def test_outward_links_are_skipped_inward_ones_deduplicated(folder, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "e.txt").write_text("e")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    (folder / "loop").symlink_to(folder)
    (folder / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    (folder / "z.txt").symlink_to(folder / "b.txt")
    assert names(folder) in (["b.txt", "sub/A.MD"], ["sub/A.MD", "z.txt"])


def test_circular_links_are_unreadable_files(folder):
    (folder / "circle.txt").symlink_to(folder / "round.txt")
    (folder / "round.txt").symlink_to(folder / "circle.txt")
    assert {"b.txt", "sub/A.MD"} < set(names(folder))
    for file in source_files([folder]):
        if file.name in ("circle.txt", "round.txt"):
            with pytest.raises(DocumentError, match="not a plain file"):
                read_bytes(file)


def test_hidden_root_folder_keeps_its_name(tmp_path):
    for name in (".notes", "reports"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text("a")
    assert [file.name for file in source_files([tmp_path / ".notes", tmp_path / "reports"])] == [
        ".notes/a.txt",
        "reports/a.txt",
    ]


def test_folder_without_permission_is_refused(folder, monkeypatch):
    scandir = os.scandir

    def refuse(path):  # the superuser may read every folder, so the refusal is simulated
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(CorpusError, match=r"sub cannot be read \(Permission denied\)"):
        names(folder)


def test_file_in_unreadable_folder_is_refused(folder, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "is_file", refuse)
    with pytest.raises(CorpusError, match=r"b\.txt cannot be read \(Permission denied\)"):
        names(folder / "b.txt")


def test_check_roots_refuses_bad_roots(folder):
    check_roots([folder, folder / "b.txt"])
    for name in ("absent", "image.png"):
        with pytest.raises(CorpusError, match=name):
            check_roots([folder, folder / name])


def test_file_without_permission_is_a_document_error(folder, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(DocumentError, match="Permission denied"):
        read_bytes(SourceFile(folder / "b.txt", "b.txt"))


def test_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(DocumentError, match="plain file"):
        read_bytes(SourceFile(tmp_path / "pipe.txt", "pipe.txt"))


def test_oversized_file_is_refused_with_the_setting(tmp_path, monkeypatch):
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(40_000_000)
    big = SourceFile(tmp_path / "big.txt", "big.txt")
    monkeypatch.delenv("QA_MAX_FILE_MB", raising=False)
    with pytest.raises(DocumentError, match=r"40 MB, the limit is 32; .*QA_MAX_FILE_MB=40"):
        read_bytes(big)
    monkeypatch.setenv("QA_MAX_FILE_MB", "40")
    assert len(read_bytes(big)) == 40_000_000


def test_suggested_limit_is_enough(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_bytes(b"x" * 2_400_000)
    monkeypatch.setenv("QA_MAX_FILE_MB", "1")
    with pytest.raises(DocumentError) as caught:
        read_bytes(SourceFile(tmp_path / "a.txt", "a.txt"))
    monkeypatch.setenv("QA_MAX_FILE_MB", str(caught.value).rpartition("=")[2])
    assert read_bytes(SourceFile(tmp_path / "a.txt", "a.txt"))


@pytest.mark.parametrize("limit", ["big", "", "nan", "0", "-1"])
def test_invalid_size_limit_is_refused(tmp_path, monkeypatch, limit):
    (tmp_path / "a.txt").write_text("x")
    monkeypatch.setenv("QA_MAX_FILE_MB", limit)
    with pytest.raises(CorpusError, match="QA_MAX_FILE_MB"):
        read_bytes(SourceFile(tmp_path / "a.txt", "a.txt"))


def test_jsonl_may_be_larger(tmp_path, monkeypatch):
    (tmp_path / "a.jsonl").write_bytes(b"\n" * 2_000)
    monkeypatch.setenv("QA_MAX_FILE_MB", "0.001")
    assert read_bytes(SourceFile(tmp_path / "a.jsonl", "a.jsonl"))


def test_suffix_selects_the_loader(tmp_path):
    assert [d.id for d in load(SourceFile(Path("x.jsonl"), "x.jsonl"), b'{"id": "a", "text": "b"}').documents] == ["a"]
    assert suffixes() == [f".{name}" for name in sorted(sample_files.MAKERS)]


@pytest.mark.parametrize(
    ("path", "inside"), [("r/a", True), ("r/../r/a", True), ("r/../a", False), ("ra", False), ("r", True)]
)
def test_is_inside_resolves_dots(tmp_path, path, inside):
    assert is_inside(tmp_path / path, tmp_path / "r") is inside


def test_title_is_one_line_or_the_stem():
    def titled(title):
        return make_document(id="dir/name.txt", title=title, text="", source="", media_type="text/plain").title

    assert titled(" a \n b ") == "a b"
    assert titled(" \n") == "name"
    assert len(titled("x" * 1_000)) == 500


def test_load_adds_metadata_from_the_text():
    text = "MOSCOW, January 14, 2022. /TASS/. The minister said that the answer had come."
    (document,) = load(SourceFile(Path("a.txt"), "a.txt"), text.encode()).documents
    assert (document.text, document.published, document.dated) == (text, "2022-01-14", "inferred")
    assert (document.publisher, document.language) == ("TASS", "en")


def test_date_in_the_file_is_marked_stated():
    (document,) = load(SourceFile(Path("a.jsonl"), "a.jsonl"), b'{"text": "x", "date": "2022-01-14"}').documents
    assert (document.published, document.dated) == ("2022-01-14", "stated")
