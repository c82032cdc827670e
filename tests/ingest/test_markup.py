"""Conversion of markup to text: what separates lines, and that nothing is followed or expanded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import DocumentError
from qa.ingest.markup import html_text, parse_xml, text_of


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("", ""),
        ("Tea", "Tea"),
        ("<p>a<p>b", "a\n\nb"),
        ("<div><div><p>a</p></div></div><p>b", "a\n\nb"),
        ("<p>o'<b>clo</b>ck", "o'clock"),
        ("<p>a\n  b\tc&nbsp;d", "a b c d"),
        ("<p>a<br>b", "a\nb"),
        ("<p>a<script>x</script>b<style>y</style>c", "abc"),
        ("<title>x</title><p>a", "a"),
        ("<p>a<!-- x -->b<?x y?>c", "abc"),
        ("<table><tr><th>a<th>b<tr><td><p>c</p><p>d</p><td>e<br>f</table>g", "a | b\nc d | e f\n\ng"),
        ("<p>&lt;b&gt; &amp;lt;", "<b> &lt;"),
        ("<svg><text>x</text></svg>a<object>y</object>", "a"),
    ],
)
def test_html_text_of_pages(page, text):
    assert html_text(page) == text


@given(st.text())
def test_any_text_is_a_page(page):
    assert isinstance(html_text(page), str)


@given(st.lists(st.text("abcäñ<>&\"'", min_size=1, max_size=8), min_size=1, max_size=5))
def test_escaped_words_are_unescaped(words):
    from html import escape

    assert html_text("".join(f"<p>{escape(word)}</p>" for word in words)) == "\n\n".join(words)


def test_namespaces_are_ignored():
    assert text_of(parse_xml(b'<a xmlns:t="urn:x"><t:p>a</t:p><t:p>b<t:s/>c</t:p></a>')) == "a\n\nb c"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "cannot be read"),
        (b"<a>", "cannot be read"),
        (b"<a>" * 5_000, "cannot be read"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "declares entities"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "declares entities"),
        (b'<!DOCTYPE a [<!ENTITY % x "y">]><a/>', "declares entities"),
    ],
)
def test_unsafe_or_malformed_xml_is_refused(data, message):
    with pytest.raises(DocumentError, match=message):
        parse_xml(data)


def test_external_doctype_is_not_fetched():
    assert text_of(parse_xml(b'<!DOCTYPE p SYSTEM "file:///etc/hostname"><p>a</p>')) == "a"


def test_element_with_invalid_name_is_read():
    """The parser makes names that lxml itself calls invalid; `tests/trials guided` found it."""
    assert html_text("<html\xa0\xa0><p>Tea was served.</p><a\xa0b>It rained.</a\xa0b>").split("\n\n") == [
        "Tea was served.",
        "It rained.",
    ]
