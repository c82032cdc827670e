"""Read the text that a page only states for programs, as pages do that scripts fill."""

import json
from collections.abc import Iterator
from typing import Any

from lxml import etree

from qa.ingest.blocks import Part
from qa.ingest.html.tree import parse_page, tag
from qa.ingest.html.walk import units_of
from qa.types import BlockKind

BODIES = ("articleBody", "text", "description")
"""The fields of schema.org that hold a page's text, the fullest first."""

MAX_NODES = 10_000
"""Values looked at in what a page states."""


def stated_parts(root: etree._Element) -> list[Part]:
    """Return the paragraphs of the article that a page states in JSON-LD, with its headline; an empty list if none."""
    found = [thing for script in root.iter() if _is_stated(script) for thing in _things(script.text or "")]
    for field in BODIES:
        bodies = [
            (thing, thing[field]) for thing in found if isinstance(thing.get(field), str) and thing[field].strip()
        ]
        if bodies:
            thing, body = max(bodies, key=lambda pair: len(pair[1]))
            return [*_headline(thing), *_paragraphs(body)]
    return []


def _is_stated(element: etree._Element) -> bool:
    return tag(element) == "script" and "ld+json" in (element.get("type") or "").lower()


def _things(text: str) -> Iterator[dict[str, Any]]:
    """Yield every object in a text in JSON, however deep."""
    try:
        waiting = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(MAX_NODES):
        if not waiting:
            return
        thing = waiting.pop()
        if isinstance(thing, dict):
            yield thing
            waiting.extend(thing.values())
        elif isinstance(thing, list):
            waiting.extend(thing)


def _headline(thing: dict[str, Any]) -> Iterator[Part]:
    headline = thing.get("headline") or thing.get("name")
    if isinstance(headline, str):
        yield Part(BlockKind.HEADING, " ".join(headline.split()), 1)


def _paragraphs(body: str) -> Iterator[Part]:
    if "</" in body and (root := parse_page(body)) is not None:
        yield from (unit.part for unit in units_of(root))
        return
    yield from (Part(BlockKind.TEXT, " ".join(line.split())) for line in body.splitlines() if line.strip())
