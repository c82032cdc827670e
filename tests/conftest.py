"""Fixtures shared by all tests. Nothing here is tuned; the corpora are small and made by hand, or the seeds."""

import os
import signal
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from command import HASHING, run
from hypothesis import HealthCheck, settings

# Before huggingface_hub is imported, which reads it once.
os.environ["HF_HUB_OFFLINE"] = "1"

from embeddings import Encoder, load_encoder
from embeddings.encoders.hashing import HashingEncoder
from embeddings.plugins import DEFAULT_ENCODER
from qa import Assistant
from qa.corpus import Corpus
from qa.documents import make_document
from qa.indexing import index
from qa.types import Document

# A shell that runs the tests in the background has interrupts ignored, and every process started here would inherit
# that: `qa serve` would not end on Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "qa" / "seeds"
SHARED = ROOT.parent / "shared"
CONVERSATIONS = ROOT / "tests" / "data" / "conversations"

settings.register_profile(
    "suite", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("suite")


class CountingEncoder(HashingEncoder):
    """The hashing encoder, counting the passages that it embeds."""

    def __init__(self) -> None:
        self.embedded = 0

    def embed_passages(self, texts):
        self.embedded += len(texts)
        return super().embed_passages(texts)


@pytest.fixture(scope="session", autouse=True)
def qa_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test writes to the user's data directory."""
    home = tmp_path_factory.mktemp("qa-home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QA_HOME", str(home))
        yield home


def with_graphs(home: Path) -> Path:
    """A home of its own but for the cache, where what is built once is: five seconds for each process that asks."""
    home.mkdir(exist_ok=True)
    shared = Path(os.environ["QA_HOME"]) / "cache"
    shared.mkdir(exist_ok=True)
    (home / "cache").symlink_to(shared, target_is_directory=True)
    return home


@cache
def encoder_named(name: str) -> Encoder:
    """The encoder plugin with its default model, loaded once in a run."""
    return load_encoder(name)


@pytest.fixture
def hashing() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture(scope="session")
def minilm(qa_home: Path) -> Encoder:
    """The default encoder with the default model."""
    return encoder_named(DEFAULT_ENCODER)


@pytest.fixture(scope="session")
def seeds(minilm: Encoder) -> Iterator[Assistant]:
    """The built-in corpus with the default encoder."""
    with Assistant.open(encoder=minilm) as assistant:
        yield assistant


@pytest.fixture
def corpus(tmp_path: Path, hashing: CountingEncoder) -> Iterator[Corpus]:
    """An empty corpus in tmp_path/corpus."""
    opened = Corpus(tmp_path / "corpus", hashing)
    yield opened
    opened.close()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder of three files about three things."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "anna.txt").write_text("Anna\n\nAnna lives in Oslo. She mends clocks. Her shop is red.", "utf-8")
    (folder / "boris.md").write_text("# Boris\n\nBoris sails a boat. He left Riga in May.", "utf-8")
    (folder / "more.jsonl").write_text('{"id": "c1", "title": "Clara", "text": "Clara bakes rye bread."}\n', "utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a process started by the test keeps its data in."""
    made = with_graphs(tmp_path / "home")
    monkeypatch.setenv("QA_HOME", str(made))
    return made


@pytest.fixture
def ready(files: Path, home: Path) -> Path:
    """The small files, indexed by the command."""
    done = run("index", files, *HASHING)
    assert done.returncode == 0, done.stderr
    return files


@pytest.fixture
def indexed(corpus: Corpus, files: Path) -> Corpus:
    """The three files, indexed."""
    index(corpus, [files])
    return corpus


def required(path: str) -> Path:
    """A path under ../shared, which users do not have: skipped there, but a failure in CI."""
    place = SHARED / path
    if not place.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{place} is not there")
    return place


def document(text: str, id: str = "d.txt", title: str = "") -> Document:
    """A document of that text."""
    return make_document(id=id, title=title, text=text, source=id, media_type="text/plain")
