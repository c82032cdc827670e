"""Words of a question that no document has, spelt as the documents spell what is nearest."""

import re
from functools import cache

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extract

from embeddings.models import MINILM
from qa.vocabulary import Vocabulary
from qa.words import STOP, stem

SHORTEST = 5
"""Letters of a word that is looked at: shorter ones have too many neighbours."""

LONG = 7
"""Letters of a word's stem from which on two edits are allowed (a letter put in, left out, changed, or two swapped),
else one: "writing" and "written" are two words, though long, and their stems differ by two letters of five."""

WORD = re.compile(r"[^\W\d_]+")

HEARD = (("ph", "f"), ("th", "t"), ("y", "i"), ("z", "s"), ("our", "or"), ("nce", "nse"))
"""Letters that one word is written with here and another there, and what all become to be compared."""

DOUBLED = re.compile(r"(.)\1")


def respelt(question: str, vocabulary: Vocabulary) -> str:
    """`question` with each word that no passage has as the documents spell the nearest one, where one is near.

    The first letter is taken to be right, as it nearly always is. A common word is no mistake, however near another is:
    "Austria" is not "Australia"; it changes only into another spelling of itself, as "Anthony" does into "Antony".
    """
    asked = (match.lower() for match in WORD.findall(question))
    unknown = set(vocabulary.lacking(word for word in asked if word not in STOP and len(word) >= SHORTEST))
    return WORD.sub(lambda match: _respelt(match[0], vocabulary) if match[0].lower() in unknown else match[0], question)


def _respelt(word: str, vocabulary: Vocabulary) -> str:
    return (_written_otherwise if _common(word.lower()) else _corrected)(word, vocabulary)


def _corrected(word: str, vocabulary: Vocabulary) -> str:
    asked = stem(word.lower())
    known = vocabulary.terms(asked[0])
    allowed = 2 if len(asked) >= LONG else 1
    found = extract(asked, list(known), scorer=DamerauLevenshtein.distance, score_cutoff=allowed, limit=20)
    if not found:
        return word
    term = min(found, key=lambda match: (match[1], -known[match[0]]))[0]
    written = WORD.findall(vocabulary.with_term(term))
    near = [other for other in written if DamerauLevenshtein.distance(other.lower(), word.lower()) <= allowed + 1]
    return min(near, key=lambda other: DamerauLevenshtein.distance(other.lower(), word.lower()), default=word)


def _written_otherwise(word: str, vocabulary: Vocabulary) -> str:
    heard = _heard(word)
    stems = (term for term in vocabulary.terms(word[0].lower()) if heard.startswith(_heard(term)))
    written = WORD.findall(vocabulary.with_term(max(stems, key=len, default="")))
    return next((other for other in written if _heard(other) == heard), word)


def _common(word: str) -> bool:
    """Whether it is a common English word or name, or the plural of one; `word` is in lower case."""
    return word in _whole() or word.removesuffix("s") in _whole()


@cache
def _whole() -> frozenset[str]:
    """The words that the packaged encoder's tokenizer does not cut in pieces: the commonest of English texts."""
    return frozenset((MINILM.path() / "vocab.txt").read_text("utf-8").split())


def _heard(word: str) -> str:
    """The same of spellings that sound the same: Anthony and Antony, organise and organize."""
    heard = word.lower()
    for written, sound in HEARD:
        heard = heard.replace(written, sound)
    return DOUBLED.sub(r"\1", heard)
