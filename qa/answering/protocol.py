"""The seam between retrieval and what is shown: an answerer replies with spans, never with words of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from embeddings.types import Vectors
from qa.types import Hit

DEFAULT_ANSWERER = "reader"


@dataclass(frozen=True, slots=True)
class Quote:
    """Whole sentences of one document that answer, best quotes first in a reply."""

    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What an answerer makes of the hits."""

    quotes: tuple[Quote, ...]
    """Each inside one of the hits' passages; empty when nothing comes near."""
    confidence: float
    """Calibrated probability in [0, 1] that the quotes hold the answer."""
    short: Quote | None = None
    """The shortest span that answers, inside the first quote; None where the answerer finds no span."""


class Answerer(Protocol):
    """Chooses the words that answer. A plugin module offers `create(encoder) -> Answerer`."""

    threshold: float
    """Confidence below which its replies are refused, unless another is asked for."""

    def answer(self, question: str, hits: Sequence[Hit], vector: Vectors | None = None) -> Reply:
        """Reply to a standalone question, from these hits and nothing else.

        `vector` is the question's unit vector, (d,), where the caller has it already.
        """
        ...
