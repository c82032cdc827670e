"""Search and read the wordings of one question, each once."""

from embeddings.types import Vectors
from qa.answering.citing import quoted
from qa.answering.protocol import Answerer, Reply
from qa.answering.retrieval import Retriever
from qa.types import Hit, Scope

HITS = 24
"""Passages in which an answer is looked for."""

MAX_WORDING_CHARS = 2_000
"""A rewritten question is cut to this length before it is searched for."""


class Wordings:
    """What the documents say to each wording of one question.

    Choosing between wordings means drafting an answer to each of them, and the one chosen is answered for good: hits
    and replies are kept here, for this one question only.
    """

    def __init__(self, retriever: Retriever, answerer: Answerer, within: Scope) -> None:
        self._retriever = retriever
        self._answerer = answerer
        self._within = within
        self._vectors: dict[str, Vectors] = {}
        self._hits: dict[str, tuple[Hit, ...]] = {}
        self._replies: dict[tuple[Answerer, str], Reply] = {}

    def hits(self, wording: str) -> tuple[Hit, ...]:
        """Return the passages retrieved for a wording, best first."""
        wording = wording[:MAX_WORDING_CHARS]
        if wording not in self._hits:
            self._vectors[wording] = self._retriever.corpus.encoder.embed_query(wording)
            self._hits[wording] = self._retriever.search(wording, HITS, self._within, self._vectors[wording])
        return self._hits[wording]

    def reply(self, wording: str) -> Reply:
        """Return what the answerer replies to a wording."""
        return self._reply(self._answerer, wording)

    def judge(self, wording: str) -> tuple[float, str]:
        """Return how surely the documents answer a wording, in [0, 1], and the short answer or "", both drafted."""
        reply = self._reply(self._answerer.drafter, wording)
        return reply.confidence, quoted(self.hits(wording), reply.short) if reply.short else ""

    def _reply(self, answerer: Answerer, wording: str) -> Reply:
        wording = wording[:MAX_WORDING_CHARS]
        key = answerer, wording
        if key not in self._replies:
            hits = self.hits(wording)
            self._replies[key] = answerer.answer(wording, hits, self._vectors[wording])
        return self._replies[key]
