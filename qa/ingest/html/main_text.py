"""Choose the blocks of a page that are its main text, where other pages are advertised around it."""

import re
from collections.abc import Container, Sequence

import trafilatura
from lxml import etree

from qa.ingest.html.tree import names, tag
from qa.ingest.html.walk import Unit
from qa.types import BlockKind

WORD = re.compile(r"\w+")
RUN_WORDS = 4
"""Words in the runs by which a block is found in the main text."""

MATCHED_SHARE = 0.8
"""Share of a block's runs of words that the main text has if the block belongs to it."""

LINE_CHARS = 20
"""A shorter block of few words must be a line of the main text: its words alone may be anywhere."""

SMALL_PAGE_CHARS = 1_000
"""In a page of at most this length the main text cannot be told from the rest, so all of it is kept."""

CLUTTER = 0.1
"""Share of a page's characters in links, below which all of it is its text."""

MAX_LOST_SHARE = 0.5
"""Share of a page's sentences outside its <article>, above which the page is about more than that."""

MAX_LINKED = 0.7
"""Share of a block's characters in links, above which it only points to another page."""

PROSE_WORDS = 8
"""A block of fewer words is no evidence of a text."""

SENTENCE_END = re.compile(r"""[.!?…]["'”’»)\]]*$""")
DECLARED = re.compile(
    r"""property=["']?og:type["']?\s+content=["']?article|content=["']?article["']?\s+property=["']?og:type|"""
    r"""itemprop=["']?articleBody|"@type"\s*:\s*\[?\s*"(?:\w*NewsArticle|Article|BlogPosting|Report)\"|"""
    r"""property=["']?article:published_time""",
    re.IGNORECASE,
)
"""How a page says that it is an article."""

ENTRY = re.compile(r"""class=["'][^"']*\b(?:hentry|h-entry)\b""")
"""The microformat of an article, which a list of articles and a thread of messages have more than once."""

PARTS_OF_TEXT = frozenset({"aside", "blockquote", "figcaption", "figure", "footer", "math", "pre", "table"})
"""Elements within a text that are part of it, though the search for the main text passes over some of them."""


def main_units(units: Sequence[Unit], page: str) -> list[Unit]:
    """Return the blocks of a page's article; all blocks unless it says that it is one: a manual, a forum."""
    if DECLARED.search(page) or len(ENTRY.findall(page)) == 1:
        return _of_declared_article(units, trafilatura.extract(page, include_comments=False) or "")
    return _of_marked_article(units) if _is_cluttered(units) else list(units)


def _of_declared_article(units: Sequence[Unit], main: str) -> list[Unit]:
    """Return the blocks in the main text, and those within it that were passed over though they are part of it."""
    flags = _matched(units, main)
    if not any(flags):
        return list(units)
    first, last = flags.index(True), len(flags) - flags[::-1].index(True)
    end = _end(units, last)
    kept = [matched or (first <= n < end and _belongs(units[n])) for n, matched in enumerate(flags)]
    for n in range(end - 2, first, -1):
        kept[n] = kept[n] or (kept[n + 1] and units[n].part.kind is BlockKind.HEADING and not units[n].linked)
    return [unit for unit, is_kept in zip(units, kept, strict=True) if is_kept]


def _of_marked_article(units: Sequence[Unit]) -> list[Unit]:
    """Return the blocks of the one <article> of a page that has a date, unless too many sentences are elsewhere."""
    articles = [_article(unit.element) for unit in units]
    marked = {article for article in articles if article is not None}
    if len(marked) != 1 or not any(tag(node) == "time" for node in next(iter(marked)).iter()):
        return list(units)
    flags = [article is not None for article in articles]
    if _lost_share(units, flags) > MAX_LOST_SHARE:
        return list(units)
    return [unit for unit, is_kept in zip(units, flags, strict=True) if is_kept]


def _article(element: etree._Element) -> etree._Element | None:
    """Return the <article> around an element, unless it is a reader's comment."""
    article = _ancestor(element, "article")
    is_comment = article is not None and any(name.startswith("comment") for name in names(article))
    return None if is_comment else article


def _lost_share(units: Sequence[Unit], flags: Sequence[bool]) -> float:
    """Return the share of the sentences that are not in the main text."""
    prose = [(_words(unit), matched) for unit, matched in zip(units, flags, strict=True) if _is_prose(unit)]
    return sum(words for words, matched in prose if not matched) / max(sum(words for words, _ in prose), 1)


def _is_cluttered(units: Sequence[Unit]) -> bool:
    total = sum(len(unit.part.text) for unit in units)
    linked = sum(unit.linked for unit in units)
    return total > SMALL_PAGE_CHARS and linked > CLUTTER * total


def _words(unit: Unit) -> int:
    return len(WORD.findall(unit.part.text))


def _is_prose(unit: Unit) -> bool:
    text = unit.part.text
    return _words(unit) >= PROSE_WORDS and bool(SENTENCE_END.search(text)) and 2 * unit.linked < len(text)


def _matched(units: Sequence[Unit], main: str) -> list[bool]:
    """Return for each block whether it is in the main text; links to other pages are not, whatever they quote."""
    words = WORD.findall(main)
    runs, whole = set(_runs(words)), f" {' '.join(words)} "
    lines = {" ".join(WORD.findall(line)) for line in main.splitlines()}
    return [unit.linked <= MAX_LINKED * len(unit.part.text) and _is_in(unit, runs, whole, lines) for unit in units]


def _is_in(unit: Unit, runs: Container[tuple[str, ...]], whole: str, lines: Container[str]) -> bool:
    words = WORD.findall(unit.part.text)
    joined, own = " ".join(words), _runs(words)
    if not own:
        return joined in lines or (len(joined) > LINE_CHARS and f" {joined} " in whole)
    return sum(run in runs for run in own) >= MATCHED_SHARE * len(own)


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(words[n : n + RUN_WORDS]) for n in range(len(words) - RUN_WORDS + 1)]


def _end(units: Sequence[Unit], last: int) -> int:
    """Return where the element ends that holds the last block of the main text: a correction may follow."""
    article = _ancestor(units[last - 1].element, "article")
    while article is not None and last < len(units) and _ancestor(units[last].element, "article") is article:
        last += 1
    return last


def _belongs(unit: Unit) -> bool:
    """Return whether a block within the main text is part of it, though it was passed over."""
    part = _ancestor(unit.element, *PARTS_OF_TEXT)
    if (
        unit.linked
        or part is None
        or unit.part.kind is BlockKind.HEADING
        or any(tag(node) == "a" for node in part.iter())
    ):
        return False
    return bool(SENTENCE_END.search(unit.part.text))


def _ancestor(element: etree._Element, *wanted: str) -> etree._Element | None:
    node: etree._Element | None = element
    while node is not None and tag(node) not in wanted:
        node = node.getparent()
    return node
