"""Answer with whole sentences: rank each sentence of the hits, with its neighbours, against the question."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.types import Encoder, Vectors
from qa.answering.protocol import Answerer, Quote, Reply
from qa.text.words import coverage, rarity, stems
from qa.types import Hit, Span

HITS_READ = 8
"""Hits whose sentences are ranked."""

MAX_CACHED_VECTORS = 20_000
"""Sentence vectors kept in memory, 1.5 kB each, so that a process embeds a sentence once."""

MAX_QUOTES = 3
"""Quotes in one reply."""

MIN_SHARE_OF_BEST = 0.85
"""Share of the best sentence's score that a further quote must reach."""

# Weights of a sentence's features, in the order of `features`. Printed with the two below by
# python -m qa.training.regression over 2,027 questions on Wikipedia, Reddit, reviews and tales; no evaluation set.
WEIGHTS = np.array([3.70, 0.78, 3.38, 1.21, 6.20])

# Logistic regression of "the documents hold the answer" on the best sentence's features.
CONFIDENCE = np.array([5.71, 2.10, 1.14, 3.21, 2.89])
INTERCEPT = -8.70

THRESHOLD = 0.6
"""Separates the questions about the built-in reports that have an answer from those that have none."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that may be quoted, with what it is ranked by."""

    document_id: str
    span: Span
    text: str
    window: str
    """The sentence with its neighbours in the passage."""
    score: float
    """Score of the hit that holds it."""


class ExtractiveAnswerer(Answerer):
    """Ranks sentences by what they and their neighbours share with the question, in meaning and in words."""

    threshold = THRESHOLD

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._vectors: dict[str, Vectors] = {}

    def answer(self, question: str, hits: Sequence[Hit], vector: Vectors | None = None) -> Reply:
        """Reply with the best sentence and up to two others that come close to it."""
        sentences = read_sentences(hits[:HITS_READ])
        if not sentences:
            return Reply((), 0.0)
        features = self.features(question, sentences)
        scores = features @ WEIGHTS
        order = np.argsort(-scores, kind="stable")
        best = features[order[0]]
        quotes = [_quote(sentences[i]) for i in order if scores[i] >= MIN_SHARE_OF_BEST * scores[order[0]]]
        confidence = 1 / (1 + math.exp(-float(best @ CONFIDENCE + INTERCEPT)))
        return Reply(tuple(quotes[:MAX_QUOTES]), confidence)

    def features(self, question: str, sentences: Sequence[Sentence]) -> Vectors:
        """Return (n, 5): cosine of sentence and of window, words covered by sentence and by window, the hit's score."""
        query = self._embed([question])[0]
        asked = stems(question)
        own = [set(stems(sentence.text)) for sentence in sentences]
        near = [set(stems(sentence.window)) for sentence in sentences]
        weights = rarity(asked, own)
        return np.column_stack(
            [
                self._embed([sentence.text for sentence in sentences]) @ query,
                self._embed([sentence.window for sentence in sentences]) @ query,
                [coverage(weights, have) for have in own],
                [coverage(weights, have) for have in near],
                [sentence.score for sentence in sentences],
            ]
        ).astype(np.float32)

    def _embed(self, texts: list[str]) -> Vectors:
        if len(self._vectors) > MAX_CACHED_VECTORS:
            self._vectors = {}
        missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if missing:
            self._vectors.update(zip(missing, self._encoder.embed_passages(missing), strict=True))
        return np.stack([self._vectors[text] for text in texts])


def read_sentences(hits: Sequence[Hit]) -> list[Sentence]:
    """Return the sentences of the hits, each once, with the best hit that holds it."""
    found: dict[tuple[str, Span], Sentence] = {}
    for hit in hits:
        passage = hit.passage
        spans = passage.sentences
        for place, span in enumerate(spans):
            first, last = spans[max(place - 1, 0)][0], spans[min(place + 1, len(spans) - 1)][1]
            sentence = Sentence(
                passage.document_id,
                span,
                passage.text[span[0] - passage.start : span[1] - passage.start],
                passage.text[first - passage.start : last - passage.start],
                hit.score,
            )
            found.setdefault((passage.document_id, span), sentence)
    return list(found.values())


def _quote(sentence: Sentence) -> Quote:
    return Quote(sentence.document_id, *sentence.span)


def create(encoder: Encoder) -> ExtractiveAnswerer:
    """Return the answerer, which shares the corpus's encoder."""
    return ExtractiveAnswerer(encoder)
