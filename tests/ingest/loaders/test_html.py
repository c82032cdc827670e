"""Web pages: everything that they show is read, and what is left out is said."""

from pathlib import Path

import pytest

from qa.errors import DocumentError
from qa.ingest.files import SourceFile, load
from qa.types import BlockKind
from tests.ingest.html.test_page import PROSE

WITH_STORY = f"<html><head><title>Harbour</title></head><body><article>{PROSE}{{}}{PROSE}</article></body></html>"


def read(page, suffix="html"):
    data = page if isinstance(page, bytes) else page.encode()
    return load(SourceFile(Path(f"file.{suffix}"), f"file.{suffix}"), data)


@pytest.mark.parametrize(
    ("element", "words"),
    [
        ("<figure><figcaption>The crane lifts 12 tonnes.</figcaption></figure>", "The crane lifts 12 tonnes."),
        ("<aside><p>Built in 1871 by Paulo Reis.</p></aside>", "Built in 1871 by Paulo Reis."),
        ("<footer><p>Correction: the fee is eleven euros.</p></footer>", "Correction: the fee is eleven euros."),
        ("<p>The law is <math><mi>E</mi><mo>=</mo><mi>m</mi></math> here.</p>", "The law is E=m here."),
        ('<iframe srcdoc="&lt;p&gt;The inner page.&lt;/p&gt;"></iframe>', "The inner page."),
        ("<textarea>The crane.</textarea>", "The crane."),
        ("<select><option>Sloop<option>Ketch</select>", "Sloop\nKetch"),
        ("<p>In 1998<sup>3</sup> it was 10<sup>3</sup>.</p>", "In 1998³ it was 10³."),
        ("<p>First line<br>second line<br/>third line</p>", "First line\nsecond line\nthird line"),
        ("<pre>code  keeps\n  its blanks</pre>", "code  keeps\n  its blanks"),
        ("<dl><dt>berth<dd>A mooring place.</dl>", "berth: A mooring place."),
        ("<details><summary>More</summary>It rained.</details>", "More\n\nIt rained."),
        ("<object data=x.swf>The fallback.</object>", "The fallback."),
    ],
)
def test_parts_of_a_text_are_read_in_their_place(element, words):
    loaded = read(WITH_STORY.format(element))
    (document,) = loaded.documents
    assert f"hours.\n\n{words}\n\nThe" in document.text
    assert loaded.note == ""


def test_headings_are_blocks_with_levels():
    (document,) = read(f"<h1>Harbour</h1><h2>Fees</h2>{PROSE}").documents
    assert [(block.kind, block.level) for block in document.blocks[:2]] == [
        (BlockKind.HEADING, 1), (BlockKind.HEADING, 2)
    ]  # fmt: skip


def test_frames_and_what_they_lack_are_said():
    loaded = read("<frameset><frame src=a.html><noframes><body><p>The fee is nine euros.</p></noframes></frameset>")
    assert loaded.documents[0].text == "The fee is nine euros."
    assert "frames that are pages of their own" in loaded.note


def test_page_of_scripts_is_read_from_what_it_states():
    page = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Harbour", '
        '"articleBody": "It rained."}</script><div id=root></div><noscript>You need to enable JavaScript.</noscript>'
    )
    loaded = read(page)
    assert loaded.documents[0].text == "Harbour\n\nIt rained."
    assert "scripts" in loaded.note


@pytest.mark.parametrize("page", ["<div id=root></div><script>x</script>", "<frameset><frame src=a></frameset>"])
def test_page_without_text_has_failed(page):
    with pytest.raises(DocumentError, match="no text"):
        read(page)


def test_deep_nesting_is_read():
    page = "<div>" * 5_000 + "<p>Tea was served.</p>" + "<sup>" * 3_000 + "x"
    try:
        assert "Tea was served." in read(page).documents[0].text
    except DocumentError as error:
        assert "\n" not in str(error)


def test_small_text_of_links_is_kept_whole():
    (document,) = read('<h4>Sharing</h4><p>Charge your watch. See <a href="x.html">Sharing</a>.</p>').documents
    assert document.text == "Sharing\n\nCharge your watch. See Sharing."


def test_xhtml_is_read_as_xml():
    page = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><p>Tea.</p></body></html>'
    assert read(page, "xhtml").documents[0].text == "Tea."
