"""Name every place on disk that the program writes to; see also embeddings.paths for the cache."""

import hashlib
import os
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import platformdirs

from qa.errors import NothingToIndex

Source = str | Path | Sequence[str | Path] | None
"""What a corpus is made from; None is the built-in reports."""

NAME_CHARS = 40
"""Characters of a document folder's name that start the name of what is kept about it."""

KEY_DIGITS = 12
"""Hexadecimal digits of a hash that tell two folders of the same name apart."""


def home() -> Path:
    """Return the folder of everything that is kept: `QA_HOME` if set, else the user's data directory."""
    given = os.environ.get("QA_HOME")
    return Path(given).expanduser() if given else Path(platformdirs.user_data_dir("cited-qa"))


def roots(corpus: Source) -> list[Path]:
    """Return the files and folders that `corpus` names, with ~ expanded.

    Raises:
        NothingToIndex: the list is empty.
    """
    if corpus is None:
        return [Path(str(resources.files("qa"))) / "seeds"]
    given = [corpus] if isinstance(corpus, str | Path) else list(corpus)
    if not given:
        raise NothingToIndex("got an empty list, wanted a file, a folder or a .jsonl")
    return [Path(path).expanduser() for path in given]


def corpus_folder(roots: Sequence[Path], *made_with: str) -> Path:
    """Return the folder of the corpus of `roots`, in `home()` and never in `roots`.

    Args:
        roots: the files and folders that are indexed, in any order.
        made_with: what else makes it another corpus: the encoder, the way documents are cut into passages.
    """
    return home() / "corpora" / _name(roots, *made_with)


def uploads_folder(roots: Sequence[Path]) -> Path:
    """Return the folder of the files uploaded to the corpus of `roots`; the same whichever encoder is used."""
    return home() / "uploads" / _name(roots)


def sample_folder(evaluation_set: Path, *drawn_with: str) -> Path:
    """Return the folder of a sample of an evaluation set; `drawn_with` is what makes it another sample."""
    return home() / "samples" / _name([evaluation_set], *drawn_with)


def home_of(corpus: Path) -> Path:
    """Return the folder that is `home()` to the corpus in the folder `corpus`, wherever that is now."""
    return corpus.parents[1]


def chats_file(home: Path) -> Path:
    """Return the database of all chats kept in the folder `home`, whichever corpus they are about."""
    return home / "conversations.sqlite"


def _name(roots: Sequence[Path], *more: str) -> str:
    resolved = sorted(root.resolve() for root in roots)
    key = "\n".join([*more, *map(str, resolved)])
    digest = hashlib.sha256(os.fsencode(key)).hexdigest()
    return f"{resolved[0].name[:NAME_CHARS]}-{digest[:KEY_DIGITS]}"
