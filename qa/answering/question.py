"""Take in a question as it was typed."""

import re

from qa.errors import QuestionError

MAX_QUESTION_CHARS = 2_000

CONTROLS = re.compile(
    r"(?:\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff])+"
)
"""Control characters, and whole sequences that colour a terminal's text."""


def clean_question(question: str) -> str:
    """Return `question` without control characters and surrounding blanks.

    Raises:
        QuestionError: nothing is left, or it is longer than MAX_QUESTION_CHARS.
    """
    text = CONTROLS.sub(" ", question).strip()
    if not text:
        raise QuestionError('the question is empty; type one, for example: qa ask "Who shrugged his shoulders?"')
    if len(text) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"the question has {len(text):,} characters, the limit is {MAX_QUESTION_CHARS:,}; shorten it"
        )
    return text
