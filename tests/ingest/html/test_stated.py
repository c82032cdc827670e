"""The text that a page states in JSON-LD."""

import json

import pytest

from qa.ingest.html.stated import stated_parts
from qa.ingest.html.tree import parse_page

THING = {"@type": "NewsArticle", "headline": "Harbour", "articleBody": "It rained.\n\nTea was served."}


def texts(stated):
    shown = stated if isinstance(stated, str) else json.dumps(stated)
    return [part.text for part in stated_parts(parse_page(f'<script type="application/ld+json">{shown}</script><p>x'))]


@pytest.mark.parametrize("stated", [THING, [THING], {"@graph": [{"@type": "Thing"}, THING]}])
def test_article_body_is_found(stated):
    assert texts(stated) == ["Harbour", "It rained.", "Tea was served."]


def test_markup_in_the_body_is_read():
    assert texts({"articleBody": "<p>It rained.</p><p>Tea.</p>"}) == ["It rained.", "Tea."]


@pytest.mark.parametrize("stated", ["", "not json", "[" * 100_000, {"articleBody": 5}, {"articleBody": " "}])
def test_malformed_statement_is_ignored(stated):
    assert texts(stated) == []
