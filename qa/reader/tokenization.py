"""A question and a passage as the tokens that the network reads, with the offsets of every token."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tokenizers import Tokenizer

from embeddings.base import replace_surrogates
from qa.types import Span

MAX_WINDOW_TOKENS = 256
"""Tokens of question and passage together; a longer passage is read in windows."""

MAX_QUESTION_TOKENS = 64
"""Tokens of the question that are read, the first ones."""

OVERLAP_TOKENS = 64
"""Tokens that neighbouring windows of one passage share."""


@dataclass(frozen=True, slots=True)
class Window:
    """[CLS] question [SEP] passage [SEP], in tokens."""

    ids: list[int]
    passage_start: int
    """Place of the passage's first token in `ids`."""
    offsets: list[Span]
    """Of the passage's tokens, in characters of the passage."""


class WindowTokenizer:
    """Makes windows with the packaged encoder's tokenizer."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._begin, self._separate = self._tokenizer.encode("").ids  # [CLS] and [SEP], which stand around a text
        self._encoded = lru_cache(maxsize=4096)(self._encode)

    def windows(self, question: str, passage: str, longest: int = MAX_WINDOW_TOKENS) -> Iterator[Window]:
        """The windows of a passage, none longer than `longest` tokens; none at all of a passage without a token."""
        asked, _ = self._encoded(question)
        head = [self._begin, *asked[:MAX_QUESTION_TOKENS], self._separate]
        ids, offsets = self._encoded(passage)
        room = longest - len(head) - 1
        start = 0
        while start < len(ids):
            end = min(start + room, len(ids))
            yield Window([*head, *ids[start:end], self._separate], len(head), offsets[start:end])
            start = len(ids) if end == len(ids) else end - min(OVERLAP_TOKENS, room // 2)

    def _encode(self, text: str) -> tuple[list[int], list[Span]]:
        encoding = self._tokenizer.encode(replace_surrogates(text), add_special_tokens=False)
        return encoding.ids, encoding.offsets
