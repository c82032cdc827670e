"""Split a text into words, and weigh the words that carry its meaning."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from qa.text.english import STOP_WORDS
from qa.text.reading import plain_numbers, read_text

WORD = re.compile(r"\w+(?:[’'.]\w+)*")

SUFFIXES = ("’s", "'s", "ations", "ation", "ing", "ies", "ied", "ed", "es", "s", "ly", "e", "y")


class _WithoutAccents(dict[int, int | None]):
    """Table for str.translate that removes combining characters; each character is looked up once."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_WITHOUT_ACCENTS = _WithoutAccents()


def words(text: str) -> list[str]:
    """Return the words of `text` as it is read, in order, in lower case, without accents; 1,680 is the word 1680."""
    folded = plain_numbers(read_text(text)).replace("’", "'")
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded).translate(_WITHOUT_ACCENTS)
    return [word.lower() for word in WORD.findall(folded)]


def content_words(text: str) -> list[str]:
    """Return the distinct words of `text` without stop words, in order; all of them if every one is a stop word."""
    every = list(dict.fromkeys(words(text)))
    return [word for word in every if word not in STOP_WORDS] or every


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return a word without its most common English ending, so that "extended" matches "extend".

    The result is a key for comparing, not always a word.
    """
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word.removesuffix(suffix)
    return word


def stems(text: str) -> list[str]:
    """Return the distinct stems of the content words of `text`, in order."""
    return list(dict.fromkeys(stem(word) for word in content_words(text)))


def rarity(asked: Iterable[str], texts: Sequence[set[str]]) -> dict[str, float]:
    """Weigh each asked word by how rare it is in the n texts' word sets: log(1 + n / (1 + texts that have it))."""
    having = Counter(word for have in texts for word in have)
    return {word: math.log(1 + len(texts) / (1 + having[word])) for word in asked}


def coverage(weights: Mapping[str, float], have: set[str]) -> float:
    """Return the weight of the words in `have` as a share of all weights, in [0, 1]; 0 if the weights sum to 0."""
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in have) / total if total else 0.0
