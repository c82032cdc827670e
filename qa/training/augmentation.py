"""Questions as people type them: after a sentence that says what it is about, as keywords, with a letter wrong."""

import random
import re

from qa.text.english import STOP_WORDS
from qa.text.words import words

AFTER_A_SENTENCE, KEYWORDS, MISSPELT = 0.12, 0.04, 0.04
"""Shares of the questions that are so rephrased; the others stay as they were written."""

SHORT_ENOUGH = 160
"""Characters of a sentence that may stand before a question, at most."""

LONG_ENOUGH = 5
"""Letters of a word that is misspelt, at least."""


def rephrased(question: str, sentence: str | None, chooser: random.Random) -> str:
    """`question` as it is, or as somebody else would type it; `sentence` is about the same and does not answer it."""
    draw = chooser.random()
    if draw < AFTER_A_SENTENCE:
        return f"{sentence} {question}" if sentence and len(sentence) <= SHORT_ENOUGH else question
    if draw < AFTER_A_SENTENCE + KEYWORDS:
        return _keywords(question)
    if draw < AFTER_A_SENTENCE + KEYWORDS + MISSPELT:
        return _misspelt(question, chooser)
    return question


def _keywords(question: str) -> str:
    """Who, when and the like with the words of meaning; all of it where hardly anything is left."""
    asking = {"who", "when", "where", "why", "how", "many", "much", "which"}
    kept = [word for word in words(question) if word in asking or word not in STOP_WORDS]
    return " ".join(kept) if len(kept) > 2 else question


def _misspelt(question: str, chooser: random.Random) -> str:
    """A letter inside one long word left out, doubled, or put behind the next one."""
    found = [match for match in re.finditer(r"[^\W\d_]+", question) if len(match[0]) >= LONG_ENOUGH]
    if not found:
        return question
    word = chooser.choice(found)
    place = word.start() + chooser.randrange(1, len(word[0]) - 2)
    one, two = question[place], question[place + 1]
    return question[:place] + chooser.choice([two, one + one + two, two + one]) + question[place + 2 :]
