"""Load py3langid's language identifier from an unpacked copy; unpacking its own takes half a second per process."""

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
"""The identifier's arrays, in the order in which the cached file holds them."""


def load_identifier() -> "LanguageIdentifier":
    """Load the identifier from the user's cache; if it is missing or damaged there, from the package, then cache it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    cached = cache_folder() / f"languages-{version('py3langid')}.npz"
    try:
        return _load_cached(cached)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):  # not cached yet, or damaged
        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        _save(identifier, cached)
        return identifier


def _load_cached(cached: Path) -> "LanguageIdentifier":
    from py3langid.langid import LanguageIdentifier

    with cached.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        features, classes, names, moves, output, rows = (archive[f"arr_{i}"] for i in range(len(ARRAYS)))
    plain = _as_array(moves), output.tolist()
    return LanguageIdentifier(features, classes, names.tolist(), *plain, norm_probs=True, tk_row=_as_array(rows))


def _as_array(numbers: NDArray[np.unsignedinteger]) -> "array[int]":
    """Convert to the standard library's array, which gives single numbers faster."""
    plain: array[int] = array(numbers.dtype.char)
    plain.frombytes(numbers.data.cast("B"))
    return plain


def _save(identifier: "LanguageIdentifier", cached: Path) -> None:
    with suppress(OSError):  # a read-only cache or a full disk only costs time
        cached.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(cached) as part, part.open("wb") as file:
            np.savez(file, *(np.asarray(getattr(identifier, name)) for name in ARRAYS))
