"""Guided fuzzing: atheris, where it is installed, looks for inputs that reach new lines of our own parsing.

Each format is fuzzed in its own process for some seconds. The loader runs in that process too, so that every error is
seen. An input must become documents whose passages are in their text, or be refused; any other input is reported.
Type: pip install atheris; it exists for Linux on x86 and for some versions of Python.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from texts import articles

from tests.support import sample_files

INPUT_TIMEOUT_SECONDS, MAX_MEMORY_MB = 60, 2_048
"""For one input."""

LIBRARIES = frozenset({"pdf"})
"""Formats that libraries parse: any error that they raise counts as a refusal, as in qa.ingest.sandbox."""

PACKAGES = ("qa.ingest", "qa.text")
"""The packages whose lines guide the search."""


def add_options(options: argparse.ArgumentParser) -> None:
    """Add the part's own options."""
    options.add_argument("--seconds", type=int, default=120, help="for each format")
    options.add_argument("--only", choices=sorted(sample_files.MAKERS), action="append")
    options.add_argument("--found", type=Path, help="write the inputs that fail to this folder")


def run(given: argparse.Namespace) -> bool:
    """Return whether no format raised anything but refusals."""
    if find_spec("atheris") is None:
        print("atheris is not installed, so nothing was tried; type: pip install atheris")
        return True
    from qa.ingest.files import ALIASES  # not above: what is fuzzed is imported while it is instrumented

    texts = articles(given.articles, random.Random(given.seed), 20)
    failed = []
    for kind in given.only or sorted(sample_files.MAKERS.keys() - ALIASES.keys()):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place, "inputs")
            folder.mkdir()
            for number, text in enumerate(texts):
                lines = text.encode("cp1252", "replace").decode("cp1252").split("\n")[:4]
                (folder / f"{number}").write_bytes(sample_files.MAKERS[kind]([line[:300] for line in lines]))
            found = given.found or Path(place, "found")
            found.mkdir(parents=True, exist_ok=True)
            command = [
                sys.executable, __file__, kind, str(folder), f"-max_total_time={given.seconds}", "-max_len=65536",
                f"-timeout={INPUT_TIMEOUT_SECONDS}", f"-rss_limit_mb={MAX_MEMORY_MB}",
                f"-artifact_prefix={found}/{kind}-", f"-seed={given.seed}", "-print_final_stats=1",
            ]  # fmt: skip
            environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
            done = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace")
        said = done.stderr.splitlines()
        tried = next((line.split()[-1] for line in said if "number_of_executed_units" in line), "0")
        print(f"{kind}: {int(tried):,} inputs, {'nothing' if done.returncode == 0 else 'something'} found", flush=True)
        if done.returncode:
            failed.append(kind)
            print("\n".join(said[-30:]))
    return not failed


def fuzz(kind: str) -> None:
    """Fuzz one format until the time is over; atheris then ends the process."""
    import atheris

    with atheris.instrument_imports(include=list(PACKAGES), enable_loader_override=False):
        from embeddings.encoders.hashing import HashingEncoder
        from embeddings.plugins import find
        from qa.errors import DocumentError
        from qa.ingest import loaders
        from qa.ingest.chunking import chunk
        from qa.ingest.files import ALIASES
        from qa.ingest.metadata import with_metadata
        from qa.types import Document

        loader, encoder = find(loaders, ALIASES.get(kind, kind)), HashingEncoder()

    def once(data: bytes) -> None:
        try:
            loaded = list(loader.load(data, f"a.{kind}"))
            documents = [with_metadata(document) for document in loaded if isinstance(document, Document)]
        except DocumentError as error:
            assert str(error) and "\n" not in str(error), "an error message that is not one line"
            return
        except Exception:
            if kind in LIBRARIES:
                return
            raise
        for document in documents:
            for passage in chunk(document, encoder):
                assert document.text[passage.start : passage.end] == passage.text

    atheris.Setup([sys.argv[0], *sys.argv[2:]], once)
    atheris.Fuzz()


if __name__ == "__main__":
    fuzz(sys.argv[1])
