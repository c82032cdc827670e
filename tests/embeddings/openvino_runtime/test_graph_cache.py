"""Graphs: built once, and whole wherever they are found."""

import json
import subprocess
import sys
import threading

import numpy as np
import openvino
import pytest
from openvino import opset13 as ops

from embeddings.openvino_runtime.graph_cache import about, kept, precision, save, shaped
from embeddings.openvino_runtime.inference import Graph
from embeddings.paths import cache_folder
from tests.support.paths import ROOT

NAMES = ("input_ids", "attention_mask", "token_type_ids")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("QA_HOME", str(tmp_path / "home"))


def largest(place, names=NAMES):
    """Writes a graph of the largest masked id and the largest last input of a row: (n, t) thrice -> (n, 2)."""
    given = [ops.parameter([2, 16], np.int64) for _ in names]
    columns = (ops.multiply(given[0], given[1]), given[-1])
    columns = [ops.reduce_max(column, np.int64(1), keep_dims=True) for column in columns]
    result = ops.convert(ops.concat(columns, 1), "f32")
    save(shaped(openvino.Model([result], given), names), place)
    return {"names": list(names)}


def outputs(graph, ids, kinds=None, **more):
    """Of each row, in the order of the rows."""
    found = {}
    for places, output in graph.run(ids, kinds, **more):
        assert len(places) == len(output)
        found |= dict(zip(places, output.astype(int).tolist(), strict=True))
    return [found[place] for place in range(len(ids))]


def counting(built):
    def build(place):
        built.append(place)
        return largest(place)

    return build


def graphs():
    return sorted(path.name for path in (cache_folder() / "graphs").iterdir())


def test_a_graph_is_built_once():
    built = []
    first = kept("k", counting(built))
    assert kept("k", counting(built)) == first
    assert len(built) == 1
    assert kept("other", counting(built)) != first
    assert len(built) == 2
    assert len(graphs()) == 2
    assert first.parent == cache_folder() / "graphs"
    assert first.name.startswith("k-")
    assert first.name.endswith(precision())


def test_what_the_builder_said_is_remembered():
    assert about(kept("k", largest))["names"] == list(NAMES)


def cut(place):
    data = (place / "model.xml").read_bytes()
    (place / "model.xml").write_bytes(data[: len(data) // 2])


DAMAGE = {
    "half a file": cut,
    "a file gone": lambda place: (place / "model.bin").unlink(),
    "nothing noted": lambda place: (place / "about.json").unlink(),
    "half a note": lambda place: (place / "about.json").write_text('{"sizes": {'),
    "no sizes": lambda place: (place / "about.json").write_text("{}"),
    "another note": lambda place: (place / "about.json").write_text("[]"),
    "no text": lambda place: (place / "about.json").write_bytes(b"\xff\xfe"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_graph_is_left_and_built_again_beside(damage):
    built = []
    place = kept("k", counting(built))
    damage(place)
    left = {file.name: file.read_bytes() for file in place.iterdir()}
    again = kept("k", counting(built))
    assert again == kept("k", counting(built)) != place
    assert len(built) == 2
    assert outputs(Graph(again), [[3, 5]]) == [[5, 0]]
    assert sorted(graphs()) == sorted([place.name, again.name])
    assert {file.name: file.read_bytes() for file in place.iterdir()} == left


def test_a_file_in_its_place_is_no_obstacle():
    place = kept("k", largest)
    place.rename(place.with_name("moved"))
    place.write_text("no folder")
    assert outputs(Graph(kept("k", largest)), [[3]]) == [[3, 0]]
    assert place.read_text() == "no folder"


def test_a_build_that_fails_leaves_nothing_behind():
    def failing(place):
        largest(place)
        raise RuntimeError("no memory")

    with pytest.raises(RuntimeError, match="no memory"):
        kept("k", failing)
    assert graphs() == []
    assert outputs(Graph(kept("k", largest)), [[3]]) == [[3, 0]]


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("QA_HOME", str(tmp_path / "file" / "home"))
    place = kept("k", largest)
    assert outputs(Graph(place), [[3, 5]]) == [[5, 0]]
    assert tmp_path not in place.parents


@pytest.mark.parametrize("damaged", [False, True])
def test_threads_that_build_at_once_all_get_a_whole_one(damaged):
    for n in range(3):
        if damaged:
            cut(kept(f"k{n}", largest))
        together, found = threading.Barrier(4), []

        def build(place, together=together):
            known = largest(place)
            together.wait()
            return known

        def get(n=n, build=build, found=found):
            place = kept(f"k{n}", build)
            found.append((place, outputs(Graph(place), [[3, 5]])))

        threads = [threading.Thread(target=get) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 4
        assert all(result == (found[0][0], [[5, 0]]) for result in found)
    assert len(graphs()) == (6 if damaged else 3)


def test_threads_that_find_the_same_damaged_one_do_not_trip_over_each_other():
    failed = []
    for n in range(100):
        (kept(f"k{n}", note) / "note.txt").write_text("damaged")
        together = threading.Barrier(4)

        def get(n=n, together=together):
            try:
                assert (kept(f"k{n}", lambda beside: note(beside, together)) / "note.txt").read_text() == "whole"
            except Exception as error:
                failed.append(error)

        threads = [threading.Thread(target=get) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []


def note(place, together=None):
    (place / "note.txt").write_text("whole")
    if together:
        together.wait()
    return {}


CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.embeddings.openvino_runtime.test_graph_cache import Graph, kept, largest, outputs
def build(place):
    print("building", flush=True)
    input()
    return largest(place)
place = kept("k", build)
print(place, outputs(Graph(place), [[3, 5]]), flush=True)
kept.graph = Graph(place)  # still there when the process ends
outputs(kept.graph, [[3, 5]] * 600)
"""


def test_processes_that_build_at_once_all_get_a_whole_one_and_end_well():
    command = [sys.executable, "-c", CHILD, str(ROOT / "tests")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    children = [subprocess.Popen(command, **pipes) for _ in range(4)]
    assert [child.stdout.readline() for child in children] == ["building\n"] * 4
    for child in children:
        child.stdin.write("\n")
        child.stdin.flush()
    ends = [(*child.communicate(timeout=120), child.returncode) for child in children]
    (name,) = graphs()
    assert ends == [(f"{cache_folder() / 'graphs' / name} [[5, 0]]\n", "", 0)] * 4


def test_the_note_is_json_with_the_size_of_every_file():
    place = kept("k", largest)
    sizes = json.loads((place / "about.json").read_text("utf-8"))["sizes"]
    assert sizes == {file.name: file.stat().st_size for file in place.iterdir() if file.name != "about.json"}
    assert set(sizes) >= {"model.xml", "model.bin"}
