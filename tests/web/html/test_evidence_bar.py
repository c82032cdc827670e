"""The strip says which documents an answer's evidence is from."""

import re
from html import unescape

import pytest

from qa.types import Citation, DocumentSummary
from qa.web.html.evidence_bar import MAX_DOCUMENTS_DRAWN, WIDTH, render_evidence_bar
from tests.support.html_safety import PAYLOADS, assert_inert, make_answer


def cited(*ids):
    return make_answer(citations=tuple(Citation(n, id, id, id, None, None, 0, 1, "A") for n, id in enumerate(ids, 1)))


def bars(html):
    return re.findall(r'x="([\d.]+)" y="0" width="([\d.]+)" height="8" class="qa-(\w+)"><title>(.*?)</title>', html)


def test_the_cited_documents_are_filled_and_as_wide_as_they_are_long():
    html = render_evidence_bar(
        cited("b", "b"), [DocumentSummary("a", "A", 10), DocumentSummary("b", "B", 30), DocumentSummary("c", "C", 0)]
    )
    (_, a, one, _), (_, b, two, title), (start, last, three, _) = bars(html)
    assert (one, two, three, title) == ("uncited", "cited", "uncited", "B")
    assert float(b) == pytest.approx(3 * float(a), abs=0.2) and float(last) > 0
    assert float(start) + float(last) == pytest.approx(WIDTH, abs=0.2)
    assert 'aria-label="Evidence from 1 of 3 documents"' in html


@pytest.mark.parametrize("count", [0, 1, MAX_DOCUMENTS_DRAWN + 1])
def test_one_document_or_too_many_have_no_bar(count):
    assert render_evidence_bar(cited("0"), [DocumentSummary(str(n), "T", 1) for n in range(count)]) == ""


def test_nothing_cited_has_no_strip():
    assert (
        render_evidence_bar(make_answer(abstained=True), [DocumentSummary("a", "A", 1), DocumentSummary("b", "B", 1)])
        == ""
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_titles_stay_text(payload):
    html = render_evidence_bar(cited("a"), [DocumentSummary("a", payload, 1), DocumentSummary("b", payload, 2)])
    assert_inert(html, {"figure", "figcaption", "svg", "rect", "title"})
    assert unescape(bars(html)[0][3]) == payload if "\n" not in payload else True
