"""Check the repository's layout, the direction of its imports and what it must never use."""

import ast
import hashlib
import importlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import qa
from tests.support.paths import ROOT, SEEDS, required

TOP = {"pyproject.toml", "README.md", "app.py", "qa", "embeddings", "tests"}
BUILD_FOLDERS = {"__pycache__", "build", "dist"}
MAX_MODULES = 16
"""Modules in one folder, not counting `__init__`."""

LAYERS = (
    "qa.__main__",
    "qa.cli",
    "qa.web",
    "qa.training",
    "qa.evaluate",
    "qa.history",
    "qa.assistant",
    "qa.answering",
    "qa.reader",
    "qa.ingest",
    "qa.store",
    "qa.text",
    "qa.types",
    "qa.paths",
    "qa.errors",
    "embeddings",
)
"""From top to bottom: a layer imports only from the layers below it."""

SEED_SHA256 = {
    "000_0ec05787c5cf0ecf.txt": "953d903611bb05318e21e24e7d7feb2d494b1c1f51deb3653194fac31e9e5e84",
    "001_ea502ccfb2dde799.txt": "1f8fe612bf8bc23ca7d3246edbdf84c8a1acea33c654574a7ca374699d70a124",
    "002_72c9063f5066c537.txt": "7d837c2fd4e6fd299e53fe82752070758c82b0bf4a251d7ec49c6d310adddbfb",
    "003_7489d93f4111801e.txt": "9e017da1a503f157995fb669c2d5e6b6112a94659ac472c97829fd2ac57a12bd",
    "004_1310ef149b144003.txt": "1c096a63fcfa314beee9bde4ae3d4f763c3080d2bc09e178a327b03b2450f967",
}

PRODUCT = [ROOT / "app.py", *sorted(path for folder in ("qa", "embeddings") for path in (ROOT / folder).rglob("*.py"))]
SOURCES = [*PRODUCT, *sorted((ROOT / "tests").rglob("*.py"))]
UNSAFE_MODULES = {"pickle", "joblib", "dill", "cloudpickle", "shelve", "marshal"}
UNSAFE_ARGUMENTS = {"allow_pickle", "trust_remote_code", "shell"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted name of every module imported anywhere in the file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer_of(name: str) -> str | None:
    return next((layer for layer in LAYERS if name == layer or name.startswith(f"{layer}.")), None)


def imported_layers(path: Path) -> Iterable[tuple[str, str]]:
    """Return pairs of the file's layer and a layer that it imports from."""
    here = layer_of(module_name(path))
    return {(here, there) for name in imports(path) if (there := layer_of(name)) and there != here}


def test_top_level_holds_nothing_else():
    found = {path.name for path in ROOT.iterdir()}
    other = {name for name in found - TOP if not name.startswith(".") and not name.endswith(".egg-info")}
    assert other - BUILD_FOLDERS == set()


def test_every_module_is_in_a_layer():
    assert {module_name(path) for path in PRODUCT if not layer_of(module_name(path))} == {"app", "qa"}


def test_imports_only_go_down():
    pairs = {pair for path in PRODUCT if layer_of(module_name(path)) for pair in imported_layers(path)}
    assert len(pairs) > 20
    assert {pair for pair in pairs if LAYERS.index(pair[0]) > LAYERS.index(pair[1])} == set()


def test_no_module_imports_in_a_circle():
    known = {module_name(path): path for path in PRODUCT}
    graph = {
        name: {target for target in map(known_part(known), imports(path)) if target} for name, path in known.items()
    }
    while leaves := {name for name, targets in graph.items() if not targets - {name}}:
        graph = {name: targets - leaves for name, targets in graph.items() if name not in leaves}
    assert graph == {}


def known_part(known):
    """Return a function that finds the longest prefix of a dotted name that is one of our modules."""

    def find(name: str) -> str | None:
        while name and name not in known:
            name = name.rpartition(".")[0]
        # `from package import module` names a package only because of the module in it.
        return name or None

    return find


def test_folders_stay_small():
    folders = {path.parent for path in PRODUCT}
    counts = {relative(folder): len(list(folder.glob("*.py"))) - 1 for folder in folders}
    assert {folder: count for folder, count in counts.items() if count > MAX_MODULES} == {}


def test_every_module_has_its_test_file():
    wanted = {wanted_test(path) for path in PRODUCT if path.stem not in ("__init__", "__main__", "app")}
    plugins = {"answering/answerers", "ingest/loaders", "embeddings/encoders", "embeddings/stores"}
    wanted = {path for path in wanted if path.parent.relative_to(ROOT / "tests").as_posix() not in plugins}
    wanted |= {ROOT / "tests" / folder / "test_conformance.py" for folder in plugins}
    assert {relative(path) for path in wanted if not path.is_file()} == set()


def wanted_test(path: Path) -> Path:
    if path.name == "errors.py":  # those of both packages are tested as one
        return ROOT / "tests" / "test_errors.py"
    parts = path.relative_to(ROOT).parts
    folders = parts[1:-1] if parts[0] == "qa" else parts[:-1]
    return ROOT.joinpath("tests", *folders, f"test_{path.name}")


@pytest.mark.parametrize("name", ["qa", "embeddings"])
def test_exports_are_sorted_and_complete(name):
    module = importlib.import_module(name)
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    bound = {alias.asname or alias.name for node in tree.body if hasattr(node, "names") for alias in node.names}
    assert module.__all__ == sorted(module.__all__) == sorted(bound)
    assert all(hasattr(module, exported) for exported in module.__all__)


def test_checkout_is_what_is_tested():
    assert Path(qa.__file__) == ROOT / "qa" / "__init__.py"


def test_nothing_unsafe_is_imported():
    found = {(relative(path), name) for path in SOURCES for name in imports(path)}
    assert {pair for pair in found if pair[1].partition(".")[0] in UNSAFE_MODULES} == set()


def test_nothing_unsafe_is_called():
    assert [f"{relative(path)}: {call}" for path in SOURCES for call in unsafe_calls(path)] == []


def unsafe_calls(path: Path) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    # Only the README's test executes code, the examples.
    names = ("torch.load", "eval", "exec") if path in PRODUCT else ("torch.load",)
    return [
        ast.unparse(call) for call in calls if ast.unparse(call.func) in names or any(map(is_unsafe, call.keywords))
    ]


def is_unsafe(keyword: ast.keyword) -> bool:
    return keyword.arg in UNSAFE_ARGUMENTS and not (
        isinstance(keyword.value, ast.Constant) and keyword.value.value is False
    )


def test_page_files_load_nothing_remote():
    paths = [path for path in (ROOT / "qa").rglob("*") if path.suffix in (".js", ".css", ".html", ".svg")]
    assert len(paths) > 4
    remote = r"//[\w-]+(?:\.[\w-]+)+"
    loading = r"@import|url\(|\bimport\b|\bfetch\b|XMLHttpRequest|WebSocket|EventSource|sendBeacon"
    # The contents of Jinja's tags are not sent to the browser.
    sent = {relative(path): re.sub(r"{%.*?%}", "", path.read_text("utf-8"), flags=re.DOTALL) for path in paths}
    assert {name: found for name, text in sent.items() if (found := re.findall(f"{remote}|{loading}", text))} == {}


def test_code_contacts_no_other_host():
    """The only host is the hub, for a model that the user names; the SVG namespace is not an address."""
    for path in PRODUCT:
        text = path.read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
        hosts = set(re.findall(r"//([\w-]+(?:\.[\w-]+)+)", text))
        assert hosts <= ({"huggingface.co"} if path.name == "models.py" else {"127.0.0.1"}), relative(path)


def test_seeds_are_the_recorded_bytes():
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in SEEDS.iterdir()}
    assert found == SEED_SHA256


def test_seeds_equal_the_shared_ones():
    assert {path.name: path.read_bytes() for path in required("seeds").iterdir()} == {
        path.name: path.read_bytes() for path in SEEDS.iterdir()
    }
