"""Mistakes on the command line end in one clear line or an honest answer, and nothing is lost."""

import sqlite3

import pytest

from qa.store import checksum
from qa.store.schema import DATABASE_FILE
from tests.support.command import HASHING, assert_one_line_error, run

GOOD = ("--min-confidence", "0")


@pytest.fixture
def stored(ready, home):
    """The folder of the indexed corpus on disk."""
    (folder,) = (home / "corpora").iterdir()
    return folder


def ask(question, files):
    return run("ask", question, "--corpus", files, *HASHING, *GOOD)


def status(files):
    return run("status", files, *HASHING).stdout


# Files.


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, ["no text to search", "wanted files that end in .csv, .docm, "]),
        ({"a.png": b"PNG"}, ["no text to search", "wanted files that end in .csv, .docm, "]),
        ({"a.pdf": b"%PDF"}, ["a.pdf is not a PDF, or is damaged"]),
        ({"a.docx": b"PK"}, ["a.docx is not a zip archive, as its suffix says it is"]),
        ({"a.txt": b""}, ["a.txt holds no text that is read here"]),
        ({"a.txt": b"\x89PNG\r\n\x1a\n\0\0\0\r"}, ["a.txt contains NUL bytes, so it is binary"]),
        ({"a.txt": bytes(range(1, 256)) * 9}, ["a.txt is in no known text encoding"]),
        ({"a.jsonl": b"{\n"}, ["a.jsonl line 1 is not JSON"]),
        ({"a.txt": b"word " * 10_000_000}, ["a.txt is 50 MB, the limit is 32", "QA_MAX_FILE_MB=50"]),
    ],
    ids=[
        "empty folder",
        "nothing of a known kind",
        "not a PDF",
        "not a zip archive",
        "empty file",
        "binary",
        "noise",
        "no JSON",
        "50 MB in one line",
    ],
)
@pytest.mark.parametrize("command", ["ask", "index"])
def test_folder_with_nothing_to_read_is_an_error(command, files, words, tmp_path, home):
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    arguments = ("ask", "Who?", "--corpus", folder) if command == "ask" else ("index", folder)
    assert_one_line_error(run(*arguments, *HASHING), 1, *words)


@pytest.mark.parametrize(
    "data", [b"\0", bytes(range(1, 256)) * 9, b"word " * 10_000_000], ids=["NUL", "noise", "50 MB"]
)
def test_bad_file_is_named_and_index_stays(data, ready):
    """Even when the bad file replaces a good one."""
    (ready / "anna.txt").write_bytes(data)
    done = run("index", ready, *HASHING)
    assert (done.returncode, done.stdout) == (1, "2 unchanged, 1 failed.\n")
    assert done.stderr.startswith("failed: anna.txt ") and done.stderr.count("\n") == 1
    assert "She mends clocks. [1]" in ask("What does Anna mend?", ready).stdout


def test_megabyte_without_a_sentence_end_is_indexed(tmp_path, home):
    (tmp_path / "a.txt").write_text("word " * 200_000 + "Anna mends clocks in Oslo", "utf-8")
    done = run("ask", "Who mends clocks in Oslo?", "--corpus", tmp_path / "a.txt", *HASHING, *GOOD)
    assert done.returncode == 0, done.stderr
    assert "Anna mends clocks" in done.stdout


@pytest.mark.parametrize("command", ["ask", "index", "serve", "status", "doctor"])
def test_missing_path_is_an_error_and_leaves_nothing(command, home):
    arguments = ("ask", "Who?", "--corpus", "/no/such/place") if command == "ask" else (command, "/no/such/place")
    assert_one_line_error(run(*arguments, *HASHING), 1, "/no/such/place")
    assert not (home / "corpora").exists()


@pytest.mark.parametrize(
    "path",
    ["x" * 5_000, "a\nb", "Кто", "\udcff", "~nobody/x"],
    ids=["long", "two lines", "Russian", "no character", "somebody's home"],
)
def test_any_path_gives_a_one_line_error(path, home):
    assert_one_line_error(run("ask", "Who?", "--corpus", path, *HASHING), 1)


# The index.


@pytest.mark.parametrize("damage", [b"", b"garbage", bytes(5_000), None])
def test_damaged_vector_file_is_rebuilt_with_a_note(damage, ready, stored):
    wanted = ask("What does Anna mend?", ready)
    path = stored / "vectors.faiss"
    path.write_bytes(path.read_bytes()[:-9] if damage is None else damage)
    done = ask("What does Anna mend?", ready)
    assert (done.returncode, done.stdout) == (0, wanted.stdout)
    assert done.stderr.startswith("note: vectors.faiss was rebuilt") and done.stderr.count("\n") == 1
    assert ask("What does Anna mend?", ready).stderr == ""  # once is enough


def garbage(data):
    return b"garbage" * 999


def truncated(data):
    return data[: len(data) // 3]


def overwritten(data):
    return data[:4096] + b"\xa5" * 20_480 + data[24_576:]


@pytest.mark.parametrize("damage", [garbage, truncated, overwritten])
def test_damaged_database_is_an_error_and_stays(damage, ready, stored):
    path = stored / DATABASE_FILE
    path.write_bytes(damage(path.read_bytes()))
    found = path.read_bytes()
    for arguments in (
        ("ask", "Who?", "--corpus", ready),
        ("index", ready),
        ("serve", ready, "--port", "0"),
    ):
        assert_one_line_error(run(*arguments, *HASHING), 1, DATABASE_FILE, "is damaged", "type: qa doctor --repair")
    assert path.read_bytes() == found
    assert run("doctor", ready, "--repair", *HASHING).returncode == 0  # what the message says
    assert "She mends clocks. [1]" in ask("What does Anna mend?", ready).stdout


def test_index_of_another_encoder_stays_as_it_is(ready, stored):
    before = status(ready)
    rename(stored, "other-model", "other")
    for arguments in (("ask", "Who?", "--corpus", ready), ("index", ready), ("status", ready)):
        done = run(*arguments, *HASHING)
        assert_one_line_error(done, 1, "was made with other-model (other)", "got hashing", "name that encoder")
    rename(stored, "hashing", "hashing-256-v1")
    assert status(ready) == before


def rename(folder, name, fingerprint):
    checksum.remove(folder / DATABASE_FILE)
    database = sqlite3.connect(folder / DATABASE_FILE)
    with database:
        database.execute("UPDATE meta SET value = ? WHERE key = 'encoder_name'", (name,))
        database.execute("UPDATE meta SET value = ? WHERE key = 'encoder'", (fingerprint,))
    database.close()


# Questions.


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", "the question is empty"),
        (" \n\t ", "the question is empty"),
        ("\x1b[31m\x07", "the question is empty"),
        ("x" * 100_000, "the question has 100,000 characters, the limit is 2,000"),
    ],
    ids=["empty", "blank", "only controls", "100,000 characters"],
)
def test_empty_or_long_question_is_an_error(question, words, ready):
    assert_one_line_error(ask(question, ready), 1, words)


@pytest.mark.parametrize(
    "question",
    [
        "Who\x01 \x1b[31mmends\x1b[0m clocks\x07?",
        "من يصلح الساعات؟",
        "\u202eWho mends clocks?\u202c",
        "🕰️ 👩‍🔧 🤷?",
        "Кто чинит часы?",
        "who \udcff mends clocks?",
        '"mends" OR NEAR(clocks) -x: *',
        "e\u0301" * 900,
    ],
    ids=["controls", "Arabic", "right to left", "emoji", "Russian", "half a character", "FTS5", "combining"],
)
def test_any_other_question_gets_an_honest_answer(question, ready):
    """Refused, or answered with a sentence from the documents; never a traceback."""
    for least in ("0", "0.6"):
        done = run("ask", question, "--corpus", ready, *HASHING, "--min-confidence", least)
        assert (done.returncode, done.stderr) == (0, "")
        said = done.stdout.split("\n", 1)[0]
        texts = [path.read_text("utf-8") for path in ready.iterdir()]
        quoted = said.split(" [1]")[0]
        assert said.startswith("The documents do not answer this.") or any(quoted in text for text in texts)
        assert "\x1b" not in done.stdout


def test_asking_does_not_change_the_index(ready):
    before = status(ready)
    for question in ("", "x" * 3_000, "Кто чинит часы?"):
        ask(question, ready)
    assert status(ready) == before


def test_control_characters_do_not_prevent_an_answer(ready):
    assert "She mends clocks. [1]" in ask("What\x01 does \x1b[1;31mAnna\x1b[0m mend\x07?", ready).stdout
