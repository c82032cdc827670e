"""Words of a question that no document has, spelt as the documents spell what is nearest."""

import re
from collections.abc import Mapping
from functools import cache

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extract
from Stemmer import Stemmer

from embeddings.models import MINILM
from qa.store.vocabulary import Vocabulary
from qa.text.english import STOP_WORDS
from qa.text.words import stem, words

SHORTEST = 5
"""Letters of a word that is looked at: shorter ones have too many neighbours."""

LONG = 7
"""Letters of a word's stem from which on two edits are allowed (a letter put in, left out, changed, or two swapped),
else one: "writing" and "written" are two words, though long, and their stems differ by two letters of five."""

PORTER = Stemmer("porter")
"""As FTS5 stems: a typed word is compared with the index's own terms."""

WORD = re.compile(r"[^\W\d_]+")

SPELT_TWO_WAYS = tuple(
    (re.compile(found), put)
    for found, put in (
        (r"ph", "f"),  # Stephen, Stefen
        (r"(?<=n)th(?=[aeiouy])", "t"),  # Anthony, Antony
        (r"(?<=[a-z]{3})our", "or"),  # harbour, harbor
        (r"(?<=[iy])z(?=[aei])", "s"),  # organize, organise
        (r"nce", "nse"),  # defence, defense
        (r"(?<=[bt])re(?=s?$)", "er"),  # theatre, theater
    )
)
"""What a word is written with here and there, and what both become to be compared."""

ENDING = re.compile(r"(?:e|ed|es|s|ing)$")


def respelt(question: str, vocabulary: Vocabulary) -> str:
    """`question` with each word that no passage has as the documents spell the nearest one, where one is near.

    The first letter is taken to be right, as it nearly always is. A common word is no mistake, however near another is:
    "Austria" is not "Australia"; it changes only into another spelling of itself, as "Anthony" does into "Antony".
    """
    asked = (match.lower() for match in WORD.findall(question))
    unknown = set(vocabulary.lacking(word for word in asked if word not in STOP_WORDS and len(word) >= SHORTEST))
    return WORD.sub(lambda match: _respelt(match[0], vocabulary) if match[0].lower() in unknown else match[0], question)


def _respelt(word: str, vocabulary: Vocabulary) -> str:
    return (_written_otherwise if _common(word) else _corrected)(word, vocabulary)


def _corrected(word: str, vocabulary: Vocabulary) -> str:
    typed = word.lower()
    known = vocabulary.terms(typed[0])
    # A typo in its ending keeps a word from being stemmed as the index stems it: "secuirty", whose stem is "secur".
    found = [match for form in dict.fromkeys((PORTER.stemWord(typed), stem(typed))) for match in _nearest(form, known)]
    if not found:
        return word
    term, distance = min(found, key=lambda match: (match[1], -known[match[0]]))
    written = WORD.findall(vocabulary.with_term(term))
    near = {other: DamerauLevenshtein.distance(other.lower(), typed) for other in written}
    near = {other: edits for other, edits in near.items() if edits <= distance + 1}
    return min(near, key=lambda other: near[other], default=word)


def _nearest(form: str, terms: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the index's terms within the edits allowed for a stem, each with its number of edits."""
    most = 2 if len(form) >= LONG else 1
    found = extract(form, list(terms), scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=20)
    return [(term, int(edits)) for term, edits, _ in found]


def _written_otherwise(word: str, vocabulary: Vocabulary) -> str:
    same = _without_ending(word)
    stems = (term for term in vocabulary.terms(word[0].lower()) if same.startswith(_without_ending(term)))
    written = WORD.findall(vocabulary.with_term(max(stems, key=len, default="")))
    return next((other for other in written if _without_ending(other) == same and _differ(word, other)), word)


def _differ(*spellings: str) -> bool:
    """Whether any is written in a way that is not the only one: "planes" is, but for its ending, only like "plans"."""
    return any(_one_way(spelling) != spelling.lower() for spelling in spellings)


def _common(word: str) -> bool:
    """Whether it is a common English word or name, or the plural of one."""
    plain = "".join(words(word))  # as the tokenizer's are, without accents
    return plain in _whole() or plain.removesuffix("s") in _whole()


@cache
def _whole() -> frozenset[str]:
    """The words that the packaged encoder's tokenizer does not cut in pieces: the commonest of English texts."""
    return frozenset((MINILM.path() / "vocab.txt").read_text("utf-8").split())


def _one_way(word: str) -> str:
    plain = word.lower()
    for found, put in SPELT_TWO_WAYS:
        plain = found.sub(put, plain)
    return plain


def _without_ending(word: str) -> str:
    """The same of a word's spellings and forms: Anthony and Antony, organised and organize."""
    return ENDING.sub("", _one_way(word))
