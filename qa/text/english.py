"""English word lists and the patterns made of them, each defined once for every module that needs it."""

STOP_WORDS = frozenset(
    """a about after all also am an and any are as at be because been before being but by can could did do does doing
    for from had has have having he her here hers him his how i if in into is it its itself just me more most my no
    nor not of off on once only or other our out over own same she should so some such than that the their them then
    there these they this those through to too under until up very was we were what when where which while who whom
    whose why will with would you your s t d ll m re ve please tell according say says said""".split()
)
"""Function words, and the words that questions are made of. A search for them alone would match every passage."""

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

MONTH = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    "|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
"""Pattern of a month, in full or abbreviated; put it in a group, for it is a bare alternation."""

MONTH_STEM = "|".join(name[:3].title() for name in MONTHS)
"""Pattern of a month's first three letters; put it in a group too."""

WEEKDAY = "(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
"""Pattern of a weekday, in full or abbreviated."""

QUESTION_WORDS = ("what", "which", "who", "whom", "whose", "when", "where", "why", "how")
QUESTION_WORD = f"(?:{'|'.join(QUESTION_WORDS)})"
"""Pattern of a question word, in lower case."""


def month_number(name: str) -> int:
    """Return the number of a month, 1 to 12, from its name or abbreviation in any case.

    Raises:
        ValueError: no month begins with the first three letters of `name`.
    """
    return [month[:3] for month in MONTHS].index(name[:3].lower()) + 1
