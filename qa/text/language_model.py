"""The language identifier, py3langid's, as it was unpacked once: packed, it takes half a second in every process."""

import zipfile
from array import array
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from embeddings.files import atomic_write
from embeddings.paths import cache_folder

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ARRAYS = ("nb_ptc", "nb_pc", "nb_classes", "tk_nextmove", "tk_output", "tk_row")
"""What the identifier is made of, in the order in which it is kept."""


def load_identifier() -> "LanguageIdentifier":
    """From the user's cache, where it is there whole; else from the package, and kept there for the next process."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    kept = cache_folder() / f"languages-{version('py3langid')}.npz"
    try:
        return _unpacked(kept)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):  # not there yet, or damaged
        made = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        _keep(made, kept)
        return made


def _unpacked(kept: Path) -> "LanguageIdentifier":
    from py3langid.langid import LanguageIdentifier

    with kept.open("rb") as file, np.load(file, allow_pickle=False) as held:
        features, classes, names, moves, output, rows = (held[f"arr_{place}"] for place in range(len(ARRAYS)))
    plain = _plain(moves), output.tolist()
    return LanguageIdentifier(features, classes, names.tolist(), *plain, norm_probs=True, tk_row=_plain(rows))


def _plain(numbers: NDArray[np.unsignedinteger]) -> "array[int]":
    """As the standard library's array, whose single numbers are got at faster."""
    plain: array[int] = array(numbers.dtype.char)
    plain.frombytes(numbers.data.cast("B"))
    return plain


def _keep(identifier: "LanguageIdentifier", kept: Path) -> None:
    with suppress(OSError):  # a read-only cache costs time, a full disk too
        kept.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(kept) as part, part.open("wb") as file:
            np.savez(file, *(np.asarray(getattr(identifier, name)) for name in ARRAYS))
