"""Memory: index many files in one run; memory must stay flat, however many there are."""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from texts import articles

from tests.support.paths import home_with_cache

MAX_GROWTH_MB = 600
"""Above what the process uses once the models are loaded."""

PROGRAM = """
import json, sys
from pathlib import Path
from embeddings import load_encoder
from qa import Assistant
from texts import peak_mb as taken

encoder = load_encoder(sys.argv[2])
encoder.embed_passages(["warm"])
loaded, seen = taken(), []
with Assistant.open(Path(sys.argv[1]), encoder=encoder, answerer="extractive", progress=lambda p: seen.append(
    (p.files_done, taken()))) as assistant:
    half = next(mb for done, mb in seen if done >= len(assistant.report.entries) // 2)
    print(json.dumps({"passages": len(assistant.corpus), "loaded": loaded, "half": half, "most": taken()}))
"""


def add_options(options: argparse.ArgumentParser) -> None:
    """Add the part's own options."""
    options.add_argument("--files", type=int, default=10_000)
    options.add_argument("--encoder", default="hashing")


def run(given: argparse.Namespace) -> bool:
    """Return whether memory stayed flat."""
    rng = random.Random(given.seed)
    texts = articles(given.articles, rng, 500)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "folder")
        folder.mkdir()
        for number in range(given.files):
            words = rng.choice(texts).split(" ")
            rng.shuffle(words)
            (folder / f"{number}.txt").write_text(f"Report {number}\n\n{' '.join(words[:400])}.", "utf-8")
        environment = {
            **os.environ,
            "QA_HOME": str(home_with_cache(Path(place, "home"))),
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), os.environ["PYTHONPATH"]]),
        }
        command = [sys.executable, "-c", PROGRAM, str(folder), given.encoder]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    taken = json.loads(done.stdout)
    more = taken["most"] - taken["loaded"]
    half = taken["half"] - taken["loaded"]
    print(f"{given.files} files, {taken['passages']:,} passages: {more:.0f} MB above the loaded encoder's ", end="")
    print(f"{taken['loaded']:.0f} MB (limit {MAX_GROWTH_MB}), {half:.0f} MB after half of the files")
    return bool(more <= MAX_GROWTH_MB)
