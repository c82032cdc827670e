"""Graphs run in batches: every row's result with its place, from any thread, few rows and many."""

import threading

import numpy as np
import openvino
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openvino import opset13 as ops

from embeddings.openvino_runtime import inference
from embeddings.openvino_runtime.graph_cache import kept, save, shaped
from embeddings.openvino_runtime.inference import BULK, BULK_TOKENS, ENOUGH, LIKE, ROUNDED, TOKENS, Graph, batches
from embeddings.openvino_runtime.rewrites import without_highest
from tests.embeddings.openvino_runtime.test_graph_cache import NAMES, largest, outputs


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("QA_HOME", str(tmp_path / "home"))


@pytest.fixture
def graph():
    return Graph(kept("k", largest))


def test_every_row_s_result_comes_with_its_place(graph):
    # Numbers up to 256 are exact in every precision.
    random = np.random.default_rng(0)
    ids = [[place % 256 + 1] * int(length) for place, length in enumerate(random.integers(1, 200, 300))]
    kinds = [[place % 3] * len(row) for place, row in enumerate(ids)]
    assert len(list(batches([len(row) for row in ids]))) > 3
    assert outputs(graph, ids, kinds) == [[place % 256 + 1, place % 3] for place in range(300)]
    assert outputs(graph, ids) == [[place % 256 + 1, 0] for place in range(300)]


def test_what_rows_are_filled_up_with_is_masked(graph):
    assert outputs(graph, [[3], [4] * 40], pad=99) == [[3, 0], [4, 0]]


def test_no_rows_give_nothing(graph):
    assert list(graph.run([])) == []


def test_a_row_of_any_length_is_run(graph):
    assert outputs(graph, [[1] * (TOKENS + 1), [2]]) == [[1, 0], [2, 0]]


def test_a_graph_without_token_types_is_given_none():
    two = Graph(kept("two", lambda place: largest(place, NAMES[:2])))
    assert outputs(two, [[3, 5], [7]], [[2, 2], [2]]) == [[5, 1], [7, 1]]


def test_several_threads_may_run_one_graph(graph):
    found = {}

    def run(n):
        found[n] = outputs(graph, [[n]] * 500)

    threads = [threading.Thread(target=run, args=[n]) for n in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: [[n, 0]] * 500 for n in range(1, 7)}


def test_many_tokens_are_run_by_each_core_for_itself():
    place = kept("k", largest)
    graph = Graph(place)
    few, many = [[3] * 16] * (BULK // 16 - 1), [[place % 256 + 1] * 16 for place in range(BULK // 16)]
    assert outputs(graph, few) == [[3, 0]] * len(few)
    assert not (place / "compiled-throughput").exists()  # a question waits for nothing that only many need
    assert outputs(graph, many) == [[place % 256 + 1, 0] for place in range(len(many))]
    assert (place / "compiled-throughput").is_dir()
    assert outputs(Graph(place), many) == outputs(graph, many)


def attending(place):
    """Writes a graph where each token of a row takes from those like it: ids (n, t) -> (n, 1), all that is taken."""
    inputs = [ops.parameter([2, 16], np.int64) for _ in NAMES[:2]]
    tokens = ops.convert(ops.unsqueeze(ops.multiply(*inputs), np.int64(2)), "f32")
    weights = ops.softmax(ops.matmul(tokens, tokens, transpose_a=False, transpose_b=True), -1)
    result = ops.reduce_sum(ops.matmul(weights, tokens, transpose_a=False, transpose_b=False), np.int64(1))
    save(shaped(openvino.Model([result], inputs), NAMES[:2]), place)
    return {}


def test_what_is_no_number_in_bulk_is_computed_once_more():
    place = kept("attending", attending)
    graph, core = Graph(place), openvino.Core()
    model = core.read_model(place / "model.xml")
    without_highest(model)
    graph._bulk = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})  # as where there is bfloat16
    rows = [[1 + place % 3] * 16 for place in range(BULK // 16)]
    rows[5] = [100] * 16  # exp(10,000) is no number
    (wrong,) = graph._bulk({"input_ids": [rows[5]], "attention_mask": [[1] * 16]}).to_tuple()
    assert np.isnan(wrong).all()
    assert outputs(graph, rows) == [[16 * row[0]] for row in rows]


def test_threads_that_run_many_tokens_at_once_compile_once(graph, monkeypatch):
    compiled, real = [], inference._compiled
    monkeypatch.setattr(inference, "_compiled", lambda *given: compiled.append(given) or real(*given))
    rows, found = [[7] * 16] * (BULK // 16), []
    threads = [threading.Thread(target=lambda: found.append(outputs(graph, rows))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[[7, 0]] * len(rows)] * 4
    assert len(compiled) == 1


def test_what_was_compiled_is_kept_and_may_be_damaged():
    place = kept("k", largest)
    Graph(place)
    (file,) = (place / "compiled-latency").iterdir()
    written = file.stat()
    assert outputs(Graph(place), [[3, 5]]) == [[5, 0]]
    assert file.stat().st_mtime_ns == written.st_mtime_ns
    assert [path.name for path in place.iterdir() if "compiled" in path.name] == ["compiled-latency"]
    data = file.read_bytes()
    file.unlink()
    file.write_bytes(data[: len(data) // 2])
    assert kept("k", largest) == place
    assert outputs(Graph(place), [[3, 5]]) == [[5, 0]]


def test_what_is_compiled_need_not_be_kept():
    place = kept("k", largest)
    (place / "compiled-latency").touch()  # a file, where a folder would have to be
    assert outputs(Graph(place), [[3, 5]]) == [[5, 0]]
    assert sorted(path.name for path in place.iterdir()) == ["about.json", "compiled-latency", "model.bin", "model.xml"]


@given(st.lists(st.integers(1, 6000), max_size=80), st.sampled_from([TOKENS, BULK_TOKENS]))
def test_batches_hold_every_place_once_the_longest_first(lengths, most):
    made = list(batches(lengths, most))
    assert sorted(place for places in made for place in places) == list(range(len(lengths)))
    ordered = [lengths[place] for places in made for place in places]
    assert ordered == sorted(lengths, reverse=True)
    for places in made:
        padded = -(-lengths[places[0]] // ROUNDED) * ROUNDED
        assert len(places) == 1 or len(places) * padded <= most
        beyond = [lengths[place] for place in places[-(-ENOUGH // padded) :]]  # those much shorter wait for the next
        assert all(-(-length // ROUNDED) * ROUNDED >= LIKE * padded for length in beyond)
