"""Run the trained reader: it scores the spans of passages as answers to a question."""

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
from qa.text.reading import Reading

MAX_ANSWER_TOKENS = 30
"""Longest span, in tokens."""

MAX_SPANS_PER_PASSAGE = 3
"""Spans returned for one passage at most; no two of them overlap."""

BREAK = re.compile(r"\n\s*\n|\r\s*\r|\f")
"""Separates paragraphs, a heading from its text, and pages; no answer spans one."""

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A span of a passage, in offsets into its stored characters, with the reader's score."""

    start: int
    end: int
    score: float
    """Uncalibrated log-odds of this span against "no answer here"; above 0 the span is likelier."""


class Reader:
    """Reads passages in batches. Instances are thread-safe."""

    def __init__(self, weights: Path | None = None) -> None:
        """Load the weights from a file; None loads the weights that ship with the package.

        Raises:
            ReaderError: the weights are missing, damaged or of another version.
            ModelUnavailable: the encoder's model is not installed; see embeddings.models.
            ModelDamaged: the encoder's model is damaged; see embeddings.models.
        """
        encoder = MINILM.path()
        weights = weights or Path(str(resources.files("qa.reader"))) / WEIGHTS_FILE
        check_weights(weights, FORMAT_VERSION)
        self._tokenizer = WindowTokenizer(encoder)
        key = f"reader-{FORMAT_VERSION}-{cached_sha256(weights)[:12]}-{MINILM.sha256[:12]}"
        self._graph = Graph(cached_graph(key, lambda place: _build(weights, encoder, place)))

    def read(self, question: str, passages: Sequence[Reading]) -> list[list[ScoredSpan]]:
        """Return the best spans of each passage, best first; an empty list for a passage without a token.

        No span holds characters that were added to a passage for reading it.
        """
        windows = [
            (n, w) for n, passage in enumerate(passages) for w in self._tokenizer.windows(question, passage.text)
        ]
        found: list[list[ScoredSpan]] = [[] for _ in passages]
        for places, outputs in self._graph.run(*network_inputs([w for _, w in windows])):
            for place, output in zip(places, outputs, strict=True):
                number, window = windows[place]
                found[number] += _best_spans(output, window, passages[number])
        return [
            _without_overlaps(sorted(spans, key=lambda span: (-span.score, span.start, span.end))) for spans in found
        ]


def network_inputs(windows: Sequence[Window]) -> tuple[list[list[int]], list[list[int]]]:
    """Return the token ids and the token type ids (0 in the question, 1 in the passage) of each window."""
    return [w.ids for w in windows], [[0] * w.passage_start + [1] * (len(w.ids) - w.passage_start) for w in windows]


def _best_spans(scores: Scores, window: Window, passage: Reading) -> list[ScoredSpan]:
    """Return the likeliest spans of a window."""
    spans = span_scores(scores, window, passage)
    order = np.argsort(-spans, axis=None, kind="stable")[: 20 * MAX_SPANS_PER_PASSAGE]
    found = []
    for first, last in (divmod(int(place), len(spans)) for place in order):
        stored = passage.stored_span(window.offsets[first][0], window.offsets[last][1])
        if np.isfinite(spans[first, last]) and stored:
            found.append(ScoredSpan(*stored, float(spans[first, last])))
    return found


def span_scores(scores: Scores, window: Window, passage: Reading) -> Scores:
    """Return the log-odds (t, t) of each span of a window, by first and last token, against "no answer here".

    `scores` (n, 2) are the start and end logits of all tokens; a span that is not allowed has -inf.
    """
    size = len(window.offsets)
    starts, ends = scores[window.passage_start : window.passage_start + size].T
    spans = starts[:, None] + ends[None, :]
    spans[~_allowed_spans(size)] = -np.inf
    pieces = np.searchsorted(_breaks(passage), window.offsets)[:, 0]
    spans[pieces[:, None] != pieces[None, :]] = -np.inf
    return np.asarray(spans - scores[0].sum(), np.float32)


def _breaks(passage: Reading) -> list[int]:
    """Return the offsets between which a span must stay, in order."""
    breaks = [match.start() for match in BREAK.finditer(passage.text)]
    return sorted({*breaks, *passage.added_runs()})


def _allowed_spans(size: int) -> NDArray[np.bool_]:
    """Return a (size, size) mask of the first (row) and last (column) tokens that a span may have."""
    every = np.ones((size, size), dtype=bool)
    return np.asarray(np.triu(every) & np.tril(every, MAX_ANSWER_TOKENS - 1))


def _without_overlaps(spans: list[ScoredSpan]) -> list[ScoredSpan]:
    """Drop spans that overlap a better one; `spans` come best first."""
    chosen: list[ScoredSpan] = []
    for span in spans:
        if all(span.end <= other.start or other.end <= span.start for other in chosen):
            chosen.append(span)
        if len(chosen) == MAX_SPANS_PER_PASSAGE:
            break
    return chosen


def check_weights(weights: Path, wanted: str) -> None:
    """Check that a file of weights can be read and is of the format version `wanted`.

    Raises:
        ReaderError: it cannot, or is not.
    """
    try:
        with safe_open(weights, "numpy") as file:
            version = (file.metadata() or {}).get("version")
    except Exception as error:  # safetensors raises its own type, which derives from Exception alone
        raise ReaderError(
            f"the reader's weights at {weights} cannot be read ({error}); type: pip install --force-reinstall ."
        ) from error
    if version != wanted:
        raise ReaderError(
            f"{weights} has format version {version}, wanted {wanted}; type: python -m qa.training.train --help"
        )


def _build(weights: Path, encoder: Path, place: Path) -> dict[str, object]:
    """Trace the network to a graph file once; afterwards torch is not needed."""
    import openvino
    import torch

    from qa.reader.network import load

    example = tuple(torch.ones((2, 16), dtype=torch.long) for _ in range(3))
    with torch.inference_mode(), warnings.catch_warnings():
        # OpenVINO still traces with torch.jit.
        warnings.filterwarnings("ignore", r"`torch\.jit\.\w+` is deprecated", DeprecationWarning)
        graph = openvino.convert_model(load(weights, encoder).eval(), example_input=example)
    graph = with_dynamic_shape(graph, ("input_ids", "attention_mask", "token_type_ids"))
    save_graph(graph, place)
    return {}
