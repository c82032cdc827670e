"""Files and folders that appear whole or not at all."""

import subprocess
import sys
import threading

import pytest

from embeddings.files import NAME_CHARS, atomic_write, publish_folder, sync, temporary_beside

WRITER = """
import sys
from pathlib import Path
from embeddings.files import atomic_write
with atomic_write(Path(sys.argv[1])) as part:
    part.write_text("half")
    print("half written", flush=True)
    sys.stdin.readline()
    part.write_text("the child's")
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "file.json"
    path.write_text("old")
    return path


def names(path):
    return [file.name for file in path.parent.iterdir()]


def test_file_is_replaced_after_the_block(path):
    with atomic_write(path) as part:
        part.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert names(path) == ["file.json"]


def test_file_is_made_where_none_was(tmp_path):
    with atomic_write(tmp_path / "new") as part:
        part.write_bytes(b"x")
    assert (tmp_path / "new").read_bytes() == b"x"


@pytest.mark.parametrize("error", [ValueError, OSError, KeyboardInterrupt])
def test_failed_write_leaves_old_file_alone(path, error):
    with pytest.raises(error), atomic_write(path) as part:
        part.write_text("half")
        raise error
    assert path.read_text() == "old"
    assert names(path) == ["file.json"]


def test_failed_rename_leaves_no_temporary_file(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(OSError), atomic_write(folder) as part:
        part.write_text("new")
    assert names(folder) == ["folder"]


def test_writing_nothing_is_an_error(path):
    with pytest.raises(FileNotFoundError), atomic_write(path):
        pass
    assert path.read_text() == "old"


def test_last_of_two_writers_wins(path):
    with atomic_write(path) as one:
        with atomic_write(path) as other:
            one.write_text("one")
            other.write_text("other")
        assert path.read_text() == "other"
    assert path.read_text() == "one"
    assert names(path) == ["file.json"]


def test_threads_never_mix_what_they_write(path):
    together = threading.Barrier(8)

    def write(text):
        with atomic_write(path) as part:
            part.write_text(text[:50_000])
            together.wait()
            part.write_text(text)

    texts = [str(number) * 100_000 for number in range(8)]
    threads = [threading.Thread(target=write, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() in texts
    assert names(path) == ["file.json"]


def test_two_processes_write_at_once(path):
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "half written\n"
        with atomic_write(path) as part:
            part.write_text("ours")
        assert path.read_text() == "ours"
        child.communicate("\n")
    assert child.returncode == 0
    assert path.read_text() == "the child's"
    assert names(path) == ["file.json"]


def test_killed_writer_leaves_old_file_alone(path):
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "half written\n"
        child.kill()
    assert path.read_text() == "old"
    with atomic_write(path) as part:
        part.write_text("new")
    assert path.read_text() == "new"


def test_temporary_name_resembles_the_final_one(path):
    with temporary_beside(path) as part, temporary_beside(path) as other:
        assert part != other
        assert part.parent == path.parent
        assert part.name.startswith("file.json.") and part.suffix == ".part"
        assert not part.exists()


def test_longest_possible_name_can_be_written(tmp_path):
    name = "é" * 127  # 254 bytes
    with atomic_write(tmp_path / name) as part:
        assert part.name.startswith("é" * NAME_CHARS + ".")
        part.write_text("x")
    assert (tmp_path / name).read_text() == "x"


def test_temporary_file_can_be_moved_away(path):
    with temporary_beside(path) as part:
        part.write_text("new")
        sync(part)
        part.replace(path)
    assert path.read_text() == "new"
    assert names(path) == ["file.json"]


def test_folder_is_published_once(tmp_path):
    place = tmp_path / "place"
    for number in range(2):
        finished = tmp_path / f"finished{number}"
        finished.mkdir()
        (finished / "file").write_text(str(number))
        if number == 0:
            publish_folder(finished, place)
        else:
            with pytest.raises(OSError):
                publish_folder(finished, place)
    assert (place / "file").read_text() == "0"
    assert [file.name for file in tmp_path.iterdir()] == ["place"]
