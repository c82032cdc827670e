"""Join the words that are hyphenated at a line end; compounds keep their hyphen."""

import re
from collections import Counter
from collections.abc import Iterable

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

HEAD = re.compile(r"((?:[^\W\d_]+-)*)([^\W\d_]+)(?:\ufffe|-|\u2010|\xad)$")
"""The first part of a hyphenated word at the end of a line, what was before in the compound apart."""

MARKS = ("\ufffe", "-", "\u2010", "\xad")
MAX_HEAD_CHARS = 80

TAIL = re.compile(r"([^\W\d_]+)((?:-[^\W\d_]+)*)")

NUMBER_WORDS = frozenset("twenty thirty forty fifty sixty seventy eighty ninety".split())

COMPOUND_HEADS = frozenset("self well ill half quasi cross ex vice high low long short all".split())
"""First parts of English compounds that keep their hyphen more often than not."""


class Hyphens:
    """Decides about hyphens by the words of the document."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._words: Counter[str] = Counter()
        for text in texts:
            self._words.update(WORD.findall(text.lower()))

    def join(self, before: str, after: str) -> tuple[str, str] | None:
        """Join the word divided between two lines.

        Returns:
            The line before with the whole word, and the rest of the line after; None if no word is divided.
        """
        if not before.endswith(MARKS):
            return None
        head, tail = HEAD.search(before, max(len(before) - MAX_HEAD_CHARS, 0)), TAIL.match(after)
        if not head or not tail:
            return None
        kept = "-" if self._is_compound(head[1], head[2], tail[1], tail[2]) else ""
        # A word ends with the marks that follow it.
        end = tail.end() + len(after[tail.end() :]) - len(after[tail.end() :].lstrip(".,;:!?)”’\"'»"))
        return before[: head.end(2)] + kept + after[:end], after[end:].lstrip()

    def _is_compound(self, compound: str, first: str, second: str, more: str) -> bool:
        words = self._words
        whole, first_low, second_low = (first + second).lower(), first.lower(), second.lower()
        if words[whole] and not compound:
            return False
        if words[f"{first_low}-{second_low}"] or words[f"{compound}{first}-{second}{more}".lower()]:
            return True
        if second[0].isupper() and not first.isupper():
            return True
        if (compound or more) and not words[whole]:
            return True
        return first_low in NUMBER_WORDS | COMPOUND_HEADS or (words[first_low] > 1 and words[second_low] > 1)


def plain(text: str) -> str:
    """Write a hyphen that PDFium marked as an ordinary one."""
    return text.replace("\ufffe", "-").replace("\xad", "-") if "\ufffe" in text or "\xad" in text else text
