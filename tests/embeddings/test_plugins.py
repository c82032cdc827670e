"""Check that a plugin is a module named after its option, and that nothing else is imported."""

import sys

import pytest

import embeddings.encoders
import embeddings.stores
import qa.answering.answerers
import qa.ingest.loaders
from embeddings import EmbeddingError, load_encoder, load_store
from embeddings.errors import MissingDependency, UnknownPlugin
from embeddings.plugins import DEFAULT_ENCODER, DEFAULT_STORE, find, names

PACKAGES = [embeddings.encoders, embeddings.stores, qa.answering.answerers, qa.ingest.loaders]
HOSTILE = ["../x", "os", "__init__", "__pycache__", "a.b", "", ".", "sys;", "hashing.py", "HASHING", "hash\0ing"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_names_are_sorted_and_each_is_found(package):
    found = names(package)
    assert found == sorted(found)
    assert all(find(package, name).__name__ == f"{package.__name__}.{name}" for name in found)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name_imports_nothing_and_lists_the_choices(package, name):
    before = set(sys.modules)
    with pytest.raises(UnknownPlugin) as caught:
        find(package, name)
    assert set(sys.modules) == before
    assert ", ".join(names(package)) in str(caught.value)


def test_underscore_module_is_not_a_plugin(tmp_path, monkeypatch):
    (tmp_path / "_helper.py").touch()
    (tmp_path / "extra.py").write_text("chosen = True\n")
    monkeypatch.setattr(embeddings.stores, "__path__", [*embeddings.stores.__path__, str(tmp_path)])
    assert names(embeddings.stores) == ["exact", "extra", "faiss"]
    assert find(embeddings.stores, "extra").chosen
    monkeypatch.delitem(sys.modules, "embeddings.stores.extra")


@pytest.mark.parametrize(
    ("package", "name", "needed", "wanted"),
    [
        (embeddings.stores, "faiss", "faiss", "pip install faiss"),
        (embeddings.encoders, "hashing", "numpy", "pip install numpy"),
    ],
)
def test_missing_package_error_has_the_install_command(package, name, needed, wanted, monkeypatch):
    monkeypatch.delitem(sys.modules, f"{package.__name__}.{name}", raising=False)
    monkeypatch.setitem(sys.modules, needed, None)
    with pytest.raises(MissingDependency, match=wanted):
        find(package, name)


def test_package_missing_at_creation_gives_the_same_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EmbeddingError, match="pip install"):
        load_encoder("sentence_transformer")


def test_install_command_uses_the_pip_name(monkeypatch):
    monkeypatch.delitem(sys.modules, "embeddings.stores.faiss", raising=False)
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(MissingDependency, match="pip install faiss-cpu"):
        find(embeddings.stores, "faiss")


def test_defaults_are_among_the_plugins():
    assert DEFAULT_ENCODER in names(embeddings.encoders)
    assert DEFAULT_STORE in names(embeddings.stores)
    assert load_store(dimension=3).dimension == 3
