"""Rephrase questions as people type them: after a sentence of context, as keywords, or with a typing error."""

import random
import re

from qa.text.english import STOP_WORDS
from qa.text.words import words

CONTEXT_SHARE, KEYWORD_SHARE, TYPO_SHARE = 0.12, 0.04, 0.04
"""Shares of the questions that get context, become keywords or get a typing error; the others stay as written."""

MAX_CONTEXT_CHARS = 160
"""Longest sentence that may come before a question."""

MIN_TYPO_LETTERS = 5
"""Shortest word that may be misspelt."""


def augment(question: str, sentence: str | None, rng: random.Random) -> str:
    """Return `question` unchanged or rephrased.

    `sentence` is about the same subject and does not answer the question; None where there is no such sentence.
    """
    draw = rng.random()
    if draw < CONTEXT_SHARE:
        return f"{sentence} {question}" if sentence and len(sentence) <= MAX_CONTEXT_CHARS else question
    if draw < CONTEXT_SHARE + KEYWORD_SHARE:
        return _keywords(question)
    if draw < CONTEXT_SHARE + KEYWORD_SHARE + TYPO_SHARE:
        return _with_typo(question, rng)
    return question


def _keywords(question: str) -> str:
    """Keep the question words and the content words; keep the whole question where hardly anything would be left."""
    asking = {"who", "when", "where", "why", "how", "many", "much", "which"}
    kept = [word for word in words(question) if word in asking or word not in STOP_WORDS]
    return " ".join(kept) if len(kept) > 2 else question


def _with_typo(question: str, rng: random.Random) -> str:
    """Swap a letter inside one long word with the next one, double it, or leave it out."""
    found = [match for match in re.finditer(r"[^\W\d_]+", question) if len(match[0]) >= MIN_TYPO_LETTERS]
    if not found:
        return question
    word = rng.choice(found)
    place = word.start() + rng.randrange(1, len(word[0]) - 2)
    one, two = question[place], question[place + 1]
    return question[:place] + rng.choice([two, one + one + two, two + one]) + question[place + 2 :]
