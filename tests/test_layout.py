"""The shape of the repository: what lies where, what imports what, and what is never used."""

import ast
import hashlib
import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from conftest import ROOT, SEEDS, required

import embeddings
import qa

TOP = {"pyproject.toml", "README.md", "app.py", "qa", "embeddings", "tests"}
MADE_BY_TOOLS = ("__pycache__", "build", "dist")

SEED_SHA256 = {
    "000_0ec05787c5cf0ecf.txt": "953d903611bb05318e21e24e7d7feb2d494b1c1f51deb3653194fac31e9e5e84",
    "001_ea502ccfb2dde799.txt": "1f8fe612bf8bc23ca7d3246edbdf84c8a1acea33c654574a7ca374699d70a124",
    "002_72c9063f5066c537.txt": "7d837c2fd4e6fd299e53fe82752070758c82b0bf4a251d7ec49c6d310adddbfb",
    "003_7489d93f4111801e.txt": "9e017da1a503f157995fb669c2d5e6b6112a94659ac472c97829fd2ac57a12bd",
    "004_1310ef149b144003.txt": "1c096a63fcfa314beee9bde4ae3d4f763c3080d2bc09e178a327b03b2450f967",
}

PRODUCT = sorted(path for folder in ("qa", "embeddings") for path in (ROOT / folder).rglob("*.py"))
SOURCES = [*PRODUCT, *(ROOT / "tests").rglob("*.py"), *ROOT.glob("app.py")]
UNSAFE_MODULES = {"pickle", "joblib", "dill", "cloudpickle", "shelve", "marshal"}
UNSAFE_ARGUMENTS = {"allow_pickle", "trust_remote_code", "shell"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_top_level_holds_nothing_else():
    found = {path.name for path in ROOT.iterdir()}
    other = {name for name in found - TOP if not name.startswith(".") and not name.endswith(".egg-info")}
    assert other - set(MADE_BY_TOOLS) == set()


def modules(package, prefix: str) -> list[str]:
    """Test files wanted for a package: one for each module, and one for each folder of plugins."""
    names = [m.name for m in pkgutil.iter_modules(package.__path__)]
    # The errors of both packages are tested as one.
    return [f"test_{'' if name in ('errors', 'types') else prefix}{name}.py" for name in names]


@pytest.mark.parametrize("name", sorted({*modules(qa, ""), *modules(embeddings, "embeddings_")}))
def test_every_module_has_its_test_file(name):
    assert (ROOT / "tests" / name).is_file()


@pytest.mark.parametrize("path", sorted((ROOT / "embeddings").rglob("*.py")), ids=relative)
def test_embeddings_never_imports_qa(path):
    assert not {name for name in imported(path) if name.partition(".")[0] in ("qa", "app")}


@pytest.mark.parametrize("name", ["qa", "embeddings"])
def test_exports_are_sorted_and_are_all_public_names(name):
    module = importlib.import_module(name)
    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    bound = {alias.asname or alias.name for node in tree.body if hasattr(node, "names") for alias in node.names}
    assert module.__all__ == sorted(module.__all__) == sorted(bound)
    assert all(hasattr(module, exported) for exported in module.__all__)


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_nothing_unsafe_is_imported_or_called(path):
    assert not {name for name in imported(path) if name.partition(".")[0] in UNSAFE_MODULES}
    tree = ast.parse(path.read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    # The README's examples are executed by their test; nothing else ever is.
    names = ("torch.load", "eval", "exec") if path in PRODUCT else ("torch.load",)
    assert not [ast.unparse(call) for call in calls if ast.unparse(call.func) in names]
    assert not [ast.unparse(call) for call in calls if any(unsafe(keyword) for keyword in call.keywords)]


def unsafe(keyword: ast.keyword) -> bool:
    return keyword.arg in UNSAFE_ARGUMENTS and not (
        isinstance(keyword.value, ast.Constant) and keyword.value.value is False
    )


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize(
    "path",
    sorted(path for path in (ROOT / "qa").rglob("*") if path.suffix in (".js", ".css", ".html", ".svg")),
    ids=relative,
)
def test_the_page_s_own_files_load_nothing(path):
    text = path.read_text("utf-8")
    assert not re.findall(r"//[\w-]+(?:\.[\w-]+)+", text)
    assert not re.findall(r"@import|url\(|\bimport\b|\bfetch\b|XMLHttpRequest|WebSocket|EventSource|sendBeacon", text)


@pytest.mark.parametrize("path", [*PRODUCT, ROOT / "app.py"], ids=relative)
def test_no_other_host_is_named_in_the_code(path):
    """Only the hub is, which is asked for a model that a user names; what says that a file is SVG names none."""
    text = path.read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
    hosts = set(re.findall(r"//([\w-]+(?:\.[\w-]+)+)", text))
    assert hosts <= ({"huggingface.co"} if path.name == "models.py" else {"127.0.0.1"})


def test_the_seeds_are_byte_for_byte_the_recorded_ones():
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in SEEDS.iterdir()}
    assert found == SEED_SHA256


def test_the_seeds_are_the_shared_ones():
    assert {path.name: path.read_bytes() for path in required("seeds").iterdir()} == {
        path.name: path.read_bytes() for path in SEEDS.iterdir()
    }


@pytest.mark.parametrize("path", [path for path in SOURCES if path.suffix == ".py"], ids=relative)
def test_no_file_is_long(path):
    assert len(path.read_text("utf-8").splitlines()) <= 300
