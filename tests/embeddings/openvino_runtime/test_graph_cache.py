"""Check that graphs are built once and are complete wherever they are found."""

import json
import subprocess
import sys
import threading

import numpy as np
import openvino
import pytest
from openvino import opset13 as ops

from embeddings.openvino_runtime.graph_cache import (
    cached_graph,
    precision,
    read_metadata,
    save_graph,
    with_dynamic_shape,
)
from embeddings.openvino_runtime.inference import Graph
from embeddings.paths import cache_folder
from tests.support.paths import ROOT

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("QA_HOME", str(tmp_path / "home"))


def build_max_graph(folder, names=INPUTS):
    """Write a graph that returns a row's largest masked id and largest last input: three (n, t) -> (n, 2)."""
    given = [ops.parameter([2, 16], np.int64) for _ in names]
    columns = (ops.multiply(given[0], given[1]), given[-1])
    columns = [ops.reduce_max(column, np.int64(1), keep_dims=True) for column in columns]
    result = ops.convert(ops.concat(columns, 1), "f32")
    save_graph(with_dynamic_shape(openvino.Model([result], given), names), folder)
    return {"names": list(names)}


def run_rows(graph, ids, token_type_ids=None, **more):
    """Return the output of each row, in the order of the rows."""
    found = {}
    for indices, output in graph.run(ids, token_type_ids, **more):
        assert len(indices) == len(output)
        found |= dict(zip(indices, output.astype(int).tolist(), strict=True))
    return [found[index] for index in range(len(ids))]


def counting(built):
    def build(folder):
        built.append(folder)
        return build_max_graph(folder)

    return build


def graphs():
    return sorted(path.name for path in (cache_folder() / "graphs").iterdir())


def test_graph_is_built_once():
    built = []
    first = cached_graph("k", counting(built))
    assert cached_graph("k", counting(built)) == first
    assert len(built) == 1
    assert cached_graph("other", counting(built)) != first
    assert len(built) == 2
    assert len(graphs()) == 2
    assert first.parent == cache_folder() / "graphs"
    assert first.name.startswith("k-")
    assert first.name.endswith(precision())


def test_builder_metadata_is_stored():
    assert read_metadata(cached_graph("k", build_max_graph))["names"] == list(INPUTS)


def cut(folder):
    data = (folder / "model.xml").read_bytes()
    (folder / "model.xml").write_bytes(data[: len(data) // 2])


DAMAGE = {
    "truncated file": cut,
    "missing file": lambda folder: (folder / "model.bin").unlink(),
    "missing metadata": lambda folder: (folder / "about.json").unlink(),
    "truncated metadata": lambda folder: (folder / "about.json").write_text('{"sizes": {'),
    "no sizes": lambda folder: (folder / "about.json").write_text("{}"),
    "metadata of another shape": lambda folder: (folder / "about.json").write_text("[]"),
    "metadata not UTF-8": lambda folder: (folder / "about.json").write_bytes(b"\xff\xfe"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damaged_graph_is_kept_and_rebuilt_elsewhere(damage):
    built = []
    folder = cached_graph("k", counting(built))
    damage(folder)
    left = {file.name: file.read_bytes() for file in folder.iterdir()}
    again = cached_graph("k", counting(built))
    assert again == cached_graph("k", counting(built)) != folder
    assert len(built) == 2
    assert run_rows(Graph(again), [[3, 5]]) == [[5, 0]]
    assert sorted(graphs()) == sorted([folder.name, again.name])
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == left


def test_file_of_the_same_name_is_avoided():
    folder = cached_graph("k", build_max_graph)
    folder.rename(folder.with_name("moved"))
    folder.write_text("no folder")
    assert run_rows(Graph(cached_graph("k", build_max_graph)), [[3]]) == [[3, 0]]
    assert folder.read_text() == "no folder"


def test_failed_build_leaves_nothing_behind():
    def failing(folder):
        build_max_graph(folder)
        raise RuntimeError("no memory")

    with pytest.raises(RuntimeError, match="no memory"):
        cached_graph("k", failing)
    assert graphs() == []
    assert run_rows(Graph(cached_graph("k", build_max_graph)), [[3]]) == [[3, 0]]


def test_read_only_cache_still_gives_a_graph(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("QA_HOME", str(tmp_path / "file" / "home"))
    folder = cached_graph("k", build_max_graph)
    assert run_rows(Graph(folder), [[3, 5]]) == [[5, 0]]
    assert tmp_path not in folder.parents


@pytest.mark.parametrize("damaged", [False, True])
def test_threads_that_build_at_once_get_complete_graphs(damaged):
    for n in range(3):
        if damaged:
            cut(cached_graph(f"k{n}", build_max_graph))
        together, found = threading.Barrier(4), []

        def build(folder, together=together):
            known = build_max_graph(folder)
            together.wait()
            return known

        def get(n=n, build=build, found=found):
            folder = cached_graph(f"k{n}", build)
            found.append((folder, run_rows(Graph(folder), [[3, 5]])))

        threads = [threading.Thread(target=get) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 4
        assert all(result == (found[0][0], [[5, 0]]) for result in found)
    assert len(graphs()) == (6 if damaged else 3)


def test_threads_rebuild_the_same_damaged_graph():
    failed = []
    for n in range(100):
        (cached_graph(f"k{n}", write_note) / "note.txt").write_text("damaged")
        together = threading.Barrier(4)

        def get(n=n, together=together):
            try:
                assert (
                    cached_graph(f"k{n}", lambda folder: write_note(folder, together)) / "note.txt"
                ).read_text() == "complete"
            except Exception as error:
                failed.append(error)

        threads = [threading.Thread(target=get) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []


def write_note(folder, together=None):
    (folder / "note.txt").write_text("complete")
    if together:
        together.wait()
    return {}


CHILD = """
from tests.embeddings.openvino_runtime.test_graph_cache import Graph, build_max_graph, cached_graph, run_rows
def build(folder):
    print("building", flush=True)
    input()
    return build_max_graph(folder)
folder = cached_graph("k", build)
print(folder, run_rows(Graph(folder), [[3, 5]]), flush=True)
cached_graph.graph = Graph(folder)  # still there when the process ends
run_rows(cached_graph.graph, [[3, 5]] * 600)
"""


def test_processes_that_build_at_once_share_one_graph():
    command = [sys.executable, "-c", CHILD]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    children = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(4)]
    assert [child.stdout.readline() for child in children] == ["building\n"] * 4
    for child in children:
        child.stdin.write("\n")
        child.stdin.flush()
    ends = [(*child.communicate(timeout=120), child.returncode) for child in children]
    (name,) = graphs()
    assert ends == [(f"{cache_folder() / 'graphs' / name} [[5, 0]]\n", "", 0)] * 4


def test_metadata_lists_the_size_of_every_file():
    folder = cached_graph("k", build_max_graph)
    sizes = json.loads((folder / "about.json").read_text("utf-8"))["sizes"]
    assert sizes == {file.name: file.stat().st_size for file in folder.iterdir() if file.name != "about.json"}
    assert set(sizes) >= {"model.xml", "model.bin"}
