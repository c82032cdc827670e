"""The base of every encoder: a subclass writes `_embed` and `token_spans`, the rest comes from here."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from embeddings.types import Vectors


class BaseEncoder(ABC):
    """An Encoder whose subclasses embed one non-empty batch of texts."""

    name: str
    dimension: int
    max_tokens: int
    fingerprint: str

    @abstractmethod
    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the character offsets (start, end) of the tokens of `text`."""

    @abstractmethod
    def _embed(self, texts: list[str], *, query: bool) -> Vectors:
        """Return (n, d) for n >= 1 texts; rows need not be contiguous or of unit length."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return (n, d) unit vectors of n passages; (0, d) for none.

        Raises:
            TypeError: `texts` is one str instead of a list of them.
        """
        if isinstance(texts, str):
            raise TypeError("embed_passages takes a list of texts, got one str; type: embed_passages([text])")
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return _normalize(self._embed([replace_surrogates(text) for text in texts], query=False))

    def embed_query(self, text: str) -> Vectors:
        """Return the (d,) unit vector of a question."""
        vector: Vectors = _normalize(self._embed([replace_surrogates(text)], query=True))[0]
        return vector


def replace_surrogates(text: str) -> str:
    """Replace each lone surrogate, which no tokenizer reads, by a question mark; the length stays the same."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _normalize(vectors: Vectors) -> Vectors:
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    # A model may map a text to the null vector: its cosine with everything is then 0 rather than NaN.
    return np.ascontiguousarray(vectors / np.maximum(norms, 1e-12))
