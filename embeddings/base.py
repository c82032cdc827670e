"""What every encoder shares: an author writes `_embed` and `token_spans`, the rest comes from here."""

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
        """Character offsets of the tokens of `text`."""

    @abstractmethod
    def _embed(self, texts: list[str], *, query: bool) -> Vectors:
        """(n, d) for n >= 1 texts; need be neither contiguous nor of unit length."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """(n, d) unit vectors of n passages; (0, d) for none."""
        if isinstance(texts, str):
            raise TypeError("embed_passages takes a list of texts, got one str; type: embed_passages([text])")
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return _unit(self._embed([encodable(text) for text in texts], query=False))

    def embed_query(self, text: str) -> Vectors:
        """Return the (d,) unit vector of a question."""
        vector: Vectors = _unit(self._embed([encodable(text)], query=True))[0]
        return vector


def encodable(text: str) -> str:
    """Half a surrogate pair is no text that a tokenizer reads; the same number of characters remains."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _unit(vectors: Vectors) -> Vectors:
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    # A model may map a text to the null vector; it is then near nothing rather than NaN to everything.
    return np.ascontiguousarray(vectors / np.maximum(lengths, 1e-12))
