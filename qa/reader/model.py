"""The trained reader: a question and passages in, the spans that answer best out."""

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from embeddings.checksums import cached_sha256
from embeddings.models import MINILM
from embeddings.openvino_runtime.graph_cache import cached_graph, save_graph, with_dynamic_shape
from embeddings.openvino_runtime.inference import Graph
from qa.errors import ReaderError
from qa.reader.format import FORMAT_VERSION, WEIGHTS_FILE
from qa.reader.tokenization import Window, WindowTokenizer

MAX_ANSWER_TOKENS = 30
"""Tokens of a span."""

MAX_SPANS_PER_PASSAGE = 3
"""Of one passage, no two overlapping."""

BLANK_LINE = re.compile(r"\n\s*\n|\r\s*\r")
"""Stands between paragraphs, and below a heading; no answer goes across one."""

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A span of a passage, as characters, and how sure the reader is of it."""

    start: int
    end: int
    score: float
    """Log-odds of this span against "no answer here", uncalibrated; above 0 the span is likelier."""


class Reader:
    """Reads passages in batches; may be used from several threads."""

    def __init__(self, weights: Path | None = None) -> None:
        """Load the weights, of this package when None is given.

        Raises:
            ReaderError: no weights there, or of another version.
            ModelUnavailable, ModelDamaged: see embeddings.models.
        """
        encoder = MINILM.path()
        weights = weights or Path(str(resources.files("qa.reader"))) / WEIGHTS_FILE
        _check_weights(weights)
        self._tokenizer = WindowTokenizer(encoder)
        key = f"reader-{FORMAT_VERSION}-{cached_sha256(weights)[:12]}-{MINILM.sha256[:12]}"
        self._graph = Graph(cached_graph(key, lambda place: _build(weights, encoder, place)))

    def read(self, question: str, passages: Sequence[str]) -> list[list[ScoredSpan]]:
        """The best spans of each passage, best first; none of a passage without a word."""
        windows = [(n, w) for n, text in enumerate(passages) for w in self._tokenizer.windows(question, text)]
        found: list[list[ScoredSpan]] = [[] for _ in passages]
        for places, outputs in self._graph.run(*_network_inputs([w for _, w in windows])):
            for place, output in zip(places, outputs, strict=True):
                number, window = windows[place]
                found[number] += _best_spans(output, window, passages[number])
        return [
            _without_overlaps(sorted(readings, key=lambda reading: (-reading.score, reading.start, reading.end)))
            for readings in found
        ]


def _network_inputs(windows: Sequence[Window]) -> tuple[list[list[int]], list[list[int]]]:
    """The windows' tokens, and of which kind each is: 0 of the question, 1 of the passage."""
    return [w.ids for w in windows], [[0] * w.passage_start + [1] * (len(w.ids) - w.passage_start) for w in windows]


def _best_spans(scores: Scores, window: Window, passage: str) -> list[ScoredSpan]:
    """The likeliest spans of one window: start and end scores added, less those of the [CLS] token."""
    size = len(window.offsets)
    starts, ends = scores[window.passage_start : window.passage_start + size].T
    spans = starts[:, None] + ends[None, :]
    spans[~_allowed_spans(size)] = -np.inf
    paragraphs = np.searchsorted([blank.start() for blank in BLANK_LINE.finditer(passage)], window.offsets)[:, 0]
    spans[paragraphs[:, None] != paragraphs[None, :]] = -np.inf
    order = np.argsort(-spans, axis=None, kind="stable")[: 20 * MAX_SPANS_PER_PASSAGE]
    nothing = float(scores[0].sum())
    readings = []
    for first, last in (divmod(int(place), size) for place in order):
        start, end = window.offsets[first][0], window.offsets[last][1]
        if np.isfinite(spans[first, last]) and start < end:
            readings.append(ScoredSpan(start, end, float(spans[first, last]) - nothing))
    return readings


def _allowed_spans(size: int) -> NDArray[np.bool_]:
    """(size, size): from which first to which last token a span may go."""
    every = np.ones((size, size), dtype=bool)
    return np.asarray(np.triu(every) & np.tril(every, MAX_ANSWER_TOKENS - 1))


def _without_overlaps(readings: list[ScoredSpan]) -> list[ScoredSpan]:
    """The best readings, without those that overlap a better one."""
    chosen: list[ScoredSpan] = []
    for reading in readings:
        if all(reading.end <= other.start or other.end <= reading.start for other in chosen):
            chosen.append(reading)
        if len(chosen) == MAX_SPANS_PER_PASSAGE:
            break
    return chosen


def _check_weights(weights: Path) -> None:
    try:
        with safe_open(weights, "numpy") as file:
            version = (file.metadata() or {}).get("version")
    except Exception as error:  # safetensors raises its own type, which derives from Exception alone
        raise ReaderError(
            f"the reader's weights at {weights} cannot be read ({error}); type: pip install --force-reinstall ."
        ) from error
    if version != FORMAT_VERSION:
        raise ReaderError(
            f"{weights} is of version {version}, wanted {FORMAT_VERSION}; type: python -m qa.training.train --help"
        )


def _build(weights: Path, encoder: Path, place: Path) -> dict[str, object]:
    """Trace the network once; torch is not needed afterwards."""
    import openvino
    import torch

    from qa.reader.network import load

    example = tuple(torch.ones((2, 16), dtype=torch.long) for _ in range(3))
    with torch.inference_mode(), warnings.catch_warnings():
        # Of how openvino traces.
        warnings.filterwarnings("ignore", r"`torch\.jit\.\w+` is deprecated", DeprecationWarning)
        graph = openvino.convert_model(load(weights, encoder).eval(), example_input=example)
    graph = with_dynamic_shape(graph, ("input_ids", "attention_mask", "token_type_ids"))
    save_graph(graph, place)
    return {}
