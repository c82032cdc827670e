"""Normalise answers before they are compared, as the official SQuAD script does."""

import re
import string

ARTICLES = re.compile(r"\b(a|an|the)\b")


def normalise_answer(text: str) -> str:
    """Lower case without punctuation, articles and surplus blanks, as the official SQuAD script compares answers."""
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(ARTICLES.sub(" ", text).split())
