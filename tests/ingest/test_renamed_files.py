"""Renamed files, and files that are skipped."""

from qa.ingest.indexing import index


def statuses(report):
    return {entry.name: entry.status for entry in report.entries}


def ids(corpus):
    return [listed.id for listed in corpus.documents()]


def test_renamed_file_keeps_its_passages(indexed, files):
    keys, embedded = indexed.matching(["oslo"], 5).keys(), indexed.encoder.embedded
    (files / "anna.txt").rename(files / "z.txt")
    before = indexed.fingerprint
    assert str(index(indexed, [files])) == "1 renamed, 2 unchanged"
    assert ids(indexed) == ["boris.md", "c1", "z.txt"]
    assert indexed.matching(["oslo"], 5).keys() == keys and indexed.encoder.embedded == embedded
    assert [p.document_id for p in indexed.passages(list(keys))] == ["z.txt"]
    assert indexed.document("z.txt").source == "z.txt"
    assert indexed.fingerprint != before and indexed.check() == []
    assert str(index(indexed, [files])) == "3 unchanged"
    (files / "z.txt").rename(files / "anna.txt")
    index(indexed, [files])
    assert indexed.fingerprint == before


def test_file_titled_by_its_name_is_embedded_again(corpus, tmp_path):
    folder = tmp_path / "named"
    folder.mkdir()
    text = "A paragraph without a title, " * 20 + "that nobody would take for one."
    (folder / "oslo.txt").write_text(text)
    index(corpus, [folder])
    (folder / "oslo.txt").rename(folder / "riga.txt")
    assert statuses(index(corpus, [folder])) == {"oslo.txt": "deleted", "riga.txt": "indexed"}
    assert corpus.document("riga.txt").title == "riga"


def test_of_equal_files_the_missing_one_was_renamed(indexed, files):
    (files / "copy.txt").write_bytes((files / "anna.txt").read_bytes())
    index(indexed, [files])
    (files / "anna.txt").rename(files / "z.txt")
    (files / "other.txt").write_bytes((files / "copy.txt").read_bytes())
    assert sorted(statuses(index(indexed, [files])).items()) == [
        ("boris.md", "unchanged"), ("copy.txt", "unchanged"), ("more.jsonl", "unchanged"), ("other.txt", "renamed"),
        ("z.txt", "indexed"),
    ]  # fmt: skip
    assert ids(indexed) == ["boris.md", "c1", "copy.txt", "other.txt", "z.txt"]


def test_renaming_to_a_taken_id_changes_nothing(indexed, files):
    (files / "more.jsonl").write_text('{"id": "z.txt", "text": "Carl keeps bees."}')
    index(indexed, [files])
    (files / "anna.txt").rename(files / "z.txt")
    assert statuses(index(indexed, [files]))["z.txt"] == "failed"
    assert ids(indexed) == ["boris.md", "z.txt"]
    assert indexed.check() == []


def test_file_turned_into_outward_link_is_removed(indexed, files):
    (files / "anna.txt").unlink()
    (files / "anna.txt").symlink_to("/etc/hostname")
    for _ in range(2):
        assert str(index(indexed, [files])) == "2 unchanged, 1 skipped"
        assert {entry.name: entry.status for entry in indexed.ledger()}["anna.txt"] == "skipped"
    assert ids(indexed) == ["boris.md", "c1"]


def test_unsupported_files_are_recorded_as_skipped(indexed, files):
    (files / "photo.jpg").write_bytes(b"\xff\xd8")
    (files / "README").write_text("Dora tunes pianos.")
    (files / "out.txt").symlink_to("/etc/hostname")
    (files / ".hidden").write_text("x")
    assert str(index(indexed, [files])) == "3 unchanged, 3 skipped"
    reasons = {entry.name: entry.reason for entry in indexed.ledger() if entry.status == "skipped"}
    assert reasons == {
        "photo.jpg": "has the unsupported file type .jpg",
        "README": "has no suffix, so its file type is unknown",
        "out.txt": "is a link out of the folder",
    }
    (files / "photo.jpg").unlink()
    (files / "README").rename(files / "readme.txt")
    report = index(indexed, [files])
    assert (str(report), report.note) == ("1 indexed, 3 unchanged, 1 skipped", "")
    (files / "out.txt").unlink()
    assert [index(indexed, [files]).note for _ in range(2)] == ["", ""]
    assert [entry for entry in indexed.ledger() if entry.status == "skipped"] == []
