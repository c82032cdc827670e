"""Check that the shipped weights are the file, and of the version, that the package names."""

from importlib import resources

from safetensors import safe_open

from qa.reader.format import FORMAT_VERSION, WEIGHTS_FILE
from qa.reader.network import Network


def shipped():
    return resources.files("qa.reader") / WEIGHTS_FILE


def test_shipped_weights_have_the_format_version():
    with safe_open(str(shipped()), "numpy") as file:
        assert file.metadata() == {"version": FORMAT_VERSION}


def test_shipped_weights_fit_the_network():
    wanted = {name: list(value.shape) for name, value in Network().state_dict().items()}
    with safe_open(str(shipped()), "numpy") as file:
        assert {name: file.get_slice(name).get_shape() for name in file.keys()} == wanted
        assert {file.get_slice(name).get_dtype() for name in wanted} == {"F16"}
