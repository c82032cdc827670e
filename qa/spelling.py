"""Words of a question that no document has, spelt as the documents spell what is nearest."""

import re

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extract

from qa.vocabulary import Vocabulary
from qa.words import STOP, stem

SHORTEST = 5
"""Letters of a word that is looked at: shorter ones have too many neighbours."""

LONG = 7
"""Letters of a word's stem from which on two edits are allowed (a letter put in, left out, changed, or two swapped),
else one: "writing" and "written" are two words, though long, and their stems differ by two letters of five."""

WORD = re.compile(r"[^\W\d_]+")


def respelt(question: str, vocabulary: Vocabulary) -> str:
    """`question` with each word that no passage has as the documents spell the nearest one, where one is near.

    The first letter is taken to be right, as it nearly always is.
    """
    asked = (match.lower() for match in WORD.findall(question))
    unknown = set(vocabulary.lacking(word for word in asked if word not in STOP and len(word) >= SHORTEST))
    return WORD.sub(lambda match: _respelt(match[0], vocabulary) if match[0].lower() in unknown else match[0], question)


def _respelt(word: str, vocabulary: Vocabulary) -> str:
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
