"""Fixtures shared by all tests. The corpora are small and made by hand, or the built-in reports."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.command import HASHING, run
from tests.support.paths import ROOT, home_with_cache, share_cache

# Child processes run the checkout too, not what pip has installed.
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))

# Set before huggingface_hub is imported, which reads it once.
os.environ["HF_HUB_OFFLINE"] = "1"

from embeddings import Encoder
from embeddings.plugins import DEFAULT_ENCODER
from qa import Assistant
from qa.ingest.indexing import index
from qa.store.corpus import Corpus
from tests.support.encoders import CountingEncoder, encoder_named

# A shell that runs the tests in the background ignores interrupts, and every process started here would inherit that:
# `qa serve` would not end on Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


settings.register_profile(
    "suite", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def qa_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep every test out of the user's data directory; parallel workers share one cache."""
    home = tmp_path_factory.mktemp("qa-home")
    if "PYTEST_XDIST_WORKER" in os.environ:
        share_cache(home, tmp_path_factory.getbasetemp().parent / "cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QA_HOME", str(home))
        yield home


@pytest.fixture
def hashing() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture(scope="session")
def minilm(qa_home: Path) -> Encoder:
    """Return the default encoder with the default model."""
    return encoder_named(DEFAULT_ENCODER)


@pytest.fixture(scope="session")
def seeds(minilm: Encoder) -> Iterator[Assistant]:
    """Open the built-in corpus with the default encoder."""
    with Assistant.open(encoder=minilm) as assistant:
        yield assistant


@pytest.fixture
def corpus(tmp_path: Path, hashing: CountingEncoder) -> Iterator[Corpus]:
    """Open an empty corpus in tmp_path/corpus."""
    opened = Corpus(tmp_path / "corpus", hashing)
    yield opened
    opened.close()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Write a folder of three files about three subjects."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "anna.txt").write_text("Anna\n\nAnna lives in Oslo. She mends clocks. Her shop is red.", "utf-8")
    (folder / "boris.md").write_text("# Boris\n\nBoris sails a boat. He left Riga in May.", "utf-8")
    (folder / "more.jsonl").write_text('{"id": "c1", "title": "Clara", "text": "Clara bakes rye bread."}\n', "utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set the home of child processes, which share the cache."""
    made = home_with_cache(tmp_path / "home")
    monkeypatch.setenv("QA_HOME", str(made))
    return made


@pytest.fixture
def ready(files: Path, home: Path) -> Path:
    """Index the small files by the command."""
    done = run("index", files, *HASHING)
    assert done.returncode == 0, done.stderr
    return files


@pytest.fixture
def indexed(corpus: Corpus, files: Path) -> Corpus:
    """Index the three files."""
    index(corpus, [files])
    return corpus
