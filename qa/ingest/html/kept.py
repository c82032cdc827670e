"""Measure how much of what a page shows was kept, and say what was left out."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from lxml import etree

from qa.ingest.html.furniture import Labels
from qa.ingest.html.inline import INVISIBLE
from qa.ingest.html.tree import NOT_SHOWN, is_hidden, tag
from qa.ingest.html.walk import BLOCKS

WORD = re.compile(r"\w+")
TAG = re.compile(r"<[^<>]*>")
SMALL_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉ⁿⁱ", "01234567890123456789ni")
SMALL_RUN = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹ⁿⁱ]+|[₀₁₂₃₄₅₆₇₈₉]+")
APART = BLOCKS | {"br", "img", "input", "sub", "sup"}
"""Elements beside which a word ends."""

HIDDEN_TEXT, STRUCK, ELSEWHERE, WITHOUT_SCRIPTS = (
    "text that is not displayed", "struck-out text", "frames that are pages of their own",
    "a note for browsers without scripts",
)  # fmt: skip


def what_was_kept(root: etree._Element, text: str, left_out: Labels, more: Iterable[str] = ()) -> str:
    """Return a sentence on the share of a page's words that `text` has and on what was left out; empty if nothing was.

    Args:
        root: The page.
        text: What was made of it.
        left_out: The elements left out, and what they are.
        more: What else was left out.
    """
    shown = Counter(_words(_shown_text(root)))
    kept = (shown & Counter(_words(text))).total()
    labels = [*(left_out[element] for element in sorted_by_size(left_out)), *more, *_unread(root)]
    unique = [label for label in dict.fromkeys(labels) if label]
    if not unique:
        return "" if kept >= 0.99 * shown.total() else f"{_percent(kept, shown.total())} of the visible text is kept"
    share = f"{_percent(kept, shown.total())} of the visible text is kept; " if shown else ""
    return f"{share}left out: {', '.join(unique)}"


def sorted_by_size(left_out: Labels) -> list[etree._Element]:
    """Return the elements, the longest first, without those that show no word."""
    sizes = {element: len(_words(_shown_text(element))) for element in left_out}
    return sorted((element for element in left_out if sizes[element]), key=lambda element: -sizes[element])


def _percent(kept: int, shown: int) -> str:
    share = 100 * kept / shown if shown else 100.0
    return "nearly all" if 99.5 <= share < 100 else f"{share:.0f} %"


def _words(text: str) -> list[str]:
    return WORD.findall(SMALL_RUN.sub(lambda run: f" {run[0].translate(SMALL_DIGITS)} ", text).lower())


def _shown_text(root: etree._Element) -> str:
    return "".join(_pieces(root)).translate(INVISIBLE)


def _pieces(root: etree._Element) -> Iterator[str]:
    """Yield the text that is displayed below an element, whatever becomes of it."""
    steps: list[etree._Element | str] = [root]
    while steps:
        step = steps.pop()
        if isinstance(step, str):
            yield step
            continue
        apart = " " if tag(step) in APART else ""
        if step is not root:
            steps.append(apart + (step.tail or ""))
        if step is not root and is_hidden(step):
            continue
        steps.extend(reversed(step))
        text = "" if tag(step) == "iframe" else step.text or ""  # for browsers without frames
        steps.append(apart + (TAG.sub(" ", text) if tag(step) == "noframes" else text))


def _unread(root: etree._Element) -> Iterator[str]:
    """Yield what a page has besides what it shows."""
    for element in root.iter():
        name = tag(element)
        if name in ("del", "s", "strike") and _has_words(element):
            yield STRUCK
        elif name == "noscript" and _has_words(element):
            yield WITHOUT_SCRIPTS
        elif name in ("frame", "iframe") and element.get("src") and element.get("srcdoc") is None:
            yield ELSEWHERE
        elif element.get("hidden") is not None or NOT_SHOWN.search(element.get("style") or ""):
            if _has_words(element):
                yield HIDDEN_TEXT


def _has_words(element: etree._Element) -> bool:
    return any(WORD.search(text) for text in element.itertext())
