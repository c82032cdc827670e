"""Tokenize a question and a passage into the windows that the network reads, with the offset of every token."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tokenizers import Tokenizer

from embeddings.base import replace_surrogates
from qa.types import Span

MAX_WINDOW_TOKENS = 256
"""Question and passage together; a longer passage is read in several windows."""

MAX_QUESTION_TOKENS = 64
"""Only the first tokens of a longer question are read."""

OVERLAP_TOKENS = 64
"""Tokens shared by neighbouring windows of one passage."""


@dataclass(frozen=True, slots=True)
class Window:
    """The tokens of [CLS] question [SEP] passage [SEP]."""

    ids: list[int]
    passage_start: int
    """Index in `ids` of the passage's first token."""
    offsets: list[Span]
    """The span of each token of the passage, in characters of the passage."""


class WindowTokenizer:
    """Splits passages into windows with the packaged encoder's tokenizer."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._cls, self._sep = self._tokenizer.encode("").ids  # [CLS] and [SEP], which surround every text
        self._encoded = lru_cache(maxsize=4096)(self._encode)

    def windows(self, question: str, passage: str, longest: int = MAX_WINDOW_TOKENS) -> Iterator[Window]:
        """Yield the windows of a passage, at most `longest` tokens each; none for a passage without a token."""
        asked, _ = self._encoded(question)
        head = [self._cls, *asked[:MAX_QUESTION_TOKENS], self._sep]
        ids, offsets = self._encoded(passage)
        room = longest - len(head) - 1
        start = 0
        while start < len(ids):
            end = min(start + room, len(ids))
            yield Window([*head, *ids[start:end], self._sep], len(head), offsets[start:end])
            start = len(ids) if end == len(ids) else end - min(OVERLAP_TOKENS, room // 2)

    def _encode(self, text: str) -> tuple[list[int], list[Span]]:
        encoding = self._tokenizer.encode(replace_surrogates(text), add_special_tokens=False)
        return encoding.ids, encoding.offsets
