"""Networks as OpenVINO graphs: built once from torch, kept in the user's cache, run in batches without torch."""

import atexit
import json
import os
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import openvino
from numpy.typing import NDArray

from embeddings.checksums import cache_folder

Model: TypeAlias = openvino.Model
"""A network before it is compiled."""

TOKENS = 4096
"""In one batch, padding included: enough to keep two cores busy, little enough to stay in their cache."""

ENOUGH, LIKE = 512, 0.9
"""Tokens that are worth a batch, and the share of its longest row that the others have, beyond so many: articles of 23
passages, one by one, are embedded 1.4 times as fast as without, and as fast as all of them together."""

ROUNDED = 16
"""Lengths are padded to multiples of this, so that few shapes occur and little is padding."""

REQUESTS = 2
"""Batches under way at once: one is prepared while another is computed."""

ABOUT = "about.json"

Build = Callable[[Path], dict[str, object]]
"""Writes model.xml and model.bin, and what else is needed, into a folder; returns what is to be remembered."""


def precision() -> str:
    """bf16 where the processor computes in it, else f32."""
    return "bf16" if "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"


def kept(key: str, build: Build) -> Path:
    """The folder in the cache with the graph of `key`, built if it is not there yet or not whole.

    It is written beside and renamed, so that neither a second process nor one cut off leaves half of it. One that is
    damaged stays where it is, and the next takes the next name. Where the cache cannot be written to, this process
    builds one for itself.
    """
    name = f"{key}-{openvino.__version__.partition('-')[0]}-{precision()}"
    place = _place(cache_folder() / "graphs", name)
    if _whole(place):
        return place
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=place.parent, prefix=f"{place.name}."))
    except OSError:
        place = beside = Path(tempfile.mkdtemp(prefix="cited-qa-"))
        atexit.register(shutil.rmtree, place, ignore_errors=True)
    try:
        about = build(beside)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    sizes = {file.name: file.stat().st_size for file in beside.iterdir()}
    (beside / ABOUT).write_text(json.dumps({**about, "sizes": sizes}, indent=1), "utf-8")
    if beside != place:
        _put(beside, place)
    return place


def about(place: Path) -> dict[str, Any]:
    """What the builder of the graph in `place` wanted remembered."""
    known: dict[str, Any] = json.loads((place / ABOUT).read_text("utf-8"))
    return known


def shaped(graph: Model, names: Sequence[str]) -> Model:
    """A converted graph whose inputs, in order, are called `names` from now on and have any shape (n, t)."""
    for port, name in zip(graph.inputs, names, strict=True):
        port.get_tensor().set_names({name})
        port.get_node().set_partial_shape(openvino.PartialShape([-1, -1]))
    graph.validate_nodes_and_infer_types()
    return graph


def save(graph: Model, place: Path) -> None:
    """Write the graph where `Graph` reads it."""
    openvino.save_model(graph, place / "model.xml", compress_to_fp16=False)


class Graph:
    """A compiled graph that takes rows of tokens; may be run from several threads."""

    def __init__(self, place: Path) -> None:
        self._model = _compiled(place)
        self._inputs = {port.any_name for port in self._model.inputs}

    def run(
        self, ids: Sequence[Sequence[int]], kinds: Sequence[Sequence[int]] | None = None, pad: int = 0
    ) -> Iterator[tuple[list[int], NDArray[np.float32]]]:
        """Run rows of tokens in batches of like length.

        Args:
            ids: token ids, one non-empty row for each text.
            kinds: token types of the same lengths; None is 0 throughout.
            pad: the id of what rows are filled up with; it is masked.

        Yields:
            (places of the batch's rows, the graph's output for them, its first axis in that order).
        """
        # Not an AsyncInferQueue: one that was used now and then aborts or hangs the process at its end (2026.4).
        idle = [self._model.create_infer_request() for _ in range(REQUESTS)]
        busy: deque[tuple[list[int], openvino.InferRequest]] = deque()
        for places in batches([len(row) for row in ids]):
            if not idle:
                yield _taken(busy, idle)
            idle[-1].start_async(self._given(ids, kinds, pad, places))
            busy.append((places, idle.pop()))
        while busy:
            yield _taken(busy, idle)

    def _given(
        self, ids: Sequence[Sequence[int]], kinds: Sequence[Sequence[int]] | None, pad: int, places: list[int]
    ) -> dict[str, NDArray[np.int64]]:
        length = _padded(len(ids[places[0]]))
        given = {
            "input_ids": _filled([ids[place] for place in places], length, pad),
            "attention_mask": _filled([[1] * len(ids[place]) for place in places], length, 0),
            "token_type_ids": _filled([kinds[place] if kinds else [] for place in places], length, 0),
        }
        return {name: value for name, value in given.items() if name in self._inputs}


def _compiled(place: Path) -> openvino.CompiledModel:
    """What was compiled before, where there is such.

    It is written beside and renamed: a second process that reads what openvino is still writing, or that openvino
    writes once more, gets wrong numbers or dies.
    """
    settings = {"INFERENCE_PRECISION_HINT": precision(), "PERFORMANCE_HINT": "LATENCY"}
    compiled = beside = place / "compiled"
    try:
        if not compiled.is_dir():
            beside = Path(tempfile.mkdtemp(dir=place, prefix="compiled."))
        settings["CACHE_DIR"] = str(beside)
    except OSError:
        pass  # compiled anew every time
    model = openvino.Core().compile_model(place / "model.xml", "CPU", settings)
    if beside != compiled:
        try:
            os.rename(beside, compiled)
        except OSError:
            shutil.rmtree(beside, ignore_errors=True)  # another process was first
    return model


def _taken(
    busy: deque[tuple[list[int], openvino.InferRequest]], idle: list[openvino.InferRequest]
) -> tuple[list[int], NDArray[np.float32]]:
    """The oldest batch's places and output, once it is computed."""
    places, request = busy.popleft()
    request.wait()
    idle.append(request)
    return places, request.get_output_tensor().data.copy()


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of rows of like length, the longest first, at most TOKENS with their padding where one row has fewer.

    Beyond ENOUGH tokens no row is much shorter than the longest: of the few passages of one file more would be padding.
    """
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    start = 0
    while start < len(order):
        longest = _padded(lengths[order[start]])
        end = min(start + max(TOKENS // longest, 1), len(order))
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


def _whole(place: Path) -> bool:
    try:
        sizes = about(place)["sizes"]
        return all((place / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _place(folder: Path, name: str) -> Path:
    """Where the graph of that name is, or is to be: the first that is whole, or not there yet."""
    for number in count():
        place = folder / (f"{name}.{number}" if number else name)
        if _whole(place) or not place.exists():
            return place
    raise AssertionError  # count() does not end


def _put(beside: Path, place: Path) -> None:
    try:
        os.rename(beside, place)
    except OSError:
        shutil.rmtree(beside, ignore_errors=True)  # another process was first
        if not _whole(place):
            raise
