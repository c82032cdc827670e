"""Guided fuzzing: inputs that reach ever new lines of our own parsing, found by atheris where it is installed.

For each format a process of its own changes small files for some seconds, in the parser's own process, so that every
error is seen: documents whose passages lie in their text, or a refusal, and nothing else. An input that does otherwise
is written down. pip install atheris; it is made for Linux on x86 and for some versions of Python.
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

SECONDS_A_RUN, MEMORY_MB = 60, 2_048
"""That one input may take."""

LIBRARIES = frozenset({"docx", "pdf"})
"""Formats that other people's code reads: what it raises of any kind is a refusal, by the rule of qa.ingest.sandbox."""

PACKAGES = (
    "qa.ingest.loaders",
    "qa.ingest.decoding",
    "qa.ingest.markup",
    "qa.ingest.archives",
    "qa.ingest.metadata",
    "qa.text.sentences",
    "qa.ingest.chunking",
)
"""Whose lines guide the search."""


def add_options(options: argparse.ArgumentParser) -> None:
    """How long for each format, and where inputs that fail are kept."""
    options.add_argument("--seconds", type=int, default=120, help="for each format")
    options.add_argument("--only", choices=sorted(sample_files.OF), action="append")
    options.add_argument("--found", type=Path, help="a folder for the inputs that fail")


def run(given: argparse.Namespace) -> bool:
    """Whether nothing but refusals was raised, in any format."""
    if find_spec("atheris") is None:
        print("atheris is not installed, so nothing was tried; type: pip install atheris")
        return True
    texts = articles(given.articles, random.Random(given.seed), 20)
    failed = []
    for kind in given.only or sorted(sample_files.OF):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place, "inputs")
            folder.mkdir()
            for number, text in enumerate(texts):
                lines = text.encode("cp1252", "replace").decode("cp1252").split("\n")[:4]
                (folder / f"{number}").write_bytes(sample_files.OF[kind]([line[:300] for line in lines]))
            found = given.found or Path(place, "found")
            found.mkdir(parents=True, exist_ok=True)
            command = [
                sys.executable, __file__, kind, str(folder), f"-max_total_time={given.seconds}", "-max_len=65536",
                f"-timeout={SECONDS_A_RUN}", f"-rss_limit_mb={MEMORY_MB}", f"-artifact_prefix={found}/{kind}-",
                f"-seed={given.seed}", "-print_final_stats=1",
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
    """Change files of a format until the time is over; ends the process."""
    import atheris

    with atheris.instrument_imports(include=list(PACKAGES), enable_loader_override=False):
        from embeddings.encoders.hashing import HashingEncoder
        from embeddings.plugins import find
        from qa.errors import DocumentError
        from qa.ingest import loaders
        from qa.ingest.chunking import chunk
        from qa.ingest.metadata import with_metadata

        loader, encoder = find(loaders, kind), HashingEncoder()

    def once(data: bytes) -> None:
        try:
            documents = [with_metadata(document) for document in loader.load(data, f"a.{kind}")]
        except DocumentError as error:
            assert str(error) and "\n" not in str(error), "an error of no line or many"
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
