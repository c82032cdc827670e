"""Check graphs run in batches: every row's output with its index, from any thread, few rows and many."""

import threading

import numpy as np
import openvino
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openvino import opset13 as ops

from embeddings.openvino_runtime import inference
from embeddings.openvino_runtime.graph_cache import cached_graph, save_graph, with_dynamic_shape
from embeddings.openvino_runtime.inference import (
    BATCH_TOKENS,
    LATENCY,
    LENGTH_MULTIPLE,
    MIN_BATCH_TOKENS,
    MIN_LENGTH_RATIO,
    THROUGHPUT_MIN_TOKENS,
    Graph,
    split_batches,
)
from embeddings.openvino_runtime.rewrites import skip_softmax_max
from tests.embeddings.openvino_runtime.test_graph_cache import INPUTS, build_max_graph, run_rows


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("QA_HOME", str(tmp_path / "home"))


@pytest.fixture
def graph():
    return Graph(cached_graph("k", build_max_graph))


def test_every_output_comes_with_its_row_index(graph):
    # Numbers up to 256 are exact in every precision.
    random = np.random.default_rng(0)
    ids = [[index % 256 + 1] * int(length) for index, length in enumerate(random.integers(1, 200, 300))]
    types = [[index % 3] * len(row) for index, row in enumerate(ids)]
    assert len(list(split_batches([len(row) for row in ids]))) > 3
    assert run_rows(graph, ids, types) == [[index % 256 + 1, index % 3] for index in range(300)]
    assert run_rows(graph, ids) == [[index % 256 + 1, 0] for index in range(300)]


def test_padding_is_masked(graph):
    assert run_rows(graph, [[3], [4] * 40], pad_id=99) == [[3, 0], [4, 0]]


def test_no_rows_give_no_output(graph):
    assert list(graph.run([])) == []


def test_row_of_any_length_is_run(graph):
    assert run_rows(graph, [[1] * (BATCH_TOKENS[LATENCY] + 1), [2]]) == [[1, 0], [2, 0]]


def test_graph_without_token_types_gets_none():
    two = Graph(cached_graph("two", lambda folder: build_max_graph(folder, INPUTS[:2])))
    assert run_rows(two, [[3, 5], [7]], [[2, 2], [2]]) == [[5, 1], [7, 1]]


def test_threads_can_share_one_graph(graph):
    found = {}

    def run(n):
        found[n] = run_rows(graph, [[n]] * 500)

    threads = [threading.Thread(target=run, args=[n]) for n in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: [[n, 0]] * 500 for n in range(1, 7)}


def test_many_tokens_use_the_throughput_model():
    folder = cached_graph("k", build_max_graph)
    graph = Graph(folder)
    few, many = (
        [[3] * 16] * (THROUGHPUT_MIN_TOKENS // 16 - 1),
        [[index % 256 + 1] * 16 for index in range(THROUGHPUT_MIN_TOKENS // 16)],
    )
    assert run_rows(graph, few) == [[3, 0]] * len(few)
    assert not (folder / "compiled-throughput").exists()  # a question does not wait for the second model to compile
    assert run_rows(graph, many) == [[index % 256 + 1, 0] for index in range(len(many))]
    assert (folder / "compiled-throughput").is_dir()
    assert run_rows(Graph(folder), many) == run_rows(graph, many)


def build_attention_graph(folder):
    """Write a graph where each token attends to similar ones: ids (n, t) -> (n, 1), the sum of the results."""
    inputs = [ops.parameter([2, 16], np.int64) for _ in INPUTS[:2]]
    tokens = ops.convert(ops.unsqueeze(ops.multiply(*inputs), np.int64(2)), "f32")
    weights = ops.softmax(ops.matmul(tokens, tokens, transpose_a=False, transpose_b=True), -1)
    result = ops.reduce_sum(ops.matmul(weights, tokens, transpose_a=False, transpose_b=False), np.int64(1))
    save_graph(with_dynamic_shape(openvino.Model([result], inputs), INPUTS[:2]), folder)
    return {}


def test_nan_in_throughput_mode_is_computed_again():
    folder = cached_graph("attention", build_attention_graph)
    graph, core = Graph(folder), openvino.Core()
    model = core.read_model(folder / "model.xml")
    skip_softmax_max(model)
    graph._throughput_model = core.compile_model(
        model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )  # as on a processor with bfloat16
    rows = [[1 + index % 3] * 16 for index in range(THROUGHPUT_MIN_TOKENS // 16)]
    rows[5] = [100] * 16  # exp(10,000) overflows
    (wrong,) = graph._throughput_model({"input_ids": [rows[5]], "attention_mask": [[1] * 16]}).to_tuple()
    assert np.isnan(wrong).all()
    assert run_rows(graph, rows) == [[16 * row[0]] for row in rows]


def test_threads_compile_the_throughput_model_once(graph, monkeypatch):
    compiled, real = [], inference._compile
    monkeypatch.setattr(inference, "_compile", lambda *given: compiled.append(given) or real(*given))
    rows, found = [[7] * 16] * (THROUGHPUT_MIN_TOKENS // 16), []
    threads = [threading.Thread(target=lambda: found.append(run_rows(graph, rows))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[[7, 0]] * len(rows)] * 4
    assert len(compiled) == 1


def test_compiled_model_is_cached_and_replaced_when_damaged():
    folder = cached_graph("k", build_max_graph)
    Graph(folder)
    (file,) = (folder / "compiled-latency").iterdir()
    written = file.stat()
    assert run_rows(Graph(folder), [[3, 5]]) == [[5, 0]]
    assert file.stat().st_mtime_ns == written.st_mtime_ns
    assert [path.name for path in folder.iterdir() if "compiled" in path.name] == ["compiled-latency"]
    data = file.read_bytes()
    file.unlink()
    file.write_bytes(data[: len(data) // 2])
    assert cached_graph("k", build_max_graph) == folder
    assert run_rows(Graph(folder), [[3, 5]]) == [[5, 0]]


def test_compiled_model_need_not_be_cached():
    folder = cached_graph("k", build_max_graph)
    (folder / "compiled-latency").touch()  # a file where a folder should be
    assert run_rows(Graph(folder), [[3, 5]]) == [[5, 0]]
    assert sorted(path.name for path in folder.iterdir()) == [
        "about.json",
        "compiled-latency",
        "model.bin",
        "model.xml",
    ]


@given(st.lists(st.integers(1, 6000), max_size=80), st.sampled_from(list(BATCH_TOKENS.values())))
def test_batches_hold_every_row_once_longest_first(lengths, max_tokens):
    made = list(split_batches(lengths, max_tokens))
    assert sorted(index for indices in made for index in indices) == list(range(len(lengths)))
    ordered = [lengths[index] for indices in made for index in indices]
    assert ordered == sorted(lengths, reverse=True)
    for indices in made:
        padded = -(-lengths[indices[0]] // LENGTH_MULTIPLE) * LENGTH_MULTIPLE
        assert len(indices) == 1 or len(indices) * padded <= max_tokens
        beyond = [
            lengths[index] for index in indices[-(-MIN_BATCH_TOKENS // padded) :]
        ]  # much shorter rows wait for the next batch
        assert all(-(-length // LENGTH_MULTIPLE) * LENGTH_MULTIPLE >= MIN_LENGTH_RATIO * padded for length in beyond)
