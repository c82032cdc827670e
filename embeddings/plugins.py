"""Find plugins: each is a module named after the option that selects it, at every extension point.

`find` imports only the chosen module, so the dependencies of the others need not be installed, and only if the folder
has a file of that name, so a hostile name imports nothing.
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

PIP_NAMES = {"faiss": "faiss-cpu"}
"""The pip package of each module whose package has another name."""

# OpenVINO and NNCF, which are always imported after this file, report each import to a remote server. None in place of
# the package that sends the reports makes importing it fail, which turns the reports off.
cast(dict[str, Any], sys.modules).setdefault("openvino_telemetry", None)


def names(package: ModuleType) -> list[str]:
    """Return the sorted names of a package's plugins: its modules that do not begin with an underscore."""
    return sorted(m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_"))


def find(package: ModuleType, name: str) -> ModuleType:
    """Import the plugin `name` of `package`.

    Raises:
        UnknownPlugin: `package` has no module of that name.
        MissingDependency: the module exists, but a package that it imports is not installed.
    """
    known = names(package)
    if name not in known:
        raise UnknownPlugin(f"{package.__name__} has no {name!r}; choose one of: {', '.join(known)}")
    with _with_install_hint(name):
        return import_module(f"{package.__name__}.{name}")


@contextmanager
def _with_install_hint(name: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("qa", "embeddings"):
            raise
        package = PIP_NAMES.get(missing, missing.replace("_", "-"))
        raise MissingDependency(f"{name!r} needs the package {package!r}; type: pip install {package}") from error


def load_encoder(name: str = DEFAULT_ENCODER, model: str | None = None) -> Encoder:
    """Load the encoder plugin `name` with `model`: a built-in's name, a folder, a hub name, or None for the default.

    Raises:
        UnknownPlugin, MissingDependency, ModelUnavailable, ModelDamaged: see embeddings.errors.
    """
    plugin = find(encoders, name)
    with _with_install_hint(name):  # heavy packages are imported only here
        encoder: Encoder = plugin.create(model)
    return encoder


def load_store(name: str = DEFAULT_STORE, dimension: int = 384) -> VectorStore:
    """Make an empty store of the plugin `name` for vectors of `dimension` numbers.

    Raises:
        UnknownPlugin, MissingDependency: see embeddings.errors.
    """
    store: VectorStore = find(stores, name).create(dimension)
    return store
