"""Cut a document into passages: overlapping runs of whole sentences, short enough for the encoder.

A passage stays within one section, and a row of a table is a passage of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from embeddings.types import Encoder
from qa.ingest.boilerplate import is_boilerplate
from qa.ingest.sections import Section, sections
from qa.text.reading import BETWEEN_CELLS
from qa.text.sentences import sentences_of_block
from qa.types import Block, BlockKind, Document, Passage, Span

SENTENCES_PER_PASSAGE = 3
"""A passage has more only while they are short. SciFact's nDCG@10 over whole abstracts, by SENTENCES_PER_PASSAGE and
OVERLAP_SENTENCES: 3 and 1: .735; 6 and 2: .734; 10 and 2: .734; as many as fit and 1: .732. Small passages also make
more precise citations."""

MIN_TOKENS = 48
"""A passage grows to this if the text allows: a single line of a list says little, so lines are gathered."""

OVERLAP_SENTENCES = 1
"""Sentences shared by a passage and the one before it."""

TITLE_TOKENS = 32
"""Tokens reserved for the title, which is embedded with every passage of its document."""

CONTEXT_TOKENS = 32
"""Tokens reserved for the context, which is embedded with every passage that has one."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of one that is too long for the encoder."""

    start: int
    end: int
    tokens: int


def chunk(document: Document, encoder: Encoder) -> list[Passage]:
    """Cut a document into passages, in order. Boilerplate is in none of them, and ends the passage it follows.

    Every passage has at most `encoder.max_tokens - TITLE_TOKENS` of the encoder's own tokens, CONTEXT_TOKENS fewer if
    it has a context; the headers of a row's cells count. A longer sentence is cut between two tokens.
    """
    passages: list[Passage] = []
    for section in sections(document):
        max_tokens = max(encoder.max_tokens - TITLE_TOKENS - (CONTEXT_TOKENS if section.context else 0), 1)
        if section.blocks[0].kind is BlockKind.ROW:
            passages.extend(_row_passages(document, section.context, section.blocks[0], encoder, max_tokens))
            continue
        for run in _runs(document.text, section):
            pieces = [piece for span in run for piece in _fit(document.text, span, encoder, max_tokens)]
            windows = _windows(pieces, max_tokens)
            passages.extend(_passage(document, section.context, window) for window in windows)
    return passages


def _runs(text: str, section: Section) -> Iterator[list[Span]]:
    """Yield the runs of sentences without boilerplate between them."""
    run: list[Span] = []
    for block in section.blocks:
        for span in sentences_of_block(text, block.start, block.end):
            if not is_boilerplate(text, span):
                run.append(span)
            elif run:
                yield run
                run = []
    if run:
        yield run


def _row_passages(document: Document, context: str, row: Block, encoder: Encoder, max_tokens: int) -> Iterator[Passage]:
    """Yield the passages of a row: one, or as many as its cells need with their headers."""
    window: list[tuple[_Piece, str]] = []
    tokens = 0
    for cell, header in _cells(document.text, row):
        header_tokens = min(len(encoder.token_spans(header)), max_tokens // 2)
        for piece in _fit(document.text, cell, encoder, max_tokens - header_tokens):
            if window and tokens + piece.tokens + header_tokens > max_tokens:
                yield _row_passage(document, context, window)
                window, tokens = [], 0
            window.append((piece, header))
            tokens += piece.tokens + header_tokens
    yield _row_passage(document, context, window)


def _cells(text: str, row: Block) -> Iterator[tuple[Span, str]]:
    """Yield the span of each cell, without what separates it from the next, and its header."""
    cells = row.cells or ((row.start, ""),)
    ends = [start for start, _ in cells[1:]] + [row.end]
    for (start, header), end in zip(cells, ends, strict=True):
        cell = text[start:end] if end == row.end else BETWEEN_CELLS.sub("", text[start:end])
        yield (start, start + len(cell.rstrip())), header


def _row_passage(document: Document, context: str, window: list[tuple[_Piece, str]]) -> Passage:
    start, end = window[0][0].start, window[-1][0].end
    cells = tuple((piece.start, header) for piece, header in window)
    return Passage(document.id, start, end, document.text[start:end], ((start, end),), context, cells)


def _fit(text: str, span: Span, encoder: Encoder, max_tokens: int) -> list[_Piece]:
    count = len(encoder.token_spans(text[slice(*span)]))
    if count <= max_tokens:
        return [_Piece(*span, count)]
    # Each part is a passage of its own: joined to another, it might be tokenized differently.
    return [_Piece(*part, max_tokens) for part in _cut(text, span, encoder, max_tokens)]


def _cut(text: str, span: Span, encoder: Encoder, max_tokens: int) -> Iterator[Span]:
    """Yield parts of `span` within `max_tokens` each, cut between two tokens, without the white space between."""
    piece = text[slice(*span)]
    start = span[0] + len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    tokens = encoder.token_spans(text[start:end])
    if end - start <= 1 or len(tokens) <= max_tokens:
        if start < end:
            yield start, end
        return
    # Two tokens may share a character, so a cut may fall on the one before it, or on the start.
    cuts = {start + tokens[i][0] for i in range(max_tokens, len(tokens), max_tokens)} - {start}
    for part in pairwise(sorted({start, *(cuts or {(start + end) // 2}), end})):
        yield from _cut(text, part, encoder, max_tokens)  # half a word may have more tokens than it had within the word


def _windows(pieces: list[_Piece], max_tokens: int) -> Iterator[list[_Piece]]:
    """Yield runs of pieces within `max_tokens`, each overlapping the last by OVERLAP_SENTENCES if they fit."""
    start = 0
    while start < len(pieces):
        end = _end(pieces, start, max_tokens)
        yield pieces[start:end]
        if end == len(pieces):
            return
        start = max(end - OVERLAP_SENTENCES, start + 1)
        while sum(piece.tokens for piece in pieces[start : end + 1]) > max_tokens and start < end:
            start += 1  # the overlap must leave max_tokens for the next sentence


def _end(pieces: list[_Piece], start: int, max_tokens: int) -> int:
    end, tokens = start, 0
    while end < len(pieces) and tokens + pieces[end].tokens <= max_tokens:
        if end - start >= SENTENCES_PER_PASSAGE and tokens >= MIN_TOKENS:
            break
        tokens += pieces[end].tokens
        end += 1
    return max(end, start + 1)


def _passage(document: Document, context: str, window: list[_Piece]) -> Passage:
    start, end = window[0].start, window[-1].end
    return Passage(
        document_id=document.id,
        start=start,
        end=end,
        text=document.text[start:end],
        sentences=tuple((piece.start, piece.end) for piece in window),
        context=context,
    )
