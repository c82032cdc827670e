"""Pages and chapters as a whole."""

from html import escape

from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.blocks import assemble
from qa.ingest.html.page import read_chapter, read_page
from qa.ingest.html.tree import parse_page
from qa.types import BlockKind

PROSE = "<p>The harbour board met on Tuesday in the old customs house and talked for three hours.</p>" * 6


def test_left_out_navigation_is_remarked():
    read = read_page(f"<nav><a href=a>Home</a> <a href=b>News</a></nav>{PROSE}")
    assert len(read.parts) == 6
    assert read.remark == "98 % of the visible text is kept; left out: navigation"


def test_page_of_nothing_but_links_is_kept():
    read = read_page("<nav><a href=a>Home</a> <a href=b>News</a></nav>")
    assert [part.text for part in read.parts] == ["Home News"]


def test_page_without_text_is_read_from_what_it_states():
    read = read_page('<script type="application/ld+json">{"articleBody": "It rained."}</script><div id=root></div>')
    assert [part.text for part in read.parts] == ["It rained."]
    assert "without its scripts" in read.remark


def test_empty_page_has_no_parts():
    for page in ("", "<html></html>", "<script>x</script>"):
        assert read_page(page).parts == ()


def test_table_of_contents_is_in_the_text_but_no_sentence():
    toc = "<div class=toc><ul><li><a href=#a>One</a><li><a href=#b>Two</a></ul></div>"
    kinds = [part.kind for part in read_page(f"<h1>Tea</h1>{toc}{PROSE}").parts]
    assert kinds[:3] == [BlockKind.HEADING, BlockKind.FURNITURE, BlockKind.FURNITURE]


def test_chapter_keeps_everything():
    parts = read_chapter(parse_page("<body><h1>One</h1><p>1871<sup>2</sup> was dry.<aside>A note.</aside>")).parts
    assert [part.text for part in parts] == ["One", "1871² was dry.", "A note."]


WORDS = st.lists(st.text("abcdeäñ", min_size=1, max_size=8), min_size=1, max_size=8).map(" ".join)
BLOCK = st.tuples(
    st.sampled_from(["p", "nav", "footer", "aside", "form", "button", "h2", "li", "header", "del", "div class=menu",
                     "div class=share", "div id=footer", "section"]), WORDS
)  # fmt: skip


@given(st.lists(BLOCK, min_size=1, max_size=12))
def test_every_visible_word_is_kept_or_remarked(blocks):
    page = "".join(f"<{name}>{escape(words)}</{name.split()[0]}>" for name, words in blocks)
    read = read_page(page)
    text, found = assemble(read.parts)
    lost = [words for _, words in blocks if words not in " ".join(text.split())]
    assert not lost or "left out: " in read.remark
    assert "".join(text.split()) == "".join("".join(text[b.start : b.end].split()) for b in found)
