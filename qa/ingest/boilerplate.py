"""Recognise boilerplate: navigation, invitations to follow or subscribe, comment forms.

Boilerplate is not deleted. The stored text keeps every character, but no passage contains a boilerplate sentence, so
none is ever searched or cited.
"""

import re

from qa.types import Span

MAX_BOILERPLATE_CHARS = 160
"""Anything longer is prose."""

BREADCRUMBS = re.compile(r"home\s*(?:[/>»›|]\s*\S.*)", re.IGNORECASE)
"""The path to a page: Home / World / …"""

PHRASES = (
    r"(?:back|go|return) to (?:the )?(?:top|home ?page|main page)",
    r"(?:follow|like|join|find) us (?:on|at)\b.{0,80}",
    r"subscribe (?:to|now|here|today)\b.{0,80}",
    r"sign up (?:for|to|now|here)\b.{0,80}",
    r"(?:leave|post|write|add) a (?:reply|comment)",
    r"(?:cancel reply|no comments yet|view all comments|comments are closed)",
    r"your email address will not be published\.?(?: required fields are marked.{0,5})?",
    r"(?:all news|latest news|more news|most read|most popular|top stories|trending now|editor.?s picks?)",
    r"(?:related|recommended|more) (?:articles?|stories|posts?|topics?|coverage|news)",
    r"(?:read|see|show|load|view) (?:more|less|all)",
    r"(?:share|print|e-?mail|save|tweet|pin) (?:this|it)(?: (?:article|page|story|post))?",
    r"share (?:on|via) \w+",
    r"(?:copy|copied) (?:the )?link(?: copied)?!?",
    r"skip to (?:main )?(?:content|navigation)",
    r"(?:accept|reject|manage) (?:all )?cookies",
    r"(?:advertisement|advertising|sponsored(?: content)?|story continues below)",
    r"how relevant is this ad to you\?",
    r"video player was slow to load.{0,140}",
    r"(?:all rights reserved\.?|(?:copyright|©)[^.]{0,80}(?:all rights reserved)?\.?)",
    r"(?:clear|close|menu|search|share|print|home|login|log in|sign in|subscribe|next|previous|comments?)",
)
BOILERPLATE = re.compile(r"(?:(?:\d+\.\s*)?(?:" + "|".join(PHRASES) + r")[\s|·•/]*)+", re.IGNORECASE)


def is_boilerplate(text: str, span: Span) -> bool:
    """Return whether the sentence at `span` belongs to the page rather than to its text."""
    start, end = span
    if end - start > MAX_BOILERPLATE_CHARS:
        return False
    sentence = text[start:end]
    return bool(BREADCRUMBS.fullmatch(sentence) or BOILERPLATE.fullmatch(sentence)) or not _has_word(sentence)


def _has_word(sentence: str) -> bool:
    """Return whether there is a letter or a digit; a line of dashes or dots says nothing."""
    return any(c.isalnum() for c in sentence)
