"""Detect the language of a text or a question."""

import re
import unicodedata
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from qa.text.english import QUESTION_WORD
from qa.text.language_model import load_identifier

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SAMPLE_CHARS = 5_000
"""Characters that the language is detected from. Reading more takes longer and rarely changes the result."""

MIN_LETTERS = 20
"""Letters without which a text is too short for its language to be detected."""

MIN_PROBABILITY = 0.7
"""Probability below which a detected language is discarded."""

COMMON_WORD = re.compile(r"\b(?:the|and|of|that|with|were|which|from|this|have|their)\b", re.IGNORECASE)

MIN_COMMON_WORD_SHARE = 0.12
"""Share of COMMON_WORD matches among a text's words from which the text counts as English without running the
identifier. The identifier takes half a millisecond a paragraph, a fifth of the work on it apart from embedding. Of
5,237 news reports, abstracts of papers and encyclopedia paragraphs, 88 in 100 pass this test, and the identifier calls
every one of those English too."""

MIN_QUESTION_WORDS = 3
"""Words in a question in Latin letters, below which its language is not detected: names alone have no language."""

QUESTION_START = re.compile(rf"\s*(?:{QUESTION_WORD}|does|did)\b", re.IGNORECASE)
"""A beginning that only English questions have. It saves running the identifier, which takes half a second the first
time."""


def detect_language(text: str) -> str | None:
    """Return the ISO 639 code of the language of `text`, or None if the text is too short or the guess too unsure."""
    sample = text[:SAMPLE_CHARS]
    if sum(1 for _ in islice(filter(str.isalpha, sample), MIN_LETTERS)) < MIN_LETTERS:
        return None
    if len(COMMON_WORD.findall(sample)) >= MIN_COMMON_WORD_SHARE * len(sample.split()):
        return "en"
    name, probability = _identifier().classify(sample)
    return str(name) if probability >= MIN_PROBABILITY else None


def foreign_language(question: str) -> str | None:
    """Return the ISO 639 code of the language of a question that is clearly not in English, else None.

    Return "und" for a question that is mostly in another script when its language is unsure. A short question in Latin
    letters counts as English, for names alone have no language.
    """
    if QUESTION_START.match(question):
        return None
    letters = [c for c in question if c.isalpha()]
    if sum("LATIN" in unicodedata.name(c, "") for c in letters) * 2 < len(letters):
        found, probability = _identifier().classify(question)
        return str(found) if probability >= MIN_PROBABILITY else "und"
    found = detect_language(question) or "en"
    return None if found == "en" or len(question.split()) < MIN_QUESTION_WORDS else found


@cache
def _identifier() -> "LanguageIdentifier":
    return load_identifier()
