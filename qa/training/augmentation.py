"""Questions as people type them: after a sentence that says what it is about, as keywords, with a letter wrong."""

import random
import re

from qa.text.english import STOP_WORDS
from qa.text.words import words

CONTEXT_SHARE, KEYWORD_SHARE, TYPO_SHARE = 0.12, 0.04, 0.04
"""Shares of the questions that are so rephrased; the others stay as they were written."""

MAX_CONTEXT_CHARS = 160
"""Characters of a sentence that may stand before a question, at most."""

MIN_TYPO_LETTERS = 5
"""Letters of a word that is misspelt, at least."""


def augment(question: str, sentence: str | None, rng: random.Random) -> str:
    """`question` as it is, or as somebody else would type it; `sentence` is about the same and does not answer it."""
    draw = rng.random()
    if draw < CONTEXT_SHARE:
        return f"{sentence} {question}" if sentence and len(sentence) <= MAX_CONTEXT_CHARS else question
    if draw < CONTEXT_SHARE + KEYWORD_SHARE:
        return _keywords(question)
    if draw < CONTEXT_SHARE + KEYWORD_SHARE + TYPO_SHARE:
        return _with_typo(question, rng)
    return question


def _keywords(question: str) -> str:
    """Who, when and the like with the words of meaning; all of it where hardly anything is left."""
    asking = {"who", "when", "where", "why", "how", "many", "much", "which"}
    kept = [word for word in words(question) if word in asking or word not in STOP_WORDS]
    return " ".join(kept) if len(kept) > 2 else question


def _with_typo(question: str, rng: random.Random) -> str:
    """A letter inside one long word left out, doubled, or put behind the next one."""
    found = [match for match in re.finditer(r"[^\W\d_]+", question) if len(match[0]) >= MIN_TYPO_LETTERS]
    if not found:
        return question
    word = rng.choice(found)
    place = word.start() + rng.randrange(1, len(word[0]) - 2)
    one, two = question[place], question[place + 1]
    return question[:place] + rng.choice([two, one + one + two, two + one]) + question[place + 2 :]
