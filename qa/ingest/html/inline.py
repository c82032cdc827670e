"""Join the inline pieces of a block into lines, as a browser shows them."""

import re
from itertools import pairwise

from lxml import etree

from qa.ingest.html.tree import tag
from qa.text.scripts import LOWERED, RAISED, lowered, raised

INVISIBLE = {ord(c): None for c in "\xad\u200b\u2060\ufeff"}
"""Soft hyphens and marks where a line may end: they are in no word."""

BLANKS = re.compile(r"\s+")
NOTE_MARK = re.compile(r"\s*(?:\d{1,3}|[*†‡§¶]{1,3})\s*")
PERMALINK = re.compile(r"\s*[¶#§🔗]\s*")
"""The text of a link that a heading has to itself."""

MAX_LABEL_WORDS = 15
"""A longer paragraph is a sentence, though it lacks its full stop."""

WRAPPED_LINE_CHARS = 40
"""A shorter line before a line break was not wrapped: it is a line of an address or a poem."""

LINE_BREAK, PARAGRAPH_BREAK = "\v", "\f"
"""How breaks are kept until the block is whole; no page's text has these characters once it is collapsed."""

ALL_BLANKS = " \t\n\r\v\f"
BREAKS = re.compile(f" *([{LINE_BREAK}{PARAGRAPH_BREAK}])[ {LINE_BREAK}{PARAGRAPH_BREAK}]*")
SENTENCE_END = re.compile(r"""[.!?:;…。！？：]["'”’»)\]」』]*$""")


def collapse(text: str | None) -> str:
    """Return a piece of text with each run of white space made one blank, without what is invisible."""
    return BLANKS.sub(" ", text.translate(INVISIBLE)) if text else ""


def verbatim(text: str) -> str:
    """Return a piece of text with its line breaks and blanks, without what is invisible."""
    return text.translate(INVISIBLE).replace("\r\n", "\n").replace("\v", "\n").replace("\f", "\n")


def trim_lines(text: str) -> str:
    """Return preformatted text without blanks at the ends of lines, and without empty lines around it."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def is_prose(text: str) -> bool:
    """Return whether preformatted text is made of sentences rather than of code."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    ends = sum(bool(re.search(r"[a-z]{2}[.!?][\"')”’]*$", part)) for part in parts)
    return len(parts) > 1 and 2 * ends > len(parts)


def is_label(text: str) -> bool:
    """Return whether a paragraph is a line without a full stop: a byline, the title of a box, a button's words."""
    return "\n" not in text and not SENTENCE_END.search(text) and len(text.split()) <= MAX_LABEL_WORDS


def defined(term: str, text: str) -> str:
    """Join a term and the text that defines it."""
    return f"{term}{' ' if term[-1:] in ':.?!' else ': '}{text}"


def script(text: str, name: str) -> str:
    """Return what <sup> or <sub> holds as Unicode's own characters; its digits alone if the rest has none."""
    one, table = (raised, RAISED) if name == "sup" else (lowered, LOWERED)
    held = text.strip()
    if "[" in held or not held:
        return text
    shown = one(held)
    if shown == held:
        shown = re.sub(r"(?<![^\W\d])\d+(?![^\W\d])", lambda digits: digits[0].translate(table), held)
    return text.replace(held, shown)


def is_note_link(link: etree._Element, before: str, text: str) -> bool:
    """Return whether a link right after a word is the number of a note, which is not part of the word."""
    if not before or before[-1].isspace() or not NOTE_MARK.fullmatch(text):
        return False
    kind = " ".join(value for name, value in link.attrib.items() if name == "role" or name.endswith(("}type", ":type")))
    return "noteref" in kind or (link.get("href") or "").startswith("#")


def is_permalink(link: etree._Element, text: str) -> bool:
    """Return whether a link is only there to be copied, as "¶" after a heading."""
    return tag(link) == "a" and (link.get("href") or "").startswith("#") and bool(PERMALINK.fullmatch(text))


def paragraphs(text: str) -> list[str]:
    """Split a block's text at its empty lines, and keep of its line breaks those that end a line."""
    text = BREAKS.sub(lambda found: found[1] if len(found[0].strip(" ")) == 1 else PARAGRAPH_BREAK, text)
    return [joined for part in text.split(PARAGRAPH_BREAK) if (joined := _lines(part))]


def _lines(text: str) -> str:
    lines = [line for part in text.split(LINE_BREAK) if (line := BLANKS.sub(" ", part).strip())]
    return "".join(line + _between(line, following) for line, following in pairwise([*lines, ""])).rstrip()


def _between(line: str, following: str) -> str:
    goes_on = len(line) >= WRAPPED_LINE_CHARS and following[:1].islower() and not SENTENCE_END.search(line)
    return " " if goes_on else "\n"
