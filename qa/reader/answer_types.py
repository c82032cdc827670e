"""Detect the answer type that a question asks for (number, time or person) and whether a span is of that type."""

import re

from qa.text.english import MONTHS, WEEKDAYS

_NUMBERS = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion
dozen half third quarter once twice first second no none several many few couple""".split()

_TIMES = [
    *MONTHS,
    *WEEKDAYS,
    *"""today yesterday tomorrow second minute hour day week month year decade century summer winter spring autumn fall
    night morning evening afternoon noon midnight season after before during since until when while war""".split(),
]

NUMBER = re.compile(rf"\d|\b(?:{'|'.join(_NUMBERS)})s?\b", re.IGNORECASE)
TIME = re.compile(
    rf"\d|\b(?:{'|'.join(_TIMES)})s?\b|\b(?:jan|feb|mar|apr|aug|sept?|oct|nov|dec|mon|tues?|wed|thurs?|fri|sat|sun)\b",
    re.IGNORECASE,
)
NAME = re.compile(r"[^\W\d_a-zß-öø-ÿ]")
"""A capital letter, or a letter of a script without capitals."""

ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|old|long|far|tall|high|big|large|fast|often|deep|heavy|wide)\b"
    r"|\b(?:what|which) (?:percent\w*|share|number|proportion|fraction|age|amount|price|score|temperature)\b"
    r"|\bwhat (?:is|was|are|were) the (?:percent\w*|number|age|amount|price|cost|score|population|temperature)\b",
    re.IGNORECASE,
)
ASKS_TIME = re.compile(
    r"\bwhen (?:did|was|is|were|are|will|does|do|has|had|would|can|could|should)\b"
    r"|\b(?:what|which) (?:year|date|day|month|decade|century)\b",
    re.IGNORECASE,
)
ASKS_PERSON = re.compile(
    r"(?:^|[,:] ?)\W*(?:and )?(?:who|whom)\b|\b(?:to|by|with|for|from|of|against) whom\b", re.IGNORECASE
)

YES_OR_NO = re.compile(
    r"\s*(?:and\s+)?(?:is|are|was|were|am|do|does|did|has|have|had|will|would|can|could|shall|should|may|might|must)"
    r"(?:n['’]t)?\b(?! (?:what|who|when|where|why|how)\b)",
    re.IGNORECASE,
)
"""Yes/no questions: a quoted sentence answers them, never a bare yes."""

SENTENCE_BREAK = re.compile(r"(?<=[.!?])\s+(?=\S)")


def has_wrong_type(question: str, span: str) -> bool:
    """Return whether `span` is certainly not of the type that the last sentence of `question` asks for."""
    asked = SENTENCE_BREAK.split(question.strip())[-1]
    for asks, is_one in ((ASKS_NUMBER, NUMBER), (ASKS_TIME, TIME), (ASKS_PERSON, NAME)):
        if asks.search(asked):
            return not is_one.search(span)
    return False
