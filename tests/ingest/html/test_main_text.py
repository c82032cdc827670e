"""The main text of an article among other pages' previews; other pages are kept whole."""

from qa.ingest.html.main_text import main_units
from qa.ingest.html.tree import parse_page
from qa.ingest.html.walk import units_of

STORY = "".join(
    f"<p>In {year} the harbour board met in the customs house, and the members talked about the fees for hours.</p>"
    for year in range(1990, 2002)
)
AROUND = "".join(f'<div><a href="/{n}">Read how the old lighthouse number {n} was sold</a></div>' for n in range(40))
NEWS = '<head><meta property="og:type" content="article"></head>'


def kept(page):
    return [unit.part.text for unit in main_units(units_of(parse_page(page)), page)]


def test_previews_around_an_article_are_left_out():
    texts = kept(f"<html>{NEWS}<body>{AROUND}<article>{STORY}</article>{AROUND}</body></html>")
    assert len(texts) == 12
    assert not any("lighthouse" in text for text in texts)


def test_caption_aside_and_correction_of_an_article_stay():
    more = (
        "<figure><figcaption>The crane may lift twelve tonnes.</figcaption></figure>"
        "<aside><p>The bridge was built in 1871 by Paulo Reis.</p></aside>"
    )
    footer = "<footer><p>Correction: the fee is eleven euros.</p></footer>"
    texts = kept(f"<html>{NEWS}<body>{AROUND}<article>{STORY}{more}{STORY}{footer}</article>{AROUND}</body></html>")
    for words in ("twelve tonnes", "Paulo Reis", "eleven euros"):
        assert any(words in text for text in texts)


def test_page_that_is_no_article_is_kept_whole():
    page = f"<html><body>{AROUND}<h1>Manual</h1>{STORY}<ul><li>berth<li>buoy</ul></body></html>"
    assert len(kept(page)) == len(units_of(parse_page(page)))


def test_one_dated_article_element_is_the_text():
    page = f"<html><body>{AROUND}<article><time>1 May</time>{STORY}</article>{AROUND}</body></html>"
    assert len(kept(page)) == 13


def test_posts_of_a_forum_are_kept():
    posts = "".join(f"<article><time>1 May</time><p>Post {n} says that it rained.</p></article>" for n in range(30))
    page = f"<html><body>{AROUND}{posts}</body></html>"
    assert sum(text.startswith("Post") for text in kept(page)) == 30
