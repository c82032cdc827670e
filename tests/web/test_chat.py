"""The chat's functions and HTML, tested without the web framework or a browser."""

import json
import re
import time

import pytest

from embeddings.errors import EmbeddingError
from qa import Assistant
from qa.errors import QAError
from qa.history.turn import Turn, turn_from_dict
from qa.types import DocumentSummary
from qa.web import chat
from qa.web.html import strings
from qa.web.html.document_list import DocumentList
from qa.web.html.page import render_header, render_thread
from qa.web.html.viewer import CitationPosition, render_problem, render_viewer
from tests.support.html_safety import OURS, PAYLOADS, assert_inert, make_answer, make_document

PAGE = OURS | {"aside", "figcaption", "figure", "h1", "h3", "header", "rect", "section", "title"}


@pytest.fixture
def assistant(files, hashing):
    with Assistant.open(files, encoder=hashing, min_confidence=0) as opened:
        yield opened


@pytest.fixture
def document_list(assistant):
    return chat.read_document_list(assistant)


def answered(assistant, document_list, question, turns=()):
    return list(chat.converse(assistant, document_list, question, turns))


def test_document_list_has_name_and_counts(document_list):
    assert (document_list.name, document_list.passages, len(document_list.documents)) == ("files", 3, 3)
    assert document_list.size == "3 documents · 3 passages"
    assert document_list.title("c1") == "Clara" and document_list.title("gone") == "gone"


def test_builtin_corpus_has_its_own_name(hashing):
    with Assistant.open(encoder=hashing) as opened:
        assert chat.read_document_list(opened).name == "Built-in reports"


def slowed(assistant, monkeypatch, seconds):
    """Make the answerer take this many seconds longer."""
    answer = assistant.answerer.answer
    monkeypatch.setattr(assistant.answerer, "answer", lambda *args: (time.sleep(seconds), answer(*args))[1])


def test_question_then_reading_then_answer_are_shown(assistant, document_list, monkeypatch):
    monkeypatch.setattr(chat, "STATUS_DELAY_SECONDS", 10)  # longer than the wait, even on a busy machine
    slowed(assistant, monkeypatch, 0.1)
    first, reading, last = answered(assistant, document_list, "Where does Anna live?")
    assert "Where does Anna live?" in first[1] and "data-qa-waiting" in first[1]
    assert "qa-reading-now" in reading[1] and ">Anna<" in reading[1]
    assert not any("qa-status" in html for _, html in (first, reading, last))
    assert "Anna lives in Oslo." in last[1] and "data-qa-waiting" not in last[1]
    (turn,) = last[0]
    assert turn.answer == assistant.ask("Where does Anna live?") and len(turn.around) == len(turn.answer.citations)


def test_status_of_a_long_wait_stays_readable(assistant, document_list, monkeypatch):
    monkeypatch.setattr(chat, "STATUS_DELAY_SECONDS", 0.05)
    slowed(assistant, monkeypatch, 0.12)
    steps = [
        (time.monotonic(), html) for _, html in chat.converse(assistant, document_list, "Where does Anna live?", [])
    ]
    shown_at, status = next((seconds, html) for seconds, html in steps if "qa-status" in html)
    assert "Searching 3 passages…" in status
    assert steps[-1][0] - shown_at >= chat.MIN_STATUS_SECONDS


def test_very_long_wait_says_that_it_continues(assistant, document_list, monkeypatch):
    monkeypatch.setattr(chat, "STATUS_DELAY_SECONDS", 0.02)
    slowed(assistant, monkeypatch, 0.4)
    assert any("longer than most" in html for _, html in answered(assistant, document_list, "Where does Anna live?"))


@pytest.mark.parametrize("line", ["Hello!", "thanks", "What documents are there?"])
def test_small_talk_shows_no_search_status(assistant, document_list, monkeypatch, line):
    slowed(assistant, monkeypatch, 0.1)
    first, last = answered(assistant, document_list, line)
    assert not any(word in html for word in ("Searching", "Reading", "qa-status") for _, html in (first, last))
    assert "qa-small-talk" in last[1]


def test_document_filter_limits_answers_and_refusal_counts(assistant, document_list, monkeypatch):
    monkeypatch.setattr(assistant, "min_confidence", 1.1)
    turns, html = list(chat.converse(assistant, document_list, "Where does Anna live?", [], frozenset({"c1"})))[-1]
    assert {hit.passage.document_id for hit in turns[0].answer.passages} == {"c1"}
    assert "Searched 1 passage of 1 document for:" in html
    assert turn_from_dict(json.loads(json.dumps(turns[0].to_dict()))) == turns[0]


def test_empty_document_selection_is_explained(assistant, document_list):
    turns, html = list(chat.converse(assistant, document_list, "Where does Anna live?", [], frozenset()))[-1]
    assert strings.NO_DOCUMENT_SELECTED in html and turns[0].answer is None
    assert "Hello" in list(chat.converse(assistant, document_list, "hello", [], frozenset()))[-1][1]


def test_refusal_shows_search_scope_and_missing_words(assistant, document_list, monkeypatch):
    monkeypatch.setattr(assistant, "min_confidence", 1.1)
    turns, html = answered(assistant, document_list, "Where does Pizarro live?")[-1]
    assert turns[0].answer.missing_terms == ("pizarro",)
    assert "Searched 3 passages of 3 documents for:" in html and ">pizarro<" in html


def test_finished_turns_stay_and_unfinished_ones_go(assistant, document_list):
    earlier = [Turn("A?", problem="no"), Turn("left hanging")]
    turns, html = answered(assistant, document_list, "Who bakes?", earlier)[-1]
    assert [turn.question for turn in turns] == ["A?", "Who bakes?"]
    assert html.count("data-qa-turn") == 2


def test_earlier_turns_become_the_history(assistant, document_list, monkeypatch):
    histories = []
    monkeypatch.setattr(assistant, "ask", lambda q, history, **_: histories.append(list(history)) or make_answer())
    turns = [Turn("A?", make_answer(short="Oslo")), Turn("B?", make_answer(abstained=True)), Turn("C?", problem="no")]
    answered(assistant, document_list, "And when?", turns)
    assert histories == [[("A?", "Oslo"), ("B?", "")]]


@pytest.mark.parametrize("question", ["", "  \n "])
def test_empty_question_changes_nothing(assistant, document_list, question):
    assert answered(assistant, document_list, question) == [([], render_thread([], document_list))]


def test_overlong_question_gets_a_polite_message(assistant, document_list):
    turns, html = answered(assistant, document_list, "x" * 2001)[-1]
    assert turns[-1].answer is None and "the limit is 2,000" in html and "qa-problem" in html


@pytest.mark.parametrize(
    ("error", "message"),
    [(EmbeddingError("no model"), "no model"), (RuntimeError("/secret/path"), strings.INTERNAL_ERROR)],
)
def test_errors_are_shown_without_a_traceback(assistant, document_list, monkeypatch, caplog, error, message):
    def fail(*_, **options):
        raise error

    monkeypatch.setattr(assistant, "ask", fail)
    _, html = answered(assistant, document_list, "Who?")[-1]
    assert message in html and "Traceback" not in html and "/secret/path" not in html


def test_citation_opens_its_document_with_marked_words(assistant, document_list):
    turns, _ = answered(assistant, document_list, "Where does Anna live?")[-1]
    citation = turns[0].answer.citations[0]
    html = chat.open_place(assistant, {"turn": 0, "marker": 1}, turns)
    assert f'<mark id="qa-current-mark">{citation.text}</mark>' in html
    assert "Source 1 of" in html and "She mends clocks." in html


def test_viewer_steps_stop_at_first_and_last_citation():
    html = render_viewer(make_document("Anna lives."), [(0, 4)], 0, "Source 1 of 3", CitationPosition(2, 1, 3))
    assert 'data-qa-turn="2"' in html and html.count("data-qa-step") == 2
    assert re.search(r'data-qa-open="0" data-qa-step="before"[^>]* disabled', html)
    assert re.search(r'data-qa-open="2" data-qa-step="after"[^>]*"(?! disabled)>', html)
    assert "data-qa-step" not in render_viewer(make_document("x"), [], 0, "x", CitationPosition(0, 1, 1))


def test_changed_document_is_never_marked(assistant, document_list, monkeypatch):
    turns, _ = answered(assistant, document_list, "Where does Anna live?")[-1]
    refusal = Turn("?", assistant.ask("Where does Anna live?", min_confidence=1.1))
    monkeypatch.setattr(assistant, "document", lambda id: make_document("Anna\n\nNow Anna lives in Bergen, not Oslo."))
    for target in ({"turn": 0, "marker": 1}, {"turn": 1, "near": 1}):
        html = chat.open_place(assistant, target, [*turns, refusal])
        assert "has changed since" in html and "<mark" not in html


def test_nearest_passage_opens_as_not_an_answer(assistant, document_list):
    refusal = assistant.ask("Where does Anna live?", min_confidence=1.0)
    html = chat.open_place(assistant, {"turn": 0, "near": 1}, [Turn("?", refusal)])
    assert "not an answer" in html and "<mark" in html


@pytest.mark.parametrize(
    "target",
    [
        {}, {"turn": 0}, {"turn": 0, "marker": 0}, {"turn": 0, "marker": -1}, {"turn": 0, "marker": 999_999_999},
        {"turn": -1, "marker": 1}, {"turn": 7, "marker": 1}, {"turn": "0", "marker": 1}, {"turn": 0, "marker": True},
        {"turn": 0, "marker": "1"}, {"turn": 0, "near": 1}, {"turn": None}, {"document": "../../etc/passwd"},
        {"document": {"a": 1}}, {"turn": 0, "marker": 1.5},
    ],
)  # fmt: skip
def test_only_what_was_shown_can_be_opened(assistant, document_list, target):
    turns, _ = answered(assistant, document_list, "Where does Anna live?")[-1]
    html = chat.open_place(assistant, target, turns)
    assert "qa-problem" in html and "<mark" not in html and "qa-text" not in html


def test_document_opens_by_its_id(assistant):
    assert "Clara bakes rye bread." in chat.open_place(assistant, {"document": "c1"}, [])


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_stay_text_in_every_part(payload):
    document_list = DocumentList(payload, (DocumentSummary(payload, payload, 1),), 1)
    parts = [
        render_header(document_list),
        render_thread([], document_list, [payload]),
        render_thread([Turn(payload)], document_list, status=payload, reading=[payload]),
        render_thread([Turn(payload, make_answer(payload)), Turn(payload, problem=payload)], document_list),
        render_problem(payload),
    ]
    for html in parts:
        assert_inert(html, PAGE)


def test_ask_takes_pairs_and_returns_a_dict(assistant):
    answer = chat.ask(assistant, "And when?", [["Where did Boris go?", "Riga"]])
    assert answer["standalone_question"] != answer["question"] == "And when?"
    assert chat.ask(assistant, "Where does Anna live?", [])["citations"][0]["document_id"] == "anna.txt"


@pytest.mark.parametrize("history", [["ab"], [["a"]], [["a", 1]], [["a", "b", "c"]], [{"a": "b"}]])
def test_ask_rejects_malformed_history(assistant, history):
    with pytest.raises(QAError, match=r"\[question, answer\] pairs"):
        chat.ask(assistant, "Who?", history)
