"""Graphs run without torch: rows of tokens in batches, several under way at once."""

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
from embeddings.openvino_runtime.rewrites import without_highest

TOKENS, BULK_TOKENS = 4096, 1024
"""In one batch, padding included: of what all cores compute together, and of what each computes by itself."""

BULK = 4 * TOKENS
"""Tokens from which on each core takes batches of its own: 1.13 times as many a second (two cores, bfloat16), but a
single question takes 1.5 times as long, and a model compiled for it costs a tenth of a second once more."""

ENOUGH, LIKE = 512, 0.9
"""Tokens that are worth a batch, and the share of its longest row that the others have, beyond so many: articles of 23
passages, one by one, are embedded 1.4 times as fast as without."""

ROUNDED = 16
"""Lengths are padded to multiples of this, so that few shapes occur and little is padding."""

WAITING = 2
"""Batches under way beyond those that are computed at once; with one, a core waits now and then."""


Rows: TypeAlias = Sequence[Sequence[int]]
Numbers: TypeAlias = NDArray[np.float32]


class Graph:
    """A compiled graph that takes rows of tokens; may be run from several threads."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._model = _compiled(place, "LATENCY")
        self._bulk: openvino.CompiledModel | None = None
        self._lock = threading.Lock()
        self._inputs = {port.any_name for port in self._model.inputs}

    def run(self, ids: Rows, kinds: Rows | None = None, pad: int = 0) -> Iterator[tuple[list[int], Numbers]]:
        """Run rows of tokens in batches of like length.

        Args:
            ids: token ids, one non-empty row for each text.
            kinds: token types of the same lengths; None is 0 throughout.
            pad: the id of what rows are filled up with; it is masked.

        Yields:
            (places of the batch's rows, the graph's output for them, its first axis in that order).
        """
        lengths = [len(row) for row in ids]
        in_bulk = sum(lengths) >= BULK
        model = self._for_bulk() if in_bulk else self._model
        made = list(batches(lengths, BULK_TOKENS if in_bulk else TOKENS))
        # Not an AsyncInferQueue: one that was used now and then aborts or hangs the process at its end (2026.4).
        most = min(model.get_property("NUM_STREAMS") + WAITING, len(made))
        idle = [model.create_infer_request() for _ in range(most)]
        busy: deque[tuple[list[int], openvino.InferRequest]] = deque()
        for places in made:
            if not idle:
                yield self._numbers(*_taken(busy, idle), ids, kinds, pad)
            idle[-1].start_async(self._given(ids, kinds, pad, places))
            busy.append((places, idle.pop()))
        while busy:
            yield self._numbers(*_taken(busy, idle), ids, kinds, pad)

    def _numbers(
        self, places: list[int], output: Numbers, ids: Rows, kinds: Rows | None, pad: int
    ) -> tuple[list[int], Numbers]:
        """A batch's output, computed once more where some of it is no number: scores may be too high for bulk."""
        if np.isfinite(output).all():
            return places, output
        request = self._model.create_infer_request()
        request.infer(self._given(ids, kinds, pad, places))
        return places, request.get_output_tensor().data.copy()

    def _for_bulk(self) -> openvino.CompiledModel:
        with self._lock:
            if self._bulk is None:
                self._bulk = _compiled(self._place, "THROUGHPUT")
            return self._bulk

    def _given(self, ids: Rows, kinds: Rows | None, pad: int, places: list[int]) -> dict[str, NDArray[np.int64]]:
        length = _padded(len(ids[places[0]]))
        given = {
            "input_ids": _filled([ids[place] for place in places], length, pad),
            "attention_mask": _filled([[1] * len(ids[place]) for place in places], length, 0),
            "token_type_ids": _filled([kinds[place] if kinds else [] for place in places], length, 0),
        }
        return {name: value for name, value in given.items() if name in self._inputs}


def _compiled(place: Path, hint: str) -> openvino.CompiledModel:
    """What was compiled before with that hint of OpenVINO's, where there is such.

    It is written beside and renamed: a second process that reads what openvino is still writing, or that openvino
    writes once more, gets wrong numbers or dies.
    """
    settings = {"INFERENCE_PRECISION_HINT": precision(), "PERFORMANCE_HINT": hint}
    compiled = beside = place / f"compiled-{hint.lower()}"
    try:
        if not compiled.is_dir():
            beside = Path(tempfile.mkdtemp(dir=place, prefix=f"{compiled.name}."))
        settings["CACHE_DIR"] = str(beside)
    except OSError:
        pass  # compiled anew every time
    core, model = openvino.Core(), place / "model.xml"
    if hint == "THROUGHPUT" and precision() == "bf16":
        without_highest(model := core.read_model(model))
    compiled_model = core.compile_model(model, "CPU", settings)
    if beside != compiled:
        with suppress(OSError):  # another process was first
            publish_folder(beside, compiled)
    return compiled_model


def _taken(
    busy: deque[tuple[list[int], openvino.InferRequest]], idle: list[openvino.InferRequest]
) -> tuple[list[int], Numbers]:
    """The oldest batch's places and output, once it is computed."""
    places, request = busy.popleft()
    request.wait()
    idle.append(request)
    return places, request.get_output_tensor().data.copy()


def batches(lengths: Sequence[int], most: int = TOKENS) -> Iterator[list[int]]:
    """Places of rows of like length, the longest first, `most` tokens with their padding where one row has no more.

    Beyond ENOUGH tokens no row is much shorter than the longest: of the few passages of one file more would be padding.
    """
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    start = 0
    while start < len(order):
        longest = _padded(lengths[order[start]])
        end = min(start + max(most // longest, 1), len(order))
        least = start + -(-ENOUGH // longest)
        while end > least and _padded(lengths[order[end - 1]]) < LIKE * longest:
            end -= 1
        yield order[start:end]
        start = end


def _padded(length: int) -> int:
    return -(-length // ROUNDED) * ROUNDED


def _filled(rows: Sequence[Sequence[int]], length: int, filling: int) -> NDArray[np.int64]:
    filled = np.full((len(rows), length), filling, dtype=np.int64)
    for place, row in enumerate(rows):
        filled[place, : len(row)] = row
    return filled
