"""Normalise text for searching, embedding and reading, with a map back to the exact offsets of the stored text.

The stored text is never changed. "They never mention it" must be true whatever characters a document writes a word
with: ligatures, full-width letters, soft hyphens, a word cut at a line end, a number with separators.
"""

import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.types import Passage, Span

INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2064\ufeff"
"""Characters that are not shown: soft hyphens, zero-width characters and marks of direction."""

HYPHENS = str.maketrans("\u2010\u2011\ufe63\uff0d", "----")

BROKEN_WORD = r"(?<=[^\W\d_])(?:\u00ad|[-\u2010])[ \t]*(?:\r\n|[\n\r\f])[ \t]*(?=[^\W\d_])"
"""A hyphen inside a word, with the line end after it."""

CUT_WORD = re.compile(r"(\w+)(?:\u00ad|[-\u2010])\s*[\n\r\f]\s*(\w+)")
"""A word with such a hyphen."""

COMPOUND = re.compile(r"[^\W_]-[^\W_]+$")
"""The end of a word with another hyphen; it keeps the one at the line end: state-of-the-|art."""

RAISED_NUMBER = "[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+"

EXPONENT_BASE = re.compile(r"(?:(?<![\d.,])10|(?<![^\W\d_])(?:[kcmdµn]?m|ft|in|yd|mi|s|[a-z]))$", re.IGNORECASE)
"""What stands before an exponent: a ten, a unit or a single letter. After anything else it is the mark of a note."""

SPECIAL = re.compile(
    rf"(?P<broken>{BROKEN_WORD})|(?P<raised>{RAISED_NUMBER})|(?P<other>(?:[^\x00-\x7f]|\w)[\u0300-\u036f]+|[^\x00-\x7f])"
)
"""Everything that may be read as something else than it is stored."""

MAY_CHANGE = re.compile(rf"{BROKEN_WORD}|[{INVISIBLE}\u2010]")
"""What changes besides what NFKC changes."""

BETWEEN_CELLS = re.compile(r"[ \t]*(?:\|[ \t]*)+$")
"""What ends the text of a cell that another follows."""

EXPONENT = re.compile(r"\w+\^[-+]?\d+")

GROUPED_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:(?P<mark>[,.'’ ])\d{3})(?:(?P=mark)\d{3})*(?!\d)")
"""A number whose thousands are separated."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it is searched and read."""

    text: str
    starts: Sequence[int]
    """For each character of `text`, where the stored characters begin that it stands for; -1 if it was added."""
    ends: Sequence[int]
    """For each character of `text`, where those stored characters end; -1 if it was added."""

    def stored_span(self, start: int, end: int) -> Span | None:
        """Return the span of stored characters that `text[start:end]` stands for.

        None if it holds an added character, or no character that is stored.
        """
        if start >= end or -1 in self.starts[start:end]:
            return None
        return self.starts[start], self.ends[end - 1]

    def added_runs(self) -> Iterator[int]:
        """Yield the offset in `text` at which each run of added characters starts."""
        if isinstance(self.starts, range):
            return
        for place, start in enumerate(self.starts):
            if start == -1 and (place == 0 or self.starts[place - 1] != -1):
                yield place


def reading(text: str) -> Reading:
    """Return a text as it is read.

    That is NFKC without invisible characters and marks of notes, with words joined that were cut at a line end.
    """
    if not MAY_CHANGE.search(text) and unicodedata.is_normalized("NFKC", text):
        return _as_stored(text, 0, len(text))
    parts: list[Reading] = []
    place = 0
    for match in SPECIAL.finditer(text):
        start, end = match.span()
        parts += [_as_stored(text, place, start)] if place < start else []
        if shown := _shown(match):
            parts.append(Reading(shown, [start] * len(shown), [end] * len(shown)))
        place = end
    return joined([*parts, _as_stored(text, place, len(text))])


def read_text(text: str) -> str:
    """Return the text of `reading(text)`, without the offsets, which take most of the time."""
    if not MAY_CHANGE.search(text) and unicodedata.is_normalized("NFKC", text):
        return text
    return SPECIAL.sub(_shown, text)


def passage_reading(passage: Passage, before: str = "") -> Reading:
    """Return a passage as it is read: `before` on a line of its own, and each cell of a row after its header.

    Offsets count from the start of the passage. What stands between two cells counts as added.
    """
    parts = [added(f"{before}\n")] if before else []
    if not passage.cells:
        return joined([*parts, reading(passage.text)]) if parts else reading(passage.text)
    starts = [start - passage.start for start, _ in passage.cells]
    for (_, header), start, end in zip(passage.cells, starts, [*starts[1:], len(passage.text)], strict=True):
        cell = BETWEEN_CELLS.sub("", passage.text[start:end]) if end < len(passage.text) else passage.text[start:end]
        parts += [added("; ")] if start != starts[0] else []
        parts += [added(f"{header}: ")] if header else []
        parts += [_shifted(reading(cell), start)]
    return joined(parts)


def added(text: str) -> Reading:
    """Return a reading of characters that are not stored."""
    nowhere = array("l", [-1]) * len(text)
    return Reading(text, nowhere, nowhere)


def joined(parts: Sequence[Reading]) -> Reading:
    """Return readings one after another as one."""
    starts, ends = array("l"), array("l")
    for part in parts:
        starts.extend(part.starts)
        ends.extend(part.ends)
    return Reading("".join(part.text for part in parts), starts, ends)


def search_text(text: str) -> str:
    """Return what is searched for words: the text as read, and after it other ways to write some of its words.

    These are numbers without their separators, words cut at a line end with their hyphen, and exponents on the line.
    """
    read = read_text(text)
    more = [re.sub(r"\D", "", match[0]) for match in GROUPED_NUMBER.finditer(read)]
    more += [f"{match[1]}-{match[2]}" for match in CUT_WORD.finditer(text)]
    more += [match[0].replace("^", "") for match in EXPONENT.finditer(read)]
    return " ".join([read, *more]) if more else read


def plain_numbers(text: str) -> str:
    """Return a text with the separators of thousands taken out of its numbers, where they are certainly that."""
    return GROUPED_NUMBER.sub(lambda match: match[0] if match["mark"] in ". " else re.sub(r"\D", "", match[0]), text)


def _as_stored(text: str, start: int, end: int) -> Reading:
    return Reading(text[start:end], range(start, end), range(start + 1, end + 1))


def _shown(match: re.Match[str]) -> str:
    """Return what a special piece of text is read as."""
    before = match.string[max(match.start() - 40, 0) : match.start()]
    if match["broken"]:
        return "-" if COMPOUND.search(before) and "\u00ad" not in match[0] else ""
    if match["raised"]:
        return f"^{unicodedata.normalize('NFKC', match[0])}" if EXPONENT_BASE.search(before) else ""
    if re.fullmatch(f"[{INVISIBLE}]", match[0]):
        return ""
    return unicodedata.normalize("NFKC", match[0]).translate(HYPHENS)


def _shifted(read: Reading, by: int) -> Reading:
    return Reading(read.text, [start + by for start in read.starts], [end + by for end in read.ends])
