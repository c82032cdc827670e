"""What a page has besides its text, and what only looks like that."""

import pytest

from qa.ingest.html.furniture import find_contents, find_furniture
from qa.ingest.html.tree import parse_page

PROSE = "<p>The harbour board met on Tuesday in the old customs house and talked for three hours.</p>" * 6
LINKS = "<a href=a>Home</a> <a href=b>News</a> <a href=c>Sport</a>"


def found(body):
    return sorted(set(find_furniture(parse_page(f"<body>{body}</body>")).values()))


@pytest.mark.parametrize(
    ("element", "label"),
    [
        (f"<nav>{LINKS}</nav>", "navigation"),
        (f"<div role=navigation>{LINKS}</div>", "navigation"),
        (f"<div class='main-menu'>{LINKS}</div>", "navigation"),
        (f"<div id=sidebar>{LINKS}</div>", "navigation"),
        ("<p><a href=a>Prev</a> <a href=b>Up</a> <a href=c>Next</a></p>", "navigation"),
        ("<form><input type=search><label>Search</label></form>", "a form"),
        ("<footer>© 2022 The Harbour Board. All rights reserved.</footer>", "a footer"),
        ("<div id=footer>Last updated 2022-01-14</div>", "a footer"),
        ("<p>This page last modified on 2022-01-14</p>", "a footer"),
        ("<button>Copy</button>", "buttons"),
        (f"<aside>{LINKS}</aside>", "links to other pages"),
        (f"<div class=share-buttons>{LINKS}</div>", "invitations to share or subscribe"),
    ],
)
def test_furniture_is_named(element, label):
    assert found(PROSE + element) == [label]


@pytest.mark.parametrize(
    "element",
    [
        "<aside><p>The bridge was built in 1871 by the engineer Paulo Reis.</p></aside>",
        "<article><footer><p>Correction: the fee is eleven euros, not nine.</p></footer></article>",
        "<footer><p>Correction: the fee is eleven euros, not nine.</p></footer>",
        f"<h2>See also</h2><ul><li>{LINKS}</ul>",
        "<header><h1>Harbour</h1><p>By Anna Berg</p></header>",
        f"<div class=sidebar>{PROSE}</div>",
        f"<nav>{PROSE}{PROSE}</nav>",
        f"<form>{PROSE}<textarea>12 tonnes</textarea></form>",
        "<p>He last updated his will in 1904, and died.</p>",
    ],
)
def test_text_is_no_furniture(element):
    assert found(PROSE + element) == []


def test_links_above_the_first_heading_are_navigation():
    assert found(f"<div>Small. {LINKS} Fast.</div><h1>Tea</h1>{PROSE}") == ["navigation"]
    assert found(f"<div>{LINKS}</div>{PROSE}") == []  # no heading: it may be all there is


def test_table_of_contents_is_found_in_a_longer_page():
    toc = "<div class=toc><ul><li><a href=#a>One</a><li><a href=#b>Two</a></ul></div>"
    assert len(find_contents(parse_page(f"<body>{toc}{PROSE}"))) == 1
    assert not find_contents(parse_page(f"<body>{toc}<p>Tea."))
    assert found(toc + PROSE) == []
