"""Look words up in a corpus's full-text index: which are missing or rare, how it spells them, what they name."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

MAX_SCORED_PASSAGES = 20_000
"""Passages that are scored for all of a question's words together; each costs a microsecond."""

MATCHING_SQL = (
    "SELECT rowid, -bm25(words) AS score FROM words WHERE words MATCH ? {} ORDER BY score DESC, rowid LIMIT ?"
)
"""The best passages with any of some words. Not ordered by FTS5's own `rank`, which sorts all matches together with
their word positions while SQLite keeps only the best: 13 ms instead of 19 for 15,000 of 100,000 passages."""

MAX_SPELLING_PASSAGES = 20
"""Passages in which the documents' spellings of a word, which may be several, are looked up."""

MAX_TITLED_PASSAGES = 20_000
"""Passages of the documents that a title is looked for among; each costs a microsecond."""

BEGINNING_CHARS = 2_000
"""Characters in which a document says what it is and whose: a letter's head, a contract's parties."""

MAX_MENTIONS = 1_000
"""Passages that may mention a name for it to name a document."""

Rows = Callable[..., list[Any]]
"""Runs a query with its values on the corpus's database."""


class Vocabulary:
    """The full-text index, word by word."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._frequency = lru_cache(maxsize=10_000)(self._count)

    def missing(self, words: Iterable[str]) -> list[str]:
        """Return those of `words` that no passage has, in order."""
        query = "SELECT rowid FROM words WHERE words MATCH ? LIMIT 1"
        return [word for word in words if not self._rows(query, (any_of([word]),))]

    def rarest(self, words: Iterable[str]) -> list[str]:
        """Return those of `words` that the fewest passages have, rarest first: as many as can be scored at once.

        A word in every other passage says little about any of them, and takes seconds in a large corpus.
        """
        chosen: list[str] = []
        passages = 0
        for word in sorted(dict.fromkeys(words), key=self._frequency):
            passages += self._frequency(word)
            if passages > MAX_SCORED_PASSAGES:
                break
            chosen.append(word)
        return chosen

    def terms_starting_with(self, letter: str) -> dict[str, int]:
        """Return the stemmed words that start with `letter`, each with the number of passages that have it."""
        query = "SELECT term, doc FROM vocabulary WHERE term >= ? AND term < ?"
        return dict(self._rows(query, (letter, chr(ord(letter) + 1))))

    def texts_with_term(self, term: str) -> str:
        """Return at most MAX_SPELLING_PASSAGES passages with a stemmed word, titles and contexts too, as one text."""
        # Not MATCH: it would stem the term a second time, into another one.
        query = """SELECT title, context, text FROM searchable
                   WHERE key IN (SELECT DISTINCT doc FROM occurrences WHERE term = ? LIMIT ?) ORDER BY key"""
        return "\n".join("\n".join(row) for row in self._rows(query, (term, MAX_SPELLING_PASSAGES)))

    def titled(self, tokens: Sequence[str]) -> set[str]:
        """Return the ids of the documents in whose title these words follow each other."""
        query = """SELECT DISTINCT id FROM passages JOIN documents ON documents.key = document
                   WHERE passages.key IN (SELECT rowid FROM words WHERE words MATCH ? LIMIT ?)"""
        return (
            {id for (id,) in self._rows(query, (f"title : {phrase(tokens)}", MAX_TITLED_PASSAGES))} if tokens else set()
        )

    def beginning_with(self, tokens: Sequence[str], most: int) -> set[str]:
        """Return the ids of the documents in whose first characters these words follow each other.

        None if more than `most` documents have them anywhere.
        """
        query = """SELECT id, start FROM passages JOIN documents ON documents.key = document
                   WHERE passages.key IN (SELECT rowid FROM words WHERE words MATCH ? LIMIT ?)"""
        found = self._rows(query, (f"text : {phrase(tokens)}", MAX_MENTIONS)) if tokens else []
        few = len(found) < MAX_MENTIONS and len({id for id, _ in found}) <= most
        return {id for id, start in found if start < BEGINNING_CHARS} if few else set()

    def count_documents(self, most: int) -> int:
        """Return the number of documents, `most` if there are more."""
        return int(self._rows("SELECT count(*) FROM (SELECT 1 FROM documents LIMIT ?)", (most,))[0][0])

    def _count(self, word: str) -> int:
        """Count the passages that have the word, up to one more than MAX_SCORED_PASSAGES."""
        query = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
        return int(self._rows(query, (any_of([word]), MAX_SCORED_PASSAGES + 1))[0][0])


def phrase(tokens: Iterable[str]) -> str:
    """Return an FTS5 query for words that follow each other; `tokens` hold letters and digits only."""
    return '"' + " ".join(tokens) + '"'


def any_of(words: Iterable[str]) -> str:
    """Return an FTS5 query for any of `words`; each is quoted, so that FTS5 takes whatever is in it as text."""
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
