"""A follow-up to a question that stands alone."""

import re
from collections.abc import Sequence

from qa.words import content_words, words

Turn = tuple[str, str]
"""(question, answer)."""

OPENING = re.compile(r"\s*(?:and|but|or|so|what about|how about|why not|then)\b", re.IGNORECASE)
"""A question that opens so goes on from the one before it."""

POINTING = frozenset("he him his she her hers it its they them their theirs this that these those there then".split())
"""Words that stand for something said before."""

TURNS_READ = 3
"""Of the history, the latest."""

TURN_AT_MOST = 300
"""Characters of a turn; what is referred to stands at its beginning."""


def standalone(question: str, history: Sequence[Turn] = ()) -> str:
    """`question` with what it leaves out, taken from the turns before it; itself when it leaves nothing out."""
    if not history or not leaves_something_out(question):
        return question
    earlier = next((turn for turn in reversed(history[-TURNS_READ:]) if content_words(turn[0])), None)
    if earlier is None:
        return question
    said = " ".join(part[:TURN_AT_MOST].strip() for part in earlier)
    return f"{question.strip()} ({said})"


def leaves_something_out(question: str) -> bool:
    """Whether it points back with a pronoun, opens like an addition, or is too short to stand alone."""
    every = words(question)
    if OPENING.match(question) or POINTING.intersection(every):
        return True
    meaningful = [word for word in content_words(question) if len(word) > 1]
    return len(every) <= 2 and len(meaningful) <= 1
