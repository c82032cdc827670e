"""Find the documents that a question names: by words of their title, or by a name that stands where they begin.

"May the tenant keep a dog under the Weber lease?" is about one lease of many, and so is "the contract with Weber Ltd"
where no title says whose it is.
"""

import re

from qa.store.corpus import Corpus
from qa.text.english import STOP_WORDS
from qa.text.reading import search_text

MAX_DOCUMENTS = 3
"""A name that more documents have tells none of them apart."""

MAX_NAMES = 8
"""Names looked up for one question."""

CAPITALISED = r"(?:[^\W\d_a-zß-öø-ÿ][\w&'’./-]*|(?=\w*\d)(?=\w*[^\W\d_])\w[\w-]*)"
"""A word with a capital letter, or one of letters and digits."""

JOINING = r"(?:of|the|and|de|van|von|la|for|in|on)"

NAME = re.compile(
    rf"[“\"](?P<quoted>[^”\"]{{3,80}})[”\"]|{CAPITALISED}(?:,?\s+(?:{JOINING}\s+){{0,2}}(?:{CAPITALISED}|\d+\b))*"
)

PARTS = re.compile(r",\s*|\s+(?:and|or|in|on|for)\s+")
"""Where a name that no document has may really be two."""

YEAR = re.compile(r"\b(?:19|20)\d\d\b")

POSSESSIVE = re.compile(r"['’]s?(?=\s|$)")

TOKEN = re.compile(r"[^\W_]+")


def named_documents(question: str, corpus: Corpus) -> frozenset[str]:
    """Return the ids of the documents that a question names, none where a name fits too many.

    Where a name fits several, those are meant that the question's other names or years fit too.
    """
    most = min(MAX_DOCUMENTS, corpus.vocabulary.count_documents(2 * MAX_DOCUMENTS) // 2)
    found = [ids for name in names(question) if (ids := _documents(name, corpus, most))]
    years = [corpus.vocabulary.titled([year]) for year in YEAR.findall(question)]
    named: set[str] = set()
    for ids in found:
        for others in (*found, *years):
            ids = ids & others or ids
        if len(ids) <= most:
            named |= ids
    return frozenset(named)


def names(question: str) -> list[str]:
    """Return what may be names in a question: words in quotation marks, or with capitals or digits, next to each other.

    A name joined of several is followed by its parts.
    """
    found: list[str] = []
    for match in NAME.finditer(question):
        name = _without_stop_words(match["quoted"] or match[0])
        if match.start() == 0 and name.isalpha():
            continue  # one word that begins the question: its capital says nothing
        parts = [_without_stop_words(part) for part in PARTS.split(name)]
        found += [name, *(part for part in parts if part != name)]
    return [name for name in dict.fromkeys(found) if name][:MAX_NAMES]


def _without_stop_words(name: str) -> str:
    words = POSSESSIVE.sub("", name).strip(" ,.?!").split()
    while words and words[0].lower() in STOP_WORDS:
        words = words[1:]
    return " ".join(words)


def _documents(name: str, corpus: Corpus, most: int) -> set[str]:
    """Return the documents that have a name in their title, or else those that begin with one that few others have."""
    tokens = TOKEN.findall(search_text(name))
    titled = corpus.vocabulary.titled(tokens)
    if titled:
        return titled
    # A single word may be anything: Italy, an abbreviation. With a digit it is an identifier.
    tells_apart = len(tokens) > 1 or any(character.isdigit() for character in name)
    return corpus.vocabulary.beginning_with(tokens, most) if tells_apart else set()
