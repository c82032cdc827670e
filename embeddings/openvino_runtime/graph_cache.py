"""Build networks as OpenVINO graphs once, from torch, and keep them in the user's cache."""

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import openvino

from embeddings.files import publish_folder
from embeddings.openvino_runtime.rewrites import as_products
from embeddings.paths import cache_folder

Model: TypeAlias = openvino.Model
"""A network before it is compiled."""

VERSION = 2
"""Of how graphs are written; another one is another place in the cache."""

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
    name = f"{key}-{VERSION}-{openvino.__version__.partition('-')[0]}-{precision()}"
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
    as_products(graph)
    openvino.save_model(graph, place / "model.xml", compress_to_fp16=False)


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
        publish_folder(beside, place)
    except OSError:
        if not _whole(place):  # no other process was first
            raise
