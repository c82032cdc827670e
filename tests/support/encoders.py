"""Encoders that count, and encoders that are loaded once."""

from functools import cache

from embeddings import Encoder, load_encoder
from embeddings.encoders.hashing import HashingEncoder


class CountingEncoder(HashingEncoder):
    """The hashing encoder, counting the passages that it embeds."""

    def __init__(self) -> None:
        self.embedded = 0

    def embed_passages(self, texts):
        self.embedded += len(texts)
        return super().embed_passages(texts)


@cache
def encoder_named(name: str) -> Encoder:
    """The encoder plugin with its default model, loaded once in a run."""
    return load_encoder(name)
