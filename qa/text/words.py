"""Words of a text, and which of them carry its meaning."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from qa.text.english import STOP_WORDS

WORD = re.compile(r"\w+(?:[’'.]\w+)*")

SUFFIXES = ("’s", "'s", "ations", "ation", "ing", "ies", "ied", "ed", "es", "s", "ly", "e", "y")


class _WithoutAccents(dict[int, int | None]):
    """For str.translate: combining characters go, which is found out once for each character."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_WITHOUT_ACCENTS = _WithoutAccents()


def words(text: str) -> list[str]:
    """The words of `text` in order, lower case, accents and typographic apostrophes folded."""
    folded = text.replace("’", "'")
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded).translate(_WITHOUT_ACCENTS)
    return [word.lower() for word in WORD.findall(folded)]


def content_words(text: str) -> list[str]:
    """The words that carry meaning, each once, in order; all words where none does."""
    every = list(dict.fromkeys(words(text)))
    return [word for word in every if word not in STOP_WORDS] or every


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A word without its commonest English endings, so that "extended" meets "extend"; a key, not a word."""
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word.removesuffix(suffix)
    return word


def stems(text: str) -> list[str]:
    """The stems of the content words."""
    return list(dict.fromkeys(stem(word) for word in content_words(text)))


def rarity(asked: Iterable[str], texts: Sequence[set[str]]) -> dict[str, float]:
    """How rare each asked word is among the texts' sets of words: log(1 + n / (1 + how many have it))."""
    having = Counter(word for have in texts for word in have)
    return {word: math.log(1 + len(texts) / (1 + having[word])) for word in asked}


def coverage(weights: Mapping[str, float], have: set[str]) -> float:
    """The share of the weighed words that are there, in [0, 1]; 0 where nothing is weighed."""
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in have) / total if total else 0.0
