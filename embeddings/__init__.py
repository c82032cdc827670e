"""Text to vectors, and vectors to their nearest neighbours; independent of question answering."""

from embeddings.errors import EmbeddingError
from embeddings.plugins import load_encoder, load_store
from embeddings.types import Encoder, Vectors, VectorStore

__all__ = ["EmbeddingError", "Encoder", "VectorStore", "Vectors", "load_encoder", "load_store"]
