"""Recognise what is not a question to the documents: greetings, thanks, and questions about the corpus itself."""

import re
from collections.abc import Callable, Sequence

HELLO = re.compile(
    r"(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day))(?:\s+(?:there|all|everyone|you))?"
    r"(?:[,\s]+how are you(?: (?:doing|today))*)?",
)
THANKS = re.compile(
    r"(?:ok(?:ay)?|great|perfect|cool|nice|good|wow)?[,\s]*(?:thanks?|thank you|thx|ty|cheers|much appreciated)"
    r"(?:\s+(?:you|a lot|so much|very much|again|for (?:that|your help|the help|the answer)))*",
)
BYE = re.compile(r"(?:good\s?bye|bye(?: bye)?|see you(?: later)?|good night|have a (?:nice|good) (?:day|evening|one))")
CORPUS = re.compile(
    r"(?:what|which|how many)\s+(?:(?:kind|sort)s? of\s+)?(?:documents?|files?|articles?|texts?|sources?|reports?)\s+"
    r"(?:are there|are here|do you (?:have|know|read|use|hold)|have you (?:got|read)|(?:are|is) (?:in|loaded|indexed)"
    r"(?: (?:here|the corpus|this corpus|your corpus))?|can (?:i|you|we) (?:ask about|search|read|see))"
    r"|(?:list|show(?: me)?)(?: all)?(?: (?:the|your))? (?:documents?|files?|articles?|sources?)"
    r"|what (?:can|may) i ask(?: you)?(?: about)?|what (?:do you know|is in (?:the|this|your) corpus)",
)

MAX_TITLES = 10
"""Titles listed when someone asks what documents there are."""


def small_talk_reply(said: str, titles: Callable[[], Sequence[str]]) -> str | None:
    """Return a short polite line, or what the corpus holds; None for a question to the documents."""
    plain = " ".join(said.lower().replace("’", "'").split()).strip(" .!?,;:")
    if HELLO.fullmatch(plain):
        return f"Hello! Ask me about {_documents(len(titles()))}."
    if THANKS.fullmatch(plain):
        return "You are welcome."
    if BYE.fullmatch(plain):
        return "Goodbye!"
    if CORPUS.fullmatch(plain):
        return _contents(titles())
    return None


def _contents(titles: Sequence[str]) -> str:
    named = "; ".join(titles[:MAX_TITLES])
    others = len(titles) - MAX_TITLES
    return f"There are {_documents(len(titles))}: {named}{f'; and {others:,} others' if others > 0 else ''}."


def _documents(count: int) -> str:
    return "one document" if count == 1 else f"{count:,} documents"
