"""Sentences to passages: runs of whole sentences that the encoder reads to the end, neighbours overlapping."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from embeddings.types import Encoder
from qa.ingest.boilerplate import is_boilerplate
from qa.text.sentences import sentence_spans
from qa.types import Document, Passage, Span

SENTENCES_PER_PASSAGE = 3
"""In one passage, or more while they are short. SciFact's nDCG@10 with this and the OVERLAP beside it, over whole
abstracts cut so: 3 and 1: .735; 6 and 2: .734; 10 and 2: .734; as many as fit and 1: .732. Small passages also point
more exactly."""

MIN_TOKENS = 48
"""In a passage where there are so many: lines of a list are gathered, for one of them alone says little."""

OVERLAP_SENTENCES = 1
"""Sentences that a passage shares with the one before it."""

TITLE_TOKENS = 32
"""Kept free for the title, which is embedded with every passage of its document."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of one too long for the encoder."""

    start: int
    end: int
    tokens: int


def chunk(document: Document, encoder: Encoder) -> list[Passage]:
    """The passages of a document, in order; furniture is in none of them and ends the one it follows.

    Every passage is within `encoder.max_tokens` less CONTEXT_TOKENS of the encoder's own tokens. A longer
    sentence is cut between two tokens.
    """
    room = max(encoder.max_tokens - TITLE_TOKENS, 1)
    passages: list[Passage] = []
    for run in _runs(document.text):
        pieces = [piece for span in run for piece in _fit(document.text, span, encoder, room)]
        passages.extend(_passage(document, window) for window in _windows(pieces, room))
    return passages


def _runs(text: str) -> Iterator[list[Span]]:
    """Sentences with no furniture between them."""
    run: list[Span] = []
    for span in sentence_spans(text):
        if not is_boilerplate(text, span):
            run.append(span)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _fit(text: str, span: Span, encoder: Encoder, room: int) -> list[_Piece]:
    count = len(encoder.token_spans(text[slice(*span)]))
    if count <= room:
        return [_Piece(*span, count)]
    # Each part is a passage by itself: joined to another, it might be other tokens than both.
    return [_Piece(*part, room) for part in _cut(text, span, encoder, room)]


def _cut(text: str, span: Span, encoder: Encoder, room: int) -> Iterator[Span]:
    """Parts of `span` within `room` tokens each, without the blanks between them; cut between two tokens."""
    piece = text[slice(*span)]
    start = span[0] + len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    tokens = encoder.token_spans(text[start:end])
    if end - start <= 1 or len(tokens) <= room:
        if start < end:
            yield start, end
        return
    # Two tokens may share a character, so a cut may fall on the one before it, or on the start.
    cuts = {start + tokens[place][0] for place in range(room, len(tokens), room)} - {start}
    for part in pairwise(sorted({start, *(cuts or {(start + end) // 2}), end})):
        yield from _cut(text, part, encoder, room)  # half a word may be more tokens than it was in the whole


def _windows(pieces: list[_Piece], room: int) -> Iterator[list[_Piece]]:
    """Runs of pieces within `room`, each beginning OVERLAP pieces before the last one's end where they fit."""
    start = 0
    while start < len(pieces):
        end = _end(pieces, start, room)
        yield pieces[start:end]
        if end == len(pieces):
            return
        start = max(end - OVERLAP_SENTENCES, start + 1)
        while sum(piece.tokens for piece in pieces[start : end + 1]) > room and start < end:
            start += 1  # the overlap may not keep the next sentence out


def _end(pieces: list[_Piece], start: int, room: int) -> int:
    end, tokens = start, 0
    while end < len(pieces) and tokens + pieces[end].tokens <= room:
        if end - start >= SENTENCES_PER_PASSAGE and tokens >= MIN_TOKENS:
            break
        tokens += pieces[end].tokens
        end += 1
    return max(end, start + 1)


def _passage(document: Document, window: list[_Piece]) -> Passage:
    start, end = window[0].start, window[-1].end
    return Passage(
        document_id=document.id,
        start=start,
        end=end,
        text=document.text[start:end],
        sentences=tuple((piece.start, piece.end) for piece in window),
    )
