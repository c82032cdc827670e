"""Kills: index a changing folder and kill the process at a random instant, again and again.

After each kill the corpus is opened. Every document in it must be a complete version of its file, with the passages,
sentences and words of that text, and no document that should stay may be lost. After the last kill, one more run must
make the corpus equal to a new one, passage by passage and vector by vector.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from texts import articles, using_home

from embeddings import load_encoder
from embeddings.types import Encoder
from qa.ingest.chunking import chunk
from qa.ingest.indexing import corpus_folder
from qa.store.corpus import Corpus
from qa.types import Document, Passage
from tests.support.paths import home_with_cache

STEPS = ("add", "change", "change", "delete", "rename")
FILES_SEARCHED = 10
"""Files whose passages are searched for by their own vectors, at each check."""

NEIGHBOURS = 10
"""Neighbours requested. With one, inverted lists would compare only four candidates by their 8-bit codes, and all four
may be near-duplicates of the passage: that happens to one vector in 15,000 of a corpus that was never killed."""

MIN_SELF_COSINE = 0.999
"""Cosine of a vector and itself as stored: stored numbers have 16 bits."""


def add_options(options: argparse.ArgumentParser) -> None:
    """Add the part's own options."""
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--files", type=int, default=300)
    options.add_argument("--at-a-time", type=float, default=0.2, help="share of the files that change before each run")
    options.add_argument("--encoder", default="hashing")


def run(given: argparse.Namespace) -> bool:
    """Return whether no document was lost or incomplete."""
    rng = random.Random(given.seed)
    texts = articles(given.articles, rng, 4 * given.files)
    encoder = load_encoder(given.encoder)
    with tempfile.TemporaryDirectory() as place:
        trial = Trial(Path(place), encoder, texts, rng)
        for _ in range(given.files):
            trial.add()
        usual, done = trial.index() or 0.0, 0
        problems = trial.problems()
        while done < given.kills:
            trial.change(given.at_a_time)
            ended = trial.index(kill_after=rng.uniform(0, usual))
            usual, done = (ended, done) if ended else (usual, done + 1)
            problems += trial.problems()
            print(f"\r{done} of {given.kills}", end="", file=sys.stderr, flush=True)
        trial.index()
        problems += trial.problems() + trial.differences()
    print(f"{done} kills over {given.files} files: {len(problems)} problems")
    print("\n".join(problems))
    return not problems


class Trial:
    """A folder, its corpus, and every version that each file ever had."""

    def __init__(self, place: Path, encoder: Encoder, texts: list[str], rng: random.Random) -> None:
        self.folder, self.home, self.encoder = place / "folder", home_with_cache(place / "home"), encoder
        self.folder.mkdir()
        self.texts, self.rng = texts, rng
        self.versions: dict[str, set[str]] = defaultdict(set)
        self.safe: set[str] = set()
        """Files that were in the corpus at the last check, and have not been deleted or renamed since."""
        self.cut: dict[tuple[str, str], list[Passage]] = {}
        self.names: list[str] = []
        """Names of the current files."""
        self.made = 0

    def add(self) -> None:
        """Add a new file."""
        self.made += 1
        self.names.append(f"{self.made}.txt")
        self._write(self.names[-1])

    def change(self, share: float = 0.2) -> None:
        """Change some files, at most that share of them, each in one way."""
        for _ in range(self.rng.randint(1, max(int(share * len(self.names)), 1))):
            step, name = self.rng.choice(STEPS), self.rng.choice(self.names)
            if step == "add":
                self.add()
            elif step == "change":
                self._write(name)
            elif step == "delete" and len(self.names) > 2:
                (self.folder / name).unlink()
                self._gone(name)
            elif step == "rename":
                self.made += 1
                other = f"{self.made}.txt"
                self.versions[other].add((self.folder / name).read_bytes().decode())
                (self.folder / name).rename(self.folder / other)
                self._gone(name)
                self.names.append(other)

    def index(self, kill_after: float | None = None) -> float | None:
        """Run `qa index`; return the seconds it took, or None if it was killed before it ended."""
        command = [sys.executable, "-m", "qa", "index", str(self.folder), "--encoder", self.encoder.name]
        environment = {**os.environ, "QA_HOME": str(self.home)}
        began = time.monotonic()
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        ) as process:
            if kill_after is None:
                said = process.communicate()[0].decode()
                if process.returncode:
                    raise RuntimeError(said)
                return time.monotonic() - began
            try:
                process.communicate(timeout=kill_after)
                return time.monotonic() - began
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return None

    def problems(self) -> list[str]:
        """Return what is wrong with the corpus now."""
        if not (folder := corpus_folder_of(self.home, self.folder, self.encoder)).is_dir():
            return []
        corpus = Corpus(folder, self.encoder)
        try:
            held = {listed.id: corpus.document(listed.id) for listed in corpus.documents()}
            lost = [f"{name} is lost" for name in sorted(self.safe - held.keys())]
            found = [*corpus.check(), *lost]
            for id, document in held.items():
                if document.text not in self.versions[id]:
                    found.append(f"{id} is not a version of its file")
                if corpus.contents_of_file(id)[1] != self._passages_of(document):
                    found.append(f"{id} is incomplete")
            for id in self.rng.sample(sorted(held), min(FILES_SEARCHED, len(held))):
                if any(
                    corpus.nearest(vector, NEIGHBOURS)[1][0] < MIN_SELF_COSINE
                    for vector in corpus.contents_of_file(id)[2]
                ):
                    found.append(f"{id} is not found")
            self.safe = held.keys() & set(self.names)
            return found
        finally:
            corpus.close()

    def differences(self) -> list[str]:
        """Return how the corpus differs from a new one."""
        kept, self.home = self.home, home_with_cache(self.home.with_name("new"))
        self.index()
        folders = [corpus_folder_of(home, self.folder, self.encoder) for home in (kept, self.home)]
        corpora = [Corpus(folder, self.encoder) for folder in folders]
        contents = [{d.id: (c.document(d.id), *c.contents_of_file(d.id)[1:]) for d in c.documents()} for c in corpora]
        partition = [sorted(map(sorted, c.near_duplicate_groups())) for c in corpora]
        for corpus in corpora:
            corpus.close()
        found = [f"{id} is only in one" for id in contents[0].keys() ^ contents[1].keys()]
        for id in contents[0].keys() & contents[1].keys():
            (*old, vectors), (*new, new_vectors) = contents[0][id], contents[1][id]
            if old != new or vectors.tobytes() != new_vectors.tobytes():
                found.append(f"{id} differs from a new corpus")
        return found + ([] if partition[0] == partition[1] else ["the near-duplicates differ"])

    def _passages_of(self, document: Document) -> list[Passage]:
        """Return the passages of its text, computed once for each version."""
        key = (document.id, document.text)
        if key not in self.cut:
            self.cut[key] = chunk(document, self.encoder)
        return self.cut[key]

    def _gone(self, name: str) -> None:
        self.names.remove(name)
        self.safe.discard(name)

    def _write(self, name: str) -> None:
        text = self.rng.choice(self.texts)
        self.versions[name].add(text)
        (self.folder / name).write_bytes(text.encode())


def corpus_folder_of(home: Path, folder: Path, encoder: Encoder) -> Path:
    """Return where the corpus of a folder is in that home."""
    with using_home(home):
        return corpus_folder([folder], encoder)
