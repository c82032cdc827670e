"""Compare the encoder with plain sentence-transformers over the same weights, and with what the processor can do."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import openvino
import torch
from figures import Figure, alternate, seconds, speedup, time_ratio
from openvino import opset8 as ops
from sample_texts import passages, sentences
from sentence_transformers import SentenceTransformer

from embeddings import load_encoder
from embeddings.models import MINILM
from embeddings.openvino_runtime.graph_cache import precision

PASSAGES, TOKENS = 680, 137
PARAMETERS = 10_646_784
"""In all-MiniLM-L6-v2's six layers: each takes two operations a token, not counting attention scores."""


def measure(articles: Path | None, rounds: int) -> Iterator[Figure]:
    """Measure tokens a second, the time of one question, and the processor's limits."""
    encoder = load_encoder()
    texts = passages(articles, encoder, PASSAGES, TOKENS)
    plain = SentenceTransformer(str(MINILM.path()), device="cpu")
    pairs = alternate(lambda: encoder.embed_passages(texts), lambda: plain.encode(texts), rounds)
    yield speedup(f"{PASSAGES} passages of {TOKENS} tokens, against encode() in float32", pairs, 4.5)
    cosines = (encoder.embed_passages(texts) * plain.encode(texts, normalize_embeddings=True)).sum(axis=1)
    yield Figure("lowest cosine between both sides' vectors", float(cosines.min()), "", target=0.999)
    pace = PASSAGES * TOKENS / min(ours for ours, _ in pairs)
    yield Figure("tokens embedded a second", pace, "tokens/s")
    if precision() == "bf16":
        half = SentenceTransformer(str(MINILM.path()), device="cpu", model_kwargs={"torch_dtype": torch.bfloat16})
        pairs = alternate(
            lambda: encoder.embed_passages(texts), lambda: half.encode(texts, convert_to_tensor=True), rounds
        )
        yield speedup("the same, against encode() in bfloat16", pairs)
    else:
        print("not measured: bfloat16, which this processor lacks, so that torch is a hundred times slower in it")
    most = max(matrix_product_speed(precision()) for _ in range(rounds))
    yield Figure(f"a matrix product in {precision()} through the same runtime", most / 1e9, "GFLOP/s")
    yield Figure("share of it that embedding reaches", 2 * PARAMETERS * pace / most, "")
    yield Figure("a copy of memory", max(copy_speed() for _ in range(rounds)) / 1e9, "GB/s")
    asked = sentences()[:40]
    pairs = alternate(lambda: [encoder.embed_query(q) for q in asked], lambda: [plain.encode(q) for q in asked], rounds)
    yield time_ratio("one question embedded", pairs, 0.35)


def matrix_product_speed(kind: str, size: int = 2048) -> float:
    """Return the operations a second of a product of two square matrices."""
    given = ops.parameter([size, size], np.float32)
    matrix = ops.constant(np.random.default_rng(0).standard_normal((size, size)).astype(np.float32))
    graph = openvino.Model([ops.matmul(given, matrix, False, True)], [given])
    model = openvino.Core().compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": kind})
    request, rows = model.create_infer_request(), np.ones((size, size), dtype=np.float32)
    request.infer({0: rows})
    return 2 * size**3 / min(seconds(lambda: request.infer({0: rows})) for _ in range(5))


def copy_speed(size: int = 1 << 28) -> float:
    """Return the bytes a second that a copy reads and writes."""
    source, target = np.ones(size, dtype=np.uint8), np.zeros(size, dtype=np.uint8)
    return 2 * size / min(seconds(lambda: np.copyto(target, source)) for _ in range(3))
