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
"""Characters that the language is told from; more cost time and hardly change it."""

MIN_LETTERS = 20
"""A text with fewer has no language that could be told."""

MIN_PROBABILITY = 0.7
"""Probability from which a language is stored."""

COMMON_WORD = re.compile(r"\b(?:the|and|of|that|with|were|which|from|this|have|their)\b", re.IGNORECASE)

MIN_COMMON_WORD_SHARE = 0.12
"""Share of a text's words that are among these from which it is English, and need not be told by its letters: that
takes half a millisecond a paragraph, a fifth of what is done with it besides embedding it. Of 5,237 news reports,
abstracts of papers and paragraphs of encyclopedias 88 in 100 are so; each of these is English to the identifier too."""

MIN_QUESTION_WORDS = 3
"""Of a question in Latin letters whose language is told, at least."""

QUESTION_START = re.compile(rf"\s*(?:{QUESTION_WORD}|does|did)\b", re.IGNORECASE)
"""How a question begins that no other language's begins as; to tell a language takes half a second the first time."""


def detect_language(text: str) -> str | None:
    """The language of `text` as ISO 639 writes it, or None where that cannot be told."""
    sample = text[:SAMPLE_CHARS]
    if sum(1 for _ in islice(filter(str.isalpha, sample), MIN_LETTERS)) < MIN_LETTERS:
        return None
    if len(COMMON_WORD.findall(sample)) >= MIN_COMMON_WORD_SHARE * len(sample.split()):
        return "en"
    name, probability = _identifier().classify(sample)
    return str(name) if probability >= MIN_PROBABILITY else None


def foreign_language(question: str) -> str | None:
    """The language of a question that surely is not in English, as ISO 639 writes it; "und" where only that is sure.

    Names alone have no language: a question of few Latin letters is taken for English.
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
