"""The reference encoder: any sentence-transformers model on any device, run by the library itself."""

from pathlib import Path

import numpy as np

from embeddings.base import BaseEncoder, replace_surrogates
from embeddings.models import MINILM, fingerprint, locate
from embeddings.types import Vectors

BATCH_SIZE = 32
"""Texts."""


class SentenceTransformerEncoder(BaseEncoder):
    """A sentence-transformers model with its own pooling and its own prompts for questions and passages."""

    def __init__(self, folder: Path, name: str, device: str | None = None) -> None:
        """Load the model onto `device`, as torch names it; None lets the library choose, a GPU if there is one."""
        from sentence_transformers import SentenceTransformer
        from tokenizers import Tokenizer
        from transformers.utils.logging import disable_progress_bar

        # Reading the weights takes 0.01 s: not worth a progress bar.
        disable_progress_bar()
        self.model = SentenceTransformer(str(folder), device=device, local_files_only=True, trust_remote_code=False)
        self._tokenizer = Tokenizer.from_str(self.model.tokenizer.backend_tokenizer.to_str())
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.name = name
        self.dimension = int(self.model.get_embedding_dimension() or 0)
        special = self._tokenizer.num_special_tokens_to_add(is_pair=False)
        prompt = max((len(self.token_spans(text)) for text in self.model.prompts.values() if text), default=0)
        self.max_tokens = int(self.model.max_seq_length or 512) - special - prompt
        self.fingerprint = fingerprint(folder, self.max_tokens)
        self.prompts = {"query": self._prompt("query"), "document": self._prompt("document", "passage", "corpus")}
        """The prefix that the model expects before a question, and before a passage."""

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the character offsets of the model's own tokens."""
        spans: list[tuple[int, int]] = self._tokenizer.encode(
            replace_surrogates(text), add_special_tokens=False
        ).offsets
        return spans

    def _prompt(self, *names: str) -> str:
        name = next((name for name in names if name in self.model.prompts), self.model.default_prompt_name)
        return str(self.model.prompts.get(name or "") or "")

    def _embed(self, texts: list[str], *, query: bool) -> Vectors:
        encode = self.model.encode_query if query else self.model.encode_document
        return np.asarray(encode(texts, batch_size=BATCH_SIZE, show_progress_bar=False))


def create(model: str | None = None) -> SentenceTransformerEncoder:
    """Load the encoder with `model`: a built-in's name, a folder or a hub name.

    Raises:
        ModelUnavailable, ModelDamaged: see embeddings.models.locate.
    """
    return SentenceTransformerEncoder(locate(model), model or MINILM.name)
