"""Run the large reader: for each passage, which sentences are evidence, the span that answers, and what it decides."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.checksums import cached_sha256
from embeddings.models import MINILM
from embeddings.openvino_runtime.graph_cache import cached_graph, save_graph, with_dynamic_shape
from embeddings.openvino_runtime.inference import Graph
from embeddings.openvino_runtime.rewrites import store_in_bytes
from qa.reader.format import LARGE_FORMAT_VERSION, LARGE_WEIGHTS_FILES
from qa.reader.model import ScoredSpan, check_weights, network_inputs, span_scores
from qa.reader.outputs import Output
from qa.reader.tokenization import Window, WindowTokenizer
from qa.text.reading import Reading, passage_reading
from qa.types import Passage, Span

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """What the large reader says of one sentence."""

    sentence: Span
    """Its offsets in the document."""
    evidence: float
    """Log-odds of this sentence being evidence against no sentence of the passage being it."""
    share: float
    """Log of the sentence's share, in (0, 1), among all sentences of the passage and "no evidence"."""
    span: ScoredSpan | None
    """The best span inside the sentence, in offsets into the passage; None where no span of it is stored text."""


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What the large reader says of one passage."""

    sentences: tuple[SentenceReading, ...]
    """Those that were read, in order; none of a passage without a token."""
    answered: float
    """Log-odds of some sentence being evidence against none."""
    stance: tuple[float, float, float]
    """Probabilities that the passage supports the statement (or says yes), contradicts it (no), or neither."""


NOTHING = PassageReading((), -20.0, (0.0, 0.0, 1.0))
"""The reading of a passage without a token."""


class LargeReader:
    """Reads passages in batches. Instances are thread-safe."""

    def __init__(self, weights: Sequence[Path] | None = None) -> None:
        """Load the weights from their files; None loads the weights that ship with the package.

        Raises:
            ReaderError: the weights are missing, damaged or of another version.
            ModelUnavailable: the encoder's model, whose tokens are read, is not installed; see embeddings.models.
            ModelDamaged: the encoder's model is damaged; see embeddings.models.
        """
        encoder = MINILM.path()
        folder = Path(str(resources.files("qa.reader")))
        files = [folder / name for name in LARGE_WEIGHTS_FILES] if weights is None else list(weights)
        for file in files:
            check_weights(file, LARGE_FORMAT_VERSION)
        self._tokenizer = WindowTokenizer(encoder)
        sums = "-".join(cached_sha256(file)[:12] for file in files)
        folder = cached_graph(f"large-{LARGE_FORMAT_VERSION}-{sums}", lambda place: _build(files, place))
        self._graph = Graph(folder, byte_weights=True)
        self.is_fast = self._graph.multiplies_bytes

    def read(self, question: str, passages: Sequence[Passage]) -> list[PassageReading]:
        """Read each passage after what it stands under."""
        readings = [passage_reading(passage, passage.context) for passage in passages]
        windows = [
            (n, window) for n, read in enumerate(readings) for window in self._tokenizer.windows(question, read.text)
        ]
        found: list[list[PassageReading]] = [[] for _ in passages]
        for places, outputs in self._graph.run(*network_inputs([window for _, window in windows])):
            for place, output in zip(places, outputs, strict=True):
                number, window = windows[place]
                found[number].append(_reading(output, window, passages[number], readings[number]))
        return [_joined(parts) for parts in found]


def _reading(output: Scores, window: Window, passage: Passage, read: Reading) -> PassageReading:
    """Return what one window says of the sentences that it holds."""
    first, size = window.passage_start, len(window.offsets)
    numbers = sentence_numbers(window, passage, read)
    spans = span_scores(output[:, [Output.START, Output.END]], window, read)
    tokens = output[first : first + size, Output.EVIDENCE]
    nothing = float(output[0, Output.NO_EVIDENCE])
    shown = [number for number in dict.fromkeys(numbers.tolist()) if number >= 0]
    scores = [float(tokens[numbers == number].mean()) - nothing for number in shown]
    total = float(np.logaddexp.reduce([0.0, *scores]))
    sentences = tuple(
        SentenceReading(passage.sentences[n], score, score - total, _best_span(spans, numbers == n, window, read))
        for n, score in zip(shown, scores, strict=True)
    )
    logits = output[0, Output.SUPPORTED : Output.NEITHER + 1].astype(np.float64)
    supported, contradicted, neither = np.exp(logits - np.logaddexp.reduce(logits)).tolist()
    answered = float(np.logaddexp.reduce(scores)) if scores else NOTHING.answered
    return PassageReading(sentences, answered, (supported, contradicted, neither))


def sentence_numbers(window: Window, passage: Passage, read: Reading) -> NDArray[np.int64]:
    """Return (t,): for each token of the passage the index of its sentence, -1 for what stands above the passage.

    The headers of a row's cells belong to the row.
    """
    before = len(passage.context) + 1 if passage.context else 0
    starts = np.asarray(read.starts)
    stored = np.where(starts < 0, len(passage.text), starts)
    following = np.minimum.accumulate(stored[::-1])[::-1]  # an added character belongs to what follows it
    begins = np.array([start - passage.start for start, _ in passage.sentences])
    tokens = np.array([start for start, _ in window.offsets])
    numbers = np.searchsorted(begins, following[tokens], side="right") - 1
    return np.where(tokens < before, -1, np.maximum(numbers, 0)).astype(np.int64)


def _best_span(spans: Scores, inside: NDArray[np.bool_], window: Window, read: Reading) -> ScoredSpan | None:
    """Return the best span whose first and last token are both inside a sentence."""
    places = np.flatnonzero(inside)
    own = spans[np.ix_(places, places)]
    first, last = divmod(int(own.argmax()), len(places))
    start, end = window.offsets[places[first]][0], window.offsets[places[last]][1]
    stored = read.stored_span(start, end)
    return ScoredSpan(*stored, float(own[first, last])) if stored and np.isfinite(own[first, last]) else None


def _joined(parts: Sequence[PassageReading]) -> PassageReading:
    """Return one reading for the windows of a passage: of each sentence the one that is likelier evidence."""
    if not parts:
        return NOTHING
    best: dict[Span, SentenceReading] = {}
    for sentence in (sentence for part in parts for sentence in part.sentences):
        known = best.get(sentence.sentence)
        if known is None or known.evidence < sentence.evidence:
            best[sentence.sentence] = sentence
    likeliest = max(parts, key=lambda part: part.answered)
    return PassageReading(tuple(best[span] for span in sorted(best)), likeliest.answered, likeliest.stance)


def _build(files: Sequence[Path], place: Path) -> dict[str, object]:
    """Trace the network to a graph file once; afterwards torch is not needed."""
    import openvino
    import torch

    from qa.reader.network import load_large
    from qa.reader.quantized import LIMIT

    example = tuple(torch.ones((2, 16), dtype=torch.long) for _ in range(3))
    with torch.inference_mode(), warnings.catch_warnings():
        # OpenVINO still traces with torch.jit.
        warnings.filterwarnings("ignore", r"`torch\.jit\.\w+` is deprecated", DeprecationWarning)
        graph = openvino.convert_model(load_large(files).eval(), example_input=example)
    graph = with_dynamic_shape(graph, ("input_ids", "attention_mask", "token_type_ids"))
    store_in_bytes(graph, LIMIT)
    save_graph(graph, place)
    return {}
