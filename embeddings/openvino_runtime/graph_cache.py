"""Build networks from torch as OpenVINO graphs, once, and cache them in the user's cache folder."""

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
from embeddings.openvino_runtime.rewrites import use_matrix_products
from embeddings.paths import cache_folder

Model: TypeAlias = openvino.Model
"""A network before it is compiled."""

VERSION = 2
"""Of how graphs are written; part of the cache key, so raise it when that changes."""

METADATA_FILE = "about.json"

Builder = Callable[[Path], dict[str, object]]
"""Writes model.xml, model.bin and whatever else is needed into a folder; returns the metadata to store with them."""


def precision() -> str:
    """Return "bf16" if the processor computes in bfloat16, else "f32"."""
    return "bf16" if "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"


def cached_graph(key: str, build: Builder) -> Path:
    """Return the cache folder of the graph `key`, building the graph if it is missing or incomplete.

    The graph is written to a temporary folder that is then renamed, so that another process, or one that is killed,
    never leaves half of it. A damaged graph is left alone and the new one gets the next free name. If the cache is not
    writable, this process builds the graph for itself alone.
    """
    name = f"{key}-{VERSION}-{openvino.__version__.partition('-')[0]}-{precision()}"
    folder = _folder_for(cache_folder() / "graphs", name)
    if _is_complete(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f"{folder.name}."))
    except OSError:
        folder = temporary = Path(tempfile.mkdtemp(prefix="cited-qa-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    try:
        metadata = build(temporary)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    sizes = {file.name: file.stat().st_size for file in temporary.iterdir()}
    (temporary / METADATA_FILE).write_text(json.dumps({**metadata, "sizes": sizes}, indent=1), "utf-8")
    if temporary != folder:
        _publish(temporary, folder)
    return folder


def read_metadata(folder: Path) -> dict[str, Any]:
    """Return the metadata that the graph's builder stored in `folder`, and the size of each file in bytes."""
    metadata: dict[str, Any] = json.loads((folder / METADATA_FILE).read_text("utf-8"))
    return metadata


def with_dynamic_shape(graph: Model, names: Sequence[str]) -> Model:
    """Name the inputs of a converted graph `names`, in order, and let each have any shape (n, t)."""
    for port, name in zip(graph.inputs, names, strict=True):
        port.get_tensor().set_names({name})
        port.get_node().set_partial_shape(openvino.PartialShape([-1, -1]))
    graph.validate_nodes_and_infer_types()
    return graph


def save_graph(graph: Model, folder: Path) -> None:
    """Write the graph to `folder`, from which `Graph` reads it."""
    use_matrix_products(graph)
    openvino.save_model(graph, folder / "model.xml", compress_to_fp16=False)


def _is_complete(folder: Path) -> bool:
    try:
        sizes = read_metadata(folder)["sizes"]
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _folder_for(parent: Path, name: str) -> Path:
    """Return the first folder of that name, then `name.1` and so on, that is complete or does not exist yet."""
    for number in count():
        folder = parent / (f"{name}.{number}" if number else name)
        if _is_complete(folder) or not folder.exists():
            return folder
    raise AssertionError  # count() does not end


def _publish(temporary: Path, folder: Path) -> None:
    try:
        publish_folder(temporary, folder)
    except OSError:
        if not _is_complete(folder):  # otherwise another process was first
            raise
