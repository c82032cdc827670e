"""A document as HTML: its text, and the marks at their offsets."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.types import Document
from qa.web.html.document import is_web_address, render_document
from tests.support.html_safety import OURS, PAYLOADS, Tags, assert_inert, make_document, stripped

TEXTS = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("<>&\"'`${}\u202e")), max_size=200)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_stay_text(payload):
    assert_inert(render_document(make_document(payload, payload, payload), [(0, 3), (2, 6)]), OURS)


@given(TEXTS, st.lists(st.tuples(st.integers(-5, 210), st.integers(-5, 210)), max_size=6), st.integers(-1, 6))
def test_a_document_without_its_tags_is_its_text(text, marks, focus):
    html = render_document(make_document(text), marks, focus)
    body = html.split('<div class="qa-text" dir="auto">', 1)[1].removesuffix("</div>\n</article>")
    assert stripped(body) == text
    assert html.count("<mark") == html.count("</mark>")
    assert html.count('id="qa-current-mark"') <= 1


def test_marks_say_exactly_the_marked_words():
    html = render_document(make_document("Anna <lives> in Oslo."), [(0, 4), (5, 12)], focus=1)
    assert "<mark>Anna</mark>" in html
    assert '<mark id="qa-current-mark">&lt;lives&gt;</mark>' in html


@pytest.mark.parametrize(
    ("marks", "marked"),
    [
        ([(0, 3), (2, 5)], ["abcde"]),
        ([(0, 2), (2, 4)], ["abcd"]),
        ([(4, 99), (-7, 1)], ["a", "ef"]),
        ([(3, 3), (5, 2), (9, 12)], []),
        ([(0, 6), (2, 3)], ["abcdef"]),
    ],
)
def test_marks_are_cut_to_the_text_and_merged(marks, marked):
    html = render_document(make_document("abcdef"), marks)
    assert [stripped(m) for m in re.findall(r"<mark[^>]*>.*?</mark>", html)] == marked


def test_a_mark_that_begins_before_the_text_can_be_the_focus():
    assert '<mark id="qa-current-mark">ab</mark>' in render_document(make_document("abc"), [(-2, 2)])


@pytest.mark.parametrize("source", ["https://example.org/a?b=1&c=2", "http://example.org"])
def test_web_addresses_become_links(source):
    html = render_document(make_document("x", source=source), [])
    assert is_web_address(source)
    assert {("href", source), ("rel", "noopener noreferrer nofollow"), ("target", "_blank")} <= Tags(html).attributes
    assert stripped(html.partition("<a ")[2].partition("</a>")[0].partition(">")[2]) == source


@pytest.mark.parametrize(
    "source", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "a.txt", "//[x", "http://[x", ""]
)
def test_anything_else_is_no_link(source):
    html = render_document(make_document("x", source=source), [])
    assert not is_web_address(source)
    assert "a" not in Tags(html).names
    assert stripped(html.partition('<p class="qa-details">')[2].partition("</p>")[0]).endswith(f" · {source}")


def test_who_published_it_and_when_stand_below_the_title():
    published = Document("d", "T", "text", "a.txt", "2022-01-14", "text/plain", "0" * 64, "<b>TASS", "en", "inferred")
    assert "&lt;b&gt;TASS · 2022-01-14 (inferred) · a.txt</p>" in render_document(published, [])
