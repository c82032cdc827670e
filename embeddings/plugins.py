"""One rule for every extension point: a plugin is a module named after the option that selects it.

`find` imports a module only if its name is among the folder's own files, so a hostile name imports
nothing, and only the one that was chosen, so a package that no one asked for is never needed.
"""

import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, cast

from embeddings import encoders, stores
from embeddings.errors import MissingDependency, UnknownPlugin
from embeddings.types import Encoder, VectorStore

DEFAULT_ENCODER = "openvino"
DEFAULT_STORE = "faiss"

PACKAGES = {"faiss": "faiss-cpu"}
"""What pip calls a module whose package has another name."""

# OpenVINO, and NNCF, would report their use to another machine each time they are imported, which is always after this
# file; with None in its place the package that they report with is not to be had.
cast(dict[str, Any], sys.modules).setdefault("openvino_telemetry", None)


def names(package: ModuleType) -> list[str]:
    """The plugins of a package: its modules, sorted, without those that begin with an underscore."""
    return sorted(m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_"))


def find(package: ModuleType, name: str) -> ModuleType:
    """Import the plugin `name` of `package`.

    Raises:
        UnknownPlugin: `package` has no module of that name.
        MissingDependency: the module is there, but a package that it imports is not installed.
    """
    known = names(package)
    if name not in known:
        raise UnknownPlugin(f"{package.__name__} has no {name!r}; choose one of: {', '.join(known)}")
    with _naming_the_install(name):
        return import_module(f"{package.__name__}.{name}")


@contextmanager
def _naming_the_install(name: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("qa", "embeddings"):
            raise
        package = PACKAGES.get(missing, missing.replace("_", "-"))
        raise MissingDependency(f"{name!r} needs the package {package!r}; type: pip install {package}") from error


def load_encoder(name: str = DEFAULT_ENCODER, model: str | None = None) -> Encoder:
    """The encoder plugin `name` over `model`: a built-in's name, a folder, a hub name, or None for the default.

    Raises:
        UnknownPlugin, MissingDependency, ModelUnavailable, ModelDamaged: see embeddings.errors.
    """
    plugin = find(encoders, name)
    with _naming_the_install(name):  # a heavy package is imported only here
        encoder: Encoder = plugin.create(model)
    return encoder


def load_store(name: str = DEFAULT_STORE, dimension: int = 384) -> VectorStore:
    """An empty store of the plugin `name` for vectors of `dimension` numbers.

    Raises:
        UnknownPlugin, MissingDependency: see embeddings.errors.
    """
    store: VectorStore = find(stores, name).create(dimension)
    return store
