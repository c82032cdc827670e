"""A test double that needs no model: hashes a text's bag of words. Same text, same vector, everywhere."""

import re
from hashlib import blake2b

import numpy as np

from embeddings.base import BaseEncoder
from embeddings.types import Vectors

WORD = re.compile(r"\w+|[^\w\s]")


class HashingEncoder(BaseEncoder):
    """Adds ±1 for each word, at an index taken from its BLAKE2b digest; the last number is 1 in every vector."""

    name = "hashing"
    dimension = 256
    max_tokens = 256
    fingerprint = "hashing-256-v1"

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the character offsets of words and punctuation marks."""
        return [match.span() for match in WORD.finditer(text)]

    def _embed(self, texts: list[str], *, query: bool) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        vectors[:, -1] = 1
        for row, text in zip(vectors, texts, strict=True):
            for start, end in self.token_spans(text)[: self.max_tokens]:
                index, sign = _hash(text[start:end].lower())
                row[index % (self.dimension - 1)] += sign
        return vectors


def _hash(word: str) -> tuple[int, int]:
    digest = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")
    return digest >> 1, 1 if digest & 1 else -1


def create(model: str | None = None) -> HashingEncoder:
    """Make the encoder; there is only one, so `model` is ignored."""
    return HashingEncoder()
