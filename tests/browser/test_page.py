"""The page in Chromium: ask, read, open a citation, see the words marked. `visit` checks where requests go."""

from dataclasses import fields

import pytest
from gradio_client import Client

from qa.answering.answerers.reader_small import THRESHOLD
from qa.types import Answer
from tests.browser.conftest import ask, open_first
from tests.browser.measures import CONTRASTS, IN_SIGHT, SIDEWAYS
from tests.support.paths import SEEDS

QUESTION = "Who shrugged his shoulders?"
WORDS = "Mr. Blinken did not reply to my question. He only shrugged his shoulders, and that’s it."
UNANSWERED = "What is the capital of Peru?"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def endpoint(address):
    client = Client(address, verbose=False, analytics_enabled=False)
    yield lambda question: client.predict(question, [], api_name="/ask")
    client.close()


def test_ask_read_open_marked_words(address, visit, endpoint):
    page = visit(address)
    assert page.title() == page.locator("h1").inner_text() == "Built-in reports"
    assert "5 documents" in page.locator("[data-qa-documents]").inner_text()
    ask(page, QUESTION)
    assert page.locator(".qa-asked").inner_text() == QUESTION
    assert WORDS in page.locator(".qa-quote").first.inner_text()
    assert not page.locator(".qa-pane").is_visible()
    page.locator(".qa-quote [data-qa-open='1']").click()
    mark = page.locator("#qa-current-mark")
    mark.wait_for()
    (citation, *_) = endpoint(QUESTION)["citations"]
    assert mark.text_content() == citation["text"] == WORDS
    assert mark.evaluate(IN_SIGHT)
    # The viewer is beside the chat, not over it.
    pane, answer = page.locator(".qa-pane").bounding_box(), page.locator(".qa-quote").first.bounding_box()
    assert answer["x"] + answer["width"] <= pane["x"]
    text = (SEEDS / citation["document_id"]).read_bytes().decode("utf-8")
    assert page.locator(".qa-text").text_content() == text
    page.locator("[data-qa-close]").click()
    page.wait_for_selector(".qa-pane", state="hidden")


def test_every_citation_opens_at_its_words(address, visit, endpoint):
    page = visit(address)
    question = "What did Lavrov say about the written response?"
    ask(page, question)
    citations = endpoint(question)["citations"]
    cards = page.locator(".qa-card")
    assert cards.count() == len(citations) > 0
    for place, citation in enumerate(citations):
        cards.nth(place).click()
        page.wait_for_function(
            "text => document.querySelector('#qa-current-mark')?.textContent.includes(text)", arg=citation["text"]
        )
        assert page.locator("#qa-current-mark").evaluate(IN_SIGHT)
        assert page.locator(".qa-card.qa-open").count() == 1


def test_refusal_shows_nearest_passages_as_no_answer(address, visit, endpoint):
    page = visit(address)
    ask(page, UNANSWERED)
    assert endpoint(UNANSWERED)["abstained"]
    assert "The documents do not answer this" in page.locator(".qa-refusal").inner_text()
    assert page.locator(".qa-quote, [data-qa-open]").count() == 0
    assert "not an answer" in page.locator(".qa-sources").inner_text()
    assert page.locator(".qa-nearest").count() == 3
    open_first(page)
    assert "not an answer" in page.locator(".qa-pane-bar").inner_text()
    # A passage may be longer than the window; its start or its middle is in view.
    assert page.locator("#qa-current-mark").bounding_box()["y"] < 800


def test_every_suggested_question_is_answered(address, visit):
    page = visit(address)
    examples = page.locator("[data-qa-ask]")
    questions = examples.all_inner_texts()
    assert len(questions) >= 2
    for place, question in enumerate(questions):
        if place:
            page.locator("[data-qa-clear]").click()
        page.locator("[data-qa-ask]").nth(place).click()
        page.wait_for_selector(".qa-quote")
        assert page.locator(".qa-asked").all_inner_texts() == [question]


def test_follow_up_shows_how_it_was_understood(address, visit):
    page = visit(address)
    ask(page, "Where did Lavrov and Blinken meet for talks?")
    ask(page, "How long did they last?")
    assert page.locator(".qa-turn").count() == 2
    assert "Lavrov" in page.locator(".qa-turn").last.locator(".qa-understood").inner_text()
    page.locator("[data-qa-clear]").click()
    page.wait_for_selector(".qa-welcome")
    assert page.locator(".qa-turn").count() == 0


def test_document_list_opens_a_document(address, visit):
    page = visit(address)
    page.locator("[data-qa-documents]").click()
    page.wait_for_selector(".qa-item")
    assert page.locator(".qa-item").count() == 5
    page.locator(".qa-item").nth(4).click()
    page.wait_for_selector(".qa-text")
    text = sorted(SEEDS.iterdir())[4].read_bytes().decode("utf-8")
    assert page.locator(".qa-text").text_content() == text


def test_keyboard_alone_suffices(address, visit):
    page = visit(address)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector(".qa-quote")
    assert page.locator("#qa-question").input_value() == ""
    tab_to(page, ".qa-marker")
    page.keyboard.press("Enter")
    page.wait_for_selector("#qa-current-mark")
    assert page.locator("#qa-current-mark").evaluate(IN_SIGHT)
    assert focused(page, ".qa-pane-body")  # so that the arrow keys scroll it
    page.keyboard.press("Escape")
    page.wait_for_selector(".qa-pane", state="hidden")
    assert focused(page, ".qa-marker")


def tab_to(page, selector: str) -> None:
    """Press Tab until `selector` has the focus, which must be visible there."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if focused(page, selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return
    pytest.fail(f"Tab does not reach {selector}")


def focused(page, selector: str) -> bool:
    return page.evaluate("selector => document.activeElement.matches(selector)", selector)


@pytest.mark.parametrize("question", ["   ", "x" * 5_000, "\u202eWho?\u202c 🤷 <b>bold</b>", "Кто пожал плечами?"])
def test_any_question_is_answered_refused_or_not_sent(address, visit, question):
    page = visit(address)
    if question.strip():
        ask(page, question)
        assert page.locator(".qa-turn b").count() == 0
        # A browser enforces the field's limit only while a person types.
        assert page.locator(".qa-quote, .qa-refusal, .qa-problem").count() > 0
    else:
        page.locator("#qa-question").fill(question)
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
        assert page.locator(".qa-turn").count() == 0


def test_phone_has_no_sideways_scroll_readable_document(address, visit):
    page = visit(address, **PHONE)
    assert page.evaluate(SIDEWAYS) == []
    ask(page, QUESTION)
    assert page.evaluate(SIDEWAYS) == []
    open_first(page)
    assert page.locator("#qa-current-mark").evaluate(IN_SIGHT)
    assert page.evaluate(SIDEWAYS) == []
    box = page.locator(".qa-text").bounding_box()
    assert box["width"] >= 330
    assert page.locator(".qa-text").evaluate("element => parseFloat(getComputedStyle(element).fontSize)") >= 16
    page.locator("[data-qa-close]").click()
    page.wait_for_selector(".qa-pane", state="hidden")
    assert page.locator(".qa-quote").first.is_visible()
    ask(page, UNANSWERED)
    assert page.evaluate(SIDEWAYS) == []


@pytest.mark.parametrize("size", [{}, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_enough_contrast(address, visit, scheme, size):
    page = visit(address, scheme=scheme, **size)

    def contrasts(*wanted):
        found = page.evaluate(CONTRASTS)
        assert [one for one in found if one[0] < 4.5] == []
        seen = " ".join(name for _, name in found)
        assert all(name in seen for name in wanted), seen

    ground = page.evaluate("getComputedStyle(document.querySelector('#qa-chat')).backgroundColor")
    assert (sum(map(int, ground.removeprefix("rgb(").rstrip(")").split(","))) < 384) is (scheme == "dark")
    contrasts("qa-example", "qa-bar-button")
    ask(page, QUESTION)
    contrasts(
        "qa-asked", "qa-quote", "qa-marker", "qa-card-title", "qa-details", "qa-confidence", "qa-confidence-label"
    )
    page.locator(".qa-marker").first.hover()
    page.wait_for_selector("#qa-quote-card")
    contrasts("qa-neighbour", "MARK")
    ask(page, UNANSWERED)
    contrasts("qa-verdict", "qa-card-quote", "qa-hint")
    open_first(page)
    contrasts("qa-text", "MARK")


def test_endpoint_returns_every_field_of_answer(endpoint):
    shown = endpoint(QUESTION)
    assert list(shown) == [field.name for field in fields(Answer)]
    (citation, *_) = shown["citations"]
    assert list(citation) == [
        "marker", "document_id", "title", "source", "published", "page", "start", "end", "text", "publisher", "dated",
        "context",
        "page_label",
        "copies",
    ]  # fmt: skip
    text = (SEEDS / citation["document_id"]).read_bytes().decode("utf-8")
    assert text[citation["start"] : citation["end"]] == citation["text"] == WORDS
    assert (shown["abstained"], shown["question"]) == (False, QUESTION)
    assert THRESHOLD <= shown["confidence"] <= 1
    assert shown["passages"][0]["passage"]["text"]
