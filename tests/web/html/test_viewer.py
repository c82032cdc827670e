"""The pane beside the chat: its title, its buttons, a problem in words."""

import re

import pytest

from qa.web.html import strings
from qa.web.html.viewer import CitationPosition, render_problem, render_viewer
from tests.support.html_safety import OURS, PAYLOADS, assert_inert, make_document, stripped

PANE = OURS | {"section", "h1", "h3", "header"}


def test_marked_words_are_shown_under_the_label():
    html = render_viewer(make_document("Anna lives in Oslo."), [(0, 4)], label="Source 1 of 1")
    assert '<mark id="qa-current-mark">Anna</mark>' in html and 'aria-label="Source 1 of 1"' in html


def disabled_steps(html: str) -> list[str]:
    return re.findall(r'data-qa-step="(\w+)"[^>]* disabled', html)


@pytest.mark.parametrize(("marker", "disabled"), [(1, ["before"]), (2, []), (3, ["after"])])
def test_steps_end_at_the_first_and_last_citation(marker, disabled):
    html = render_viewer(make_document("Anna."), [], position=CitationPosition(4, marker, 3))
    assert disabled_steps(html) == disabled
    assert 'data-qa-turn="4"' in html


def test_single_citation_has_no_steps():
    assert "data-qa-step" not in render_viewer(make_document("Anna."), [], position=CitationPosition(0, 1, 1))


def test_problem_is_shown_in_words():
    html = render_problem("no such thing")
    assert "no such thing" in stripped(html) and strings.PROBLEM in html


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_stay_text(payload):
    assert_inert(render_problem(payload), PANE)
    assert_inert(render_viewer(make_document(payload, payload), [(0, 1)], label=payload), PANE)
