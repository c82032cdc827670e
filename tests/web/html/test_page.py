"""What is always on the page: header, chat, form."""

import pytest

from qa.history.turn import Turn
from qa.types import DocumentSummary
from qa.web.html import strings
from qa.web.html.document_list import DocumentList
from qa.web.html.page import render_composer, render_header, render_thread
from tests.support.html_safety import OURS, PAYLOADS, assert_inert, make_answer, stripped

PAGE = OURS | {"aside", "figcaption", "figure", "form", "h1", "h3", "header", "input", "label", "section", "textarea"}
DOCUMENTS = DocumentList("Reports", (DocumentSummary("a", "Anna", 4),), 4)
EMPTY = DocumentList("Reports", (), 0)


def test_header_names_the_corpus_and_its_size():
    shown = stripped(render_header(DOCUMENTS))
    assert "Reports" in shown and DOCUMENTS.size in render_header(DOCUMENTS)


def test_welcome_suggests_the_examples():
    html = render_thread([], DOCUMENTS, ["Who lives in Oslo?"])
    assert "Who lives in Oslo?" in html and strings.WELCOME_TITLE in stripped(html)


def test_welcome_without_documents_asks_for_some():
    assert strings.NO_DOCUMENTS_TITLE in stripped(render_thread([], EMPTY))
    assert strings.NO_DOCUMENTS_TITLE not in stripped(render_thread([], DOCUMENTS))


def test_awaited_answer_shows_status_and_titles():
    html = render_thread([Turn("Where?")], DOCUMENTS, status="Searching", reading=["Anna"])
    assert "data-qa-waiting" in html and "Searching" in html and ">Anna<" in html


def test_answers_refusals_and_problems_differ():
    turns = [Turn("A?", make_answer()), Turn("B?", make_answer(abstained=True)), Turn("C?", problem="broken")]
    html = render_thread(turns, DOCUMENTS)
    assert html.count("data-qa-turn") >= 3
    assert "qa-quote" in html and strings.REFUSED in html and "broken" in stripped(html)


def test_composer_limits_the_size_of_files():
    assert "32000000" in render_composer(32_000_000)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_stay_text(payload):
    named = DocumentList(payload, (DocumentSummary(payload, payload, 1),), 1)
    turns = [Turn(payload, make_answer(payload)), Turn(payload, problem=payload), Turn(payload)]
    html = render_thread(turns, named, status=payload, reading=[payload])
    assert_inert(render_header(named) + render_thread([], named, [payload]) + html, PAGE)
