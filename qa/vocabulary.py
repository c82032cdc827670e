"""The words of a corpus: which of a question's it has, and how it spells them."""

from collections.abc import Callable, Iterable
from typing import Any

Rows = Callable[..., list[Any]]
"""Runs a query with its values on the corpus's database."""


class Vocabulary:
    """The full-text index, word by word."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def lacking(self, words: Iterable[str]) -> list[str]:
        """Those of `words` that no passage has, in order."""
        query = "SELECT rowid FROM words WHERE words MATCH ? LIMIT 1"
        return [word for word in words if not self._rows(query, (any_of([word]),))]

    def terms(self, letter: str) -> dict[str, int]:
        """The words, stemmed, that begin with `letter`, and how many passages have each."""
        query = "SELECT term, doc FROM vocabulary WHERE term >= ? AND term < ?"
        return dict(self._rows(query, (letter, chr(ord(letter) + 1))))

    def with_term(self, term: str) -> str:
        """The title and text of a passage that has a stemmed word; empty where none has."""
        # Not MATCH: it would stem the term once more, into another one.
        query = "SELECT title, text FROM searchable WHERE key = (SELECT doc FROM occurrences WHERE term = ? LIMIT 1)"
        return "".join("\n".join(row) for row in self._rows(query, (term,)))


def any_of(words: Iterable[str]) -> str:
    """A query of FTS5 for any of `words`; each is quoted, and so is text to it, whatever is in it."""
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
