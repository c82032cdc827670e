"""The timeline draws each dated document once, inside its box."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.types import DocumentSummary
from qa.web.html.timeline import LANES, MAX_DOTS, render_timeline
from tests.support.html_safety import OURS, PAYLOADS, assert_inert
from tests.web.html.test_document_list import DOCUMENTS


def places(html):
    return [(float(a), float(b)) for a, b in re.findall(r"left:([\d.]+)%;top:([\d.]+)px", html)]


def test_dots_are_placed_by_day_and_sized_by_passages():
    html = render_timeline(DOCUMENTS, [True] * 5)
    assert [left for left, _ in places(html)] == [0.0, 100.0, 100.0]
    assert len(set(places(html))) == 3, "two of one day do not cover each other"
    sizes = [int(size) for size in re.findall(r"--size:(\d+)px", html)]
    assert sizes[0] == max(sizes) > sizes[1] > 0
    assert "2022-01-14" in html and "2022-01-27" in html and "2 documents without a date" in html


def test_single_day_is_centred_and_none_draws_nothing():
    assert places(render_timeline(DOCUMENTS[:1], [True]))[0][0] == 50
    assert render_timeline(DOCUMENTS[2:4], [True, True]) == ""
    assert render_timeline([DocumentSummary("x", "X", 1, published="2022-99-99")], [True]) == ""


@given(days=st.lists(st.dates().map(str), min_size=1, max_size=40))
def test_every_dot_lies_within_the_timeline(days):
    documents = [DocumentSummary(str(n), "T", n, published=day) for n, day in enumerate(days)]
    html = render_timeline(documents, [True] * len(days))
    height = float(re.search(r"height:(\d+)px", html)[1])
    assert len(places(html)) == len(days) <= MAX_DOTS
    assert all(0 <= left <= 100 and 0 < top < height <= LANES * 34 for left, top in places(html))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_stay_text(payload):
    document = DocumentSummary(payload, payload, 1, payload, "2022-01-14", payload, payload)
    assert_inert(render_timeline([document], [False]), OURS | {"figure", "figcaption"})
