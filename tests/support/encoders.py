"""An encoder that counts what it embeds, and encoders that are loaded once."""

from functools import cache

from embeddings import Encoder, load_encoder
from embeddings.encoders.hashing import HashingEncoder


class CountingEncoder(HashingEncoder):
    """The hashing encoder; counts the passages and records the questions that it embeds."""

    def __init__(self) -> None:
        self.embedded = 0
        self.questions: list[str] = []

    def embed_query(self, text):
        self.questions.append(text)
        return super().embed_query(text)

    def embed_passages(self, texts):
        self.embedded += len(texts)
        return super().embed_passages(texts)


@cache
def encoder_named(name: str) -> Encoder:
    """Load the encoder plugin with its default model, once in a run."""
    return load_encoder(name)
