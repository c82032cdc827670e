"""Run graphs without torch: rows of tokens in batches of similar length, several batches at once."""

import tempfile
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

import numpy as np
import openvino
from numpy.typing import NDArray

from embeddings.files import publish_folder
from embeddings.openvino_runtime.graph_cache import precision
from embeddings.openvino_runtime.rewrites import columns_of_products, skip_softmax_max

LATENCY, THROUGHPUT = "LATENCY", "THROUGHPUT"
"""OpenVINO's performance hints: all cores share one batch, or each core computes batches of its own."""

BATCH_TOKENS = {LATENCY: 4096, THROUGHPUT: 1024}
"""Tokens in one batch, padding included."""

THROUGHPUT_MIN_TOKENS = 4 * BATCH_TOKENS[LATENCY]
"""From so many tokens on, each core computes batches of its own: 1.13 times as many tokens a second (two cores,
bfloat16). A single question would take 1.5 times as long, and compiling a second model costs a tenth of a second."""

MIN_BATCH_TOKENS, MIN_LENGTH_RATIO = 512, 0.9
"""Once a batch has so many tokens, further rows must be at least that share of its longest row: articles of 23
passages, one by one, are embedded 1.4 times as fast as without this rule."""

LENGTH_MULTIPLE = 16
"""Row lengths are padded to multiples of this, so that few shapes occur and there is little padding."""

GROUP_SIZE = "DYNAMIC_QUANTIZATION_GROUP_SIZE"
"""OpenVINO's setting for graphs of `rewrites.store_in_bytes`: how many numbers of a token get a scale of their own, so
that a processor with VNNI multiplies bytes by bytes; with 0, and on any other processor, it computes in floats."""

BYTES_AT_ONCE = 256
"""Reading six passages of 160 tokens takes .64 of the time of bfloat16 weights and .36 of that without VNNI (two cores,
AVX-512, OpenVINO 2026.4), and the outputs differ from float32's by .016 of their standard deviation. A matrix must have
a multiple of so many columns: OpenVINO reads beyond the end of any other."""

EXTRA_REQUESTS = 2
"""Batches queued beyond those that are being computed; with only one, a core waits now and then."""


Rows: TypeAlias = Sequence[Sequence[int]]
Output: TypeAlias = NDArray[np.float32]


class Graph:
    """A compiled graph that takes rows of tokens; may be run from several threads."""

    def __init__(self, folder: Path, byte_weights: bool = False) -> None:
        """Compile the graph in `folder`; `byte_weights` says that its weights are stored in bytes."""
        self._folder, self._byte_weights = folder, byte_weights
        self._latency_model = self._compiled(LATENCY)
        self.multiplies_bytes = byte_weights and self._latency_model.get_property(GROUP_SIZE) > 0
        self._throughput_model: openvino.CompiledModel | None = None
        self._lock = threading.Lock()
        self._inputs = {port.any_name for port in self._latency_model.inputs}

    def run(self, ids: Rows, token_type_ids: Rows | None = None, pad_id: int = 0) -> Iterator[tuple[list[int], Output]]:
        """Run rows of tokens in batches of similar length.

        Args:
            ids: token ids, one non-empty row for each text.
            token_type_ids: token types of the same lengths; None means 0 throughout.
            pad_id: the token id that rows are padded with; it is masked.

        Yields:
            (indices of the batch's rows, the graph's output for them, its first axis in that order).
        """
        lengths = [len(row) for row in ids]
        hint = THROUGHPUT if sum(lengths) >= THROUGHPUT_MIN_TOKENS else LATENCY
        model = self._latency_model if hint == LATENCY else self._compile_for_throughput()
        batches = list(split_batches(lengths, BATCH_TOKENS[hint]))
        # Not an AsyncInferQueue: once used, it sometimes aborts or hangs the process at exit (OpenVINO 2026.4).
        request_count = min(model.get_property("NUM_STREAMS") + EXTRA_REQUESTS, len(batches))
        idle = [model.create_infer_request() for _ in range(request_count)]
        busy: deque[tuple[list[int], openvino.InferRequest]] = deque()
        for indices in batches:
            if not idle:
                yield self._finite(*_wait_for_oldest(busy, idle), ids, token_type_ids, pad_id)
            idle[-1].start_async(self._model_inputs(ids, token_type_ids, pad_id, indices))
            busy.append((indices, idle.pop()))
        while busy:
            yield self._finite(*_wait_for_oldest(busy, idle), ids, token_type_ids, pad_id)

    def _finite(
        self, indices: list[int], output: Output, ids: Rows, token_type_ids: Rows | None, pad_id: int
    ) -> tuple[list[int], Output]:
        """Compute a batch again if its output has a NaN or an infinity: its scores overflow `skip_softmax_max`."""
        if np.isfinite(output).all():
            return indices, output
        request = self._latency_model.create_infer_request()
        request.infer(self._model_inputs(ids, token_type_ids, pad_id, indices))
        return indices, request.get_output_tensor().data.copy()

    def _compiled(self, hint: str) -> openvino.CompiledModel:
        return _compile_bytes(self._folder, hint) if self._byte_weights else _compile(self._folder, hint)

    def _compile_for_throughput(self) -> openvino.CompiledModel:
        with self._lock:
            if self._throughput_model is None:
                self._throughput_model = self._compiled(THROUGHPUT)
            return self._throughput_model

    def _model_inputs(
        self, ids: Rows, token_type_ids: Rows | None, pad_id: int, indices: list[int]
    ) -> dict[str, NDArray[np.int64]]:
        length = _padded_length(len(ids[indices[0]]))
        inputs = {
            "input_ids": _pad([ids[index] for index in indices], length, pad_id),
            "attention_mask": _pad([[1] * len(ids[index]) for index in indices], length, 0),
            "token_type_ids": _pad([token_type_ids[index] if token_type_ids else [] for index in indices], length, 0),
        }
        return {name: value for name, value in inputs.items() if name in self._inputs}


def _compile_bytes(folder: Path, hint: str) -> openvino.CompiledModel:
    """Compile a graph whose weights are bytes; that takes a fifth of a second, so nothing is kept for the next time.

    It is tried on one token: where the processor cannot multiply bytes, some versions of OpenVINO say so only then.
    """
    core, settings = openvino.Core(), {"INFERENCE_PRECISION_HINT": precision(), "PERFORMANCE_HINT": hint}
    model = core.read_model(folder / "model.xml")
    if all(columns % BYTES_AT_ONCE == 0 for columns in columns_of_products(model)):
        fast = core.compile_model(model, "CPU", {**settings, GROUP_SIZE: BYTES_AT_ONCE})
        with suppress(RuntimeError):
            fast({port: np.ones((1, 1), np.int64) for port in fast.inputs})
            return fast
    return core.compile_model(model, "CPU", {**settings, GROUP_SIZE: 0})


def _compile(folder: Path, hint: str) -> openvino.CompiledModel:
    """Compile the graph in `folder` with that performance hint, or load what was compiled before.

    The compiled model is written to a temporary folder that is then renamed: a second process that reads a file which
    OpenVINO is still writing, or is writing again, gets wrong numbers or crashes.
    """
    settings = {"INFERENCE_PRECISION_HINT": precision(), "PERFORMANCE_HINT": hint}
    cache = temporary = folder / f"compiled-{hint.lower()}"
    try:
        if not cache.is_dir():
            temporary = Path(tempfile.mkdtemp(dir=folder, prefix=f"{cache.name}."))
        settings["CACHE_DIR"] = str(temporary)
    except OSError:
        pass  # without a writable cache the graph is compiled every time
    # OpenVINO names what it caches after the path as given, so links to one folder would each be compiled for.
    core, model = openvino.Core(), (folder / "model.xml").resolve()
    if hint == THROUGHPUT and precision() == "bf16":
        skip_softmax_max(model := core.read_model(model))
    compiled = core.compile_model(model, "CPU", settings)
    if temporary != cache:
        with suppress(OSError):  # another process was first
            publish_folder(temporary, cache)
    return compiled


def _wait_for_oldest(
    busy: deque[tuple[list[int], openvino.InferRequest]], idle: list[openvino.InferRequest]
) -> tuple[list[int], Output]:
    """Wait for the oldest batch and return its indices and output."""
    indices, request = busy.popleft()
    request.wait()
    idle.append(request)
    return indices, request.get_output_tensor().data.copy()


def split_batches(lengths: Sequence[int], max_tokens: int = BATCH_TOKENS[LATENCY]) -> Iterator[list[int]]:
    """Split rows into batches of similar length, longest first; yield the indices of each batch's rows.

    A batch holds at most `max_tokens` tokens, padding included, unless it is a single longer row. Beyond
    MIN_BATCH_TOKENS it takes no row that is much shorter than its longest: the few passages of one file would then be
    mostly padding.
    """
    order = sorted(range(len(lengths)), key=lambda index: -lengths[index])
    start = 0
    while start < len(order):
        longest = _padded_length(lengths[order[start]])
        end = min(start + max(max_tokens // longest, 1), len(order))
        min_end = start + -(-MIN_BATCH_TOKENS // longest)
        while end > min_end and _padded_length(lengths[order[end - 1]]) < MIN_LENGTH_RATIO * longest:
            end -= 1
        yield order[start:end]
        start = end


def _padded_length(length: int) -> int:
    return -(-length // LENGTH_MULTIPLE) * LENGTH_MULTIPLE


def _pad(rows: Rows, length: int, value: int) -> NDArray[np.int64]:
    padded = np.full((len(rows), length), value, dtype=np.int64)
    for index, row in enumerate(rows):
        padded[index, : len(row)] = row
    return padded
