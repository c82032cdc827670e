"""The words of a corpus: which of a question's it has, and how it spells them."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

SCORED = 20_000
"""Passages that a question's words may be looked for in, together; each costs a microsecond."""

MATCHING = "SELECT rowid, -bm25(words) AS score FROM words WHERE words MATCH ? {} ORDER BY score DESC, rowid LIMIT ?"
"""The best passages that have words. Not by FTS5's own `rank`: it sorts all of them with where the words stand in each,
SQLite only keeps the best; 13 ms instead of 19 for 15,000 of 100,000 passages."""

SHOWING = 20
"""Passages in which it is looked up how the documents write a word, which they may write in several ways."""

Rows = Callable[..., list[Any]]
"""Runs a query with its values on the corpus's database."""


class Vocabulary:
    """The full-text index, word by word."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._frequency = lru_cache(maxsize=10_000)(self._count)

    def lacking(self, words: Iterable[str]) -> list[str]:
        """Those of `words` that no passage has, in order."""
        query = "SELECT rowid FROM words WHERE words MATCH ? LIMIT 1"
        return [word for word in words if not self._rows(query, (any_of([word]),))]

    def telling(self, words: Iterable[str]) -> list[str]:
        """Those of `words` that the fewest passages have, as many as can be scored at once.

        What every other passage says tells little, and in a large corpus takes seconds.
        """
        told: list[str] = []
        passages = 0
        for word in sorted(dict.fromkeys(words), key=self._frequency):
            passages += self._frequency(word)
            if passages > SCORED:
                break
            told.append(word)
        return told

    def terms(self, letter: str) -> dict[str, int]:
        """The words, stemmed, that begin with `letter`, and how many passages have each."""
        query = "SELECT term, doc FROM vocabulary WHERE term >= ? AND term < ?"
        return dict(self._rows(query, (letter, chr(ord(letter) + 1))))

    def with_term(self, term: str) -> str:
        """The titles and texts of passages that have a stemmed word, SHOWING at most; empty where none has."""
        # Not MATCH: it would stem the term once more, into another one.
        query = """SELECT title, text FROM searchable
                   WHERE key IN (SELECT DISTINCT doc FROM occurrences WHERE term = ? LIMIT ?) ORDER BY key"""
        return "\n".join("\n".join(row) for row in self._rows(query, (term, SHOWING)))

    def _count(self, word: str) -> int:
        """Passages that have the word; more than SCORED are not counted to the end."""
        query = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
        return int(self._rows(query, (any_of([word]), SCORED + 1))[0][0])


def any_of(words: Iterable[str]) -> str:
    """A query of FTS5 for any of `words`; each is quoted, and so is text to it, whatever is in it."""
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
