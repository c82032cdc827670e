"""Correct words of a question that no document has to the nearest spelling in the documents."""

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

MIN_LETTERS = 5
"""Shorter words are left alone: too many others are one edit away."""

TWO_EDITS_FROM_LETTERS = 7
"""Stems of at least this many letters may differ by two edits, shorter ones by one. An edit inserts, deletes or changes
a letter or swaps two. "writing" and "written" are different words, and their short stems differ by two edits."""

PORTER = Stemmer("porter")
"""Stems as FTS5's porter tokenizer does, so that a typed word can be compared with the index's terms."""

WORD = re.compile(r"[^\W\d_]+")

SPELLING_VARIANTS = tuple(
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
"""Spellings that differ between kinds of English, and what both become before they are compared."""

ENDING = re.compile(r"(?:e|ed|es|s|ing)$")


def respelt(question: str, vocabulary: Vocabulary) -> str:
    """Return `question` with each word that no passage has corrected to the nearest one that some passage has.

    The first letter is assumed to be right, as it nearly always is. A common word is not a typo, however near another
    word is: "Austria" is not "Australia". It changes only to another spelling of itself, as "Anthony" to "Antony".
    """
    asked = (match.lower() for match in WORD.findall(question))
    unknown = set(vocabulary.missing(word for word in asked if word not in STOP_WORDS and len(word) >= MIN_LETTERS))
    return WORD.sub(lambda match: _respelt(match[0], vocabulary) if match[0].lower() in unknown else match[0], question)


def _respelt(word: str, vocabulary: Vocabulary) -> str:
    return (_other_spelling if _is_common(word) else _corrected)(word, vocabulary)


def _corrected(word: str, vocabulary: Vocabulary) -> str:
    typed = word.lower()
    known = vocabulary.terms_starting_with(typed[0])
    # A typo in its ending keeps a word from being stemmed as the index stems it: "secuirty", whose stem is "secur".
    found = [match for form in dict.fromkeys((PORTER.stemWord(typed), stem(typed))) for match in _nearest(form, known)]
    if not found:
        return word
    term, distance = min(found, key=lambda match: (match[1], -known[match[0]]))
    written = WORD.findall(vocabulary.texts_with_term(term))
    near = {other: DamerauLevenshtein.distance(other.lower(), typed) for other in written}
    near = {other: edits for other, edits in near.items() if edits <= distance + 1}
    return min(near, key=lambda other: near[other], default=word)


def _nearest(form: str, terms: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the index's terms within the edits allowed for a stem, each with its number of edits."""
    most = 2 if len(form) >= TWO_EDITS_FROM_LETTERS else 1
    found = extract(form, list(terms), scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=20)
    return [(term, int(edits)) for term, edits, _ in found]


def _other_spelling(word: str, vocabulary: Vocabulary) -> str:
    same = _without_ending(word)
    stems = (term for term in vocabulary.terms_starting_with(word[0].lower()) if same.startswith(_without_ending(term)))
    written = WORD.findall(vocabulary.texts_with_term(max(stems, key=len, default="")))
    return next((other for other in written if _without_ending(other) == same and _have_variants(word, other)), word)


def _have_variants(*spellings: str) -> bool:
    """Say whether any of the words has a spelling variant: "planes" and "plans" differ by their endings alone."""
    return any(_canonical_spelling(spelling) != spelling.lower() for spelling in spellings)


def _is_common(word: str) -> bool:
    """Say whether this is a common English word or name, or the plural of one."""
    plain = "".join(words(word))  # without accents, as in the tokenizer's vocabulary
    return plain in _common_words() or plain.removesuffix("s") in _common_words()


@cache
def _common_words() -> frozenset[str]:
    """Return the words that the packaged encoder's tokenizer keeps whole: the commonest in English texts."""
    return frozenset((MINILM.path() / "vocab.txt").read_text("utf-8").split())


def _canonical_spelling(word: str) -> str:
    plain = word.lower()
    for found, put in SPELLING_VARIANTS:
        plain = found.sub(put, plain)
    return plain


def _without_ending(word: str) -> str:
    """Return a key that a word's spellings and forms share: Anthony and Antony, organised and organize."""
    return ENDING.sub("", _canonical_spelling(word))
