"""The commands that maintain a corpus, as real processes."""

import json

from qa.store.schema import DATABASE_FILE
from tests.support.command import HASHING, assert_one_line_error, run


def test_status_shows_every_file(files, home):
    (files / "bad.txt").write_bytes(b"\0")
    run("index", files, *HASHING)
    done = run("status", files, *HASHING)
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("anna.txt", "boris.md", "more.jsonl", "bad.txt", "failed", "NUL"))


def test_status_json_has_ledger_and_near_duplicates(ready, home):
    (ready / "copy.txt").write_bytes((ready / "anna.txt").read_bytes())
    run("index", ready, *HASHING)
    made = json.loads(run("status", ready, *HASHING, "--json").stdout)
    assert [file["name"] for file in made["files"]] == ["anna.txt", "boris.md", "copy.txt", "more.jsonl"]
    assert all(file["seconds"] > 0 and file["at"] and file["passages"] for file in made["files"])
    assert made["copies"] == [["anna.txt", "copy.txt"]] and made["passages"] > 3


def test_forget_proves_erasure_and_can_be_undone(ready, home):
    done = run("forget", ready / "anna.txt", "--corpus", ready, *HASHING, "--json")
    receipt = json.loads(done.stdout)
    assert (done.returncode, receipt["name"], receipt["found"], receipt["documents"]) == (0, "anna.txt", [], 1)
    assert not [file for file in home.rglob("*") if file.is_file() and b"mends clocks" in file.read_bytes()]
    assert "forgotten" in run("status", ready, *HASHING).stdout
    done = run("forget", "boris.md", "--corpus", ready, *HASHING)
    assert "none is left" in done.stdout and (ready / "boris.md").exists()
    assert_one_line_error(run("forget", "anna.txt", "--corpus", ready, *HASHING), 1, "anna.txt", "qa status")
    assert run("forget", "anna.txt", "--corpus", ready, "--undo", *HASHING).returncode == 0
    assert "1 indexed" in run("index", ready, *HASHING).stdout


def test_doctor_finds_and_repairs_damage(ready, home):
    done = run("doctor", ready, *HASHING)
    assert done.returncode == 0
    assert "no damage found" in done.stdout
    (corpus,) = (home / "corpora").iterdir()
    (corpus / "vectors.faiss").write_bytes(b"garbage")
    done = run("doctor", ready, *HASHING)
    assert done.returncode == 0
    assert "rebuilt" in done.stderr
    (corpus / DATABASE_FILE).write_bytes(b"garbage" * 999)
    done = run("doctor", ready, *HASHING)
    assert_one_line_error(done, 1, DATABASE_FILE, "damaged")
    assert (corpus / DATABASE_FILE).read_bytes() == b"garbage" * 999
    done = run("doctor", ready, "--repair", *HASHING)
    assert done.returncode == 0 and "rebuilt: 3 indexed" in done.stdout
    (copy,) = (home / "corpora").glob("*.set-aside-*")
    assert (copy / DATABASE_FILE).read_bytes() == b"garbage" * 999
    assert run("doctor", ready, "--repair", *HASHING).stdout.endswith("no damage found.\n")


def test_status_and_doctor_change_no_undamaged_file(ready, home):
    def state():
        return {path: path.read_bytes() for path in home.rglob("*") if path.is_file() and "-wal" not in path.name}

    before = state()
    run("status", ready, *HASHING)
    run("doctor", ready, *HASHING)
    assert {path: data for path, data in state().items() if "-shm" not in path.name} == before
