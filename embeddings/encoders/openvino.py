"""The fast encoder on a CPU: a sentence-transformers model as one OpenVINO graph, built once and cached."""

import warnings
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from embeddings.base import BaseEncoder, replace_surrogates
from embeddings.errors import ModelUnavailable
from embeddings.models import MINILM, fingerprint, locate
from embeddings.openvino_runtime.graph_cache import (
    cached_graph,
    precision,
    read_metadata,
    save_graph,
    with_dynamic_shape,
)
from embeddings.openvino_runtime.inference import Graph
from embeddings.types import Vectors

VERSION = 1
"""Of what `_build` writes; part of the cache key, so raise it when that changes."""

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class OpenVinoEncoder(BaseEncoder):
    """Runs transformer, pooling and normalisation in one graph, in bfloat16 if the processor supports it."""

    def __init__(self, model_folder: Path, name: str) -> None:
        key = f"encoder-{VERSION}-{fingerprint(model_folder)}"
        graph_folder = cached_graph(key, lambda folder: _build(model_folder, folder))
        metadata = read_metadata(graph_folder)
        self._tokenizer = Tokenizer.from_file(str(graph_folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.name = name
        self.dimension = int(metadata["dimension"])
        self.max_tokens = int(metadata["max_tokens"])
        self.fingerprint = fingerprint(model_folder, self.max_tokens, "openvino", precision())
        self._prompts: dict[str, str] = metadata["prompts"]
        self._max_length = int(metadata["longest"])
        self._pad_id = int(metadata["pad"])
        self._graph = Graph(graph_folder)

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the character offsets of the model's own tokens."""
        encoding = self._tokenizer.encode(replace_surrogates(text), add_special_tokens=False)
        spans: list[tuple[int, int]] = encoding.offsets
        return spans

    def _embed(self, texts: list[str], *, query: bool) -> Vectors:
        prompt = self._prompts["query" if query else "document"]
        encodings = self._tokenizer.encode_batch([prompt + text for text in texts])
        rows = [self._truncate(encoding.ids) for encoding in encodings]
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for indices, output in self._graph.run(rows, pad_id=self._pad_id):
            vectors[indices] = output
        return vectors

    def _truncate(self, ids: list[int]) -> list[int]:
        """Keep the first tokens and the special token that ends a text."""
        return ids if len(ids) <= self._max_length else [*ids[: self._max_length - 1], ids[-1]]


def create(model: str | None = None) -> OpenVinoEncoder:
    """Load the encoder with `model`: a built-in's name, a folder or a hub name.

    Raises:
        ModelUnavailable: the model cannot be found, or its architecture does not convert.
        ModelDamaged: see embeddings.models.locate.
    """
    return OpenVinoEncoder(locate(model), model or MINILM.name)


def _build(model_folder: Path, graph_folder: Path) -> dict[str, object]:
    """Trace the sentence-transformers model and write all that is needed to run it without torch."""
    import openvino
    import torch
    from transformers.utils.logging import set_verbosity_error

    from embeddings.encoders.sentence_transformer import SentenceTransformerEncoder

    set_verbosity_error()
    reference = SentenceTransformerEncoder(model_folder, model_folder.name, "cpu")  # the example input is on the CPU
    model = reference.model
    inputs = [name for name in INPUTS if name in model.tokenizer.model_input_names]

    class Pipeline(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            vectors = self.model(dict(zip(inputs, tensors, strict=True)))["sentence_embedding"]
            return torch.nn.functional.normalize(vectors)

    try:
        with torch.inference_mode(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tracing warns of every comparison that it fixes to its current result
            example = tuple(torch.ones((2, 16), dtype=torch.long) for _ in inputs)
            graph = openvino.convert_model(Pipeline().eval(), example_input=example)
    except Exception as error:  # its type depends on what the architecture lacks
        raise ModelUnavailable(
            f"{model_folder.name} does not convert to OpenVINO ({type(error).__name__}); "
            "type: --encoder sentence_transformer"
        ) from error
    save_graph(with_dynamic_shape(graph, inputs), graph_folder)
    (graph_folder / "tokenizer.json").write_text(model.tokenizer.backend_tokenizer.to_str(), "utf-8")
    return {
        "dimension": reference.dimension,
        "max_tokens": reference.max_tokens,
        "longest": int(model.max_seq_length or 512),
        "prompts": reference.prompts,
        "pad": model.tokenizer.pad_token_id or 0,
    }
