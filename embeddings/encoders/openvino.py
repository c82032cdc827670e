"""The fast encoder on a CPU: a sentence-transformers model as one OpenVINO graph, built once and kept in the cache."""

import warnings
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from embeddings.base import BaseEncoder, encodable
from embeddings.errors import ModelUnavailable
from embeddings.models import MINILM, fingerprint, locate
from embeddings.openvino_runtime.graph_cache import about, kept, precision, save, shaped
from embeddings.openvino_runtime.inference import Graph
from embeddings.types import Vectors

VERSION = 1
"""Of what `_build` writes; another one is another place in the cache."""

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class OpenVinoEncoder(BaseEncoder):
    """Transformer, pooling and normalisation in one graph, in bfloat16 where the processor has it."""

    def __init__(self, folder: Path, name: str) -> None:
        key = f"encoder-{VERSION}-{fingerprint(folder)}"
        place = kept(key, lambda place: _build(folder, place))
        known = about(place)
        self._tokenizer = Tokenizer.from_file(str(place / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.name = name
        self.dimension = int(known["dimension"])
        self.max_tokens = int(known["max_tokens"])
        self.fingerprint = fingerprint(folder, self.max_tokens, "openvino", precision())
        self._prompts: dict[str, str] = known["prompts"]
        self._longest = int(known["longest"])
        self._pad = int(known["pad"])
        self._graph = Graph(place)

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Character offsets of the model's own tokens."""
        spans: list[tuple[int, int]] = self._tokenizer.encode(encodable(text), add_special_tokens=False).offsets
        return spans

    def _embed(self, texts: list[str], *, query: bool) -> Vectors:
        prompt = self._prompts["query" if query else "document"]
        encodings = self._tokenizer.encode_batch([prompt + text for text in texts])
        rows = [self._shortened(encoding.ids) for encoding in encodings]
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for places, output in self._graph.run(rows, pad=self._pad):
            vectors[places] = output
        return vectors

    def _shortened(self, ids: list[int]) -> list[int]:
        """The first tokens, with the one that ends a text."""
        return ids if len(ids) <= self._longest else [*ids[: self._longest - 1], ids[-1]]


def create(model: str | None = None) -> OpenVinoEncoder:
    """The encoder over `model`: a built-in's name, a folder or a hub name.

    Raises:
        ModelUnavailable: nowhere to be had, or its architecture does not convert.
        ModelDamaged: see embeddings.models.locate.
    """
    return OpenVinoEncoder(locate(model), model or MINILM.name)


def _build(folder: Path, place: Path) -> dict[str, object]:
    """Trace the sentence-transformers model once, and keep what is needed to use it without torch."""
    import openvino
    import torch
    from transformers.utils.logging import set_verbosity_error

    from embeddings.encoders.sentence_transformer import SentenceTransformerEncoder

    set_verbosity_error()
    reference = SentenceTransformerEncoder(folder, folder.name, "cpu")  # where the example lies, whatever else is here
    model = reference.model
    inputs = [name for name in INPUTS if name in model.tokenizer.model_input_names]

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            vectors = self.model(dict(zip(inputs, tensors, strict=True)))["sentence_embedding"]
            return torch.nn.functional.normalize(vectors)

    try:
        with torch.inference_mode(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tracing warns of every comparison that it takes as given
            example = tuple(torch.ones((2, 16), dtype=torch.long) for _ in inputs)
            graph = openvino.convert_model(Whole().eval(), example_input=example)
    except Exception as error:  # of many types, by what the architecture lacks
        raise ModelUnavailable(
            f"{folder.name} does not convert to OpenVINO ({type(error).__name__}); type: --encoder sentence_transformer"
        ) from error
    graph = shaped(graph, inputs)
    save(graph, place)
    (place / "tokenizer.json").write_text(model.tokenizer.backend_tokenizer.to_str(), "utf-8")
    return {
        "dimension": reference.dimension,
        "max_tokens": reference.max_tokens,
        "longest": int(model.max_seq_length or 512),
        "prompts": reference.prompts,
        "pad": model.tokenizer.pad_token_id or 0,
    }
