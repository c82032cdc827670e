"""The interface of answerers: an answerer replies with spans of documents, never with words of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from embeddings.types import Vectors
from qa.types import Hit

DEFAULT_ANSWERER = "reader"


@dataclass(frozen=True, slots=True)
class Quote:
    """A span of one document: whole sentences that answer, or the short answer inside them."""

    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What an answerer replies to a question."""

    quotes: tuple[Quote, ...]
    """Best first, each inside a passage of the hits; empty when nothing comes close."""
    confidence: float
    """Calibrated probability in [0, 1] that the first quote is right."""
    short: Quote | None = None
    """The shortest span that answers, inside the first quote; None when the answerer finds none."""
    answered: float | None = None
    """Calibrated probability in [0, 1] that the documents hold an answer; None stands for the confidence."""

    @property
    def confidence_of_refusal(self) -> float:
        """The confidence where nothing is quoted: no greater than the probability that there is an answer."""
        return self.confidence if self.answered is None else min(self.confidence, self.answered)

    def is_refused(self, threshold: float) -> bool:
        """Return whether there is nothing to quote, or the probability of there being an answer is too low."""
        return not self.quotes or (self.confidence if self.answered is None else self.answered) < threshold


class Answerer(Protocol):
    """Chooses the words that answer. A plugin module has a subclass and offers `create(encoder) -> Answerer`."""

    threshold: float
    """Replies that are less likely to have an answer are refused, unless the caller sets another threshold."""

    def answer(self, question: str, hits: Sequence[Hit], vector: Vectors | None = None) -> Reply:
        """Reply to a standalone question, from these hits and nothing else.

        `vector` is the question's unit vector, (d,), where the caller has it already.
        """
        ...

    @property
    def drafter(self) -> "Answerer":
        """The answerer that says how well the documents answer each of several wordings, before one is answered."""
        return self
