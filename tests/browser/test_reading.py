"""Reading an answer in Chromium: hover, step through the sources, copy, edit the question that was searched for."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ask, open_first
from tests.browser.measures import IN_SIGHT
from tests.support.paths import SEEDS

SEVERAL = "What did Lavrov say about the written response?"
REFUSED = "What is the capital of Peru?"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def address(pages):
    return pages["extractive"]


@pytest.fixture
def answered(address, visit):
    page = visit(address)
    ask(page, SEVERAL)
    assert page.locator(".qa-marker").count() == 3
    return page


def label(page) -> str:
    return page.locator(".qa-pane-bar > span").first.inner_text()


def wait_for_source(page, marker: int) -> None:
    page.wait_for_function(
        "label => document.querySelector('.qa-pane-bar > span')?.textContent === label", arg=f"Source {marker} of 3"
    )
    assert page.locator("#qa-current-mark").evaluate(IN_SIGHT)


def test_hovering_shows_quote_between_its_neighbours(answered):
    page = answered
    card = page.locator("#qa-quote-card")
    assert not card.is_visible()
    page.locator(".qa-marker").nth(1).hover()
    card.wait_for()
    quote = page.locator(".qa-quote").nth(1).inner_text().rstrip("123456789 ")
    assert card.locator("mark").inner_text() == quote
    said = " ".join(card.locator(".qa-quote-card-text").inner_text().split())
    assert any(said in " ".join(file.read_text("utf-8").split()) for file in SEEDS.iterdir())
    assert len(said) > len(quote)
    box = card.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 1280 and box["y"] + box["height"] <= 800
    page.keyboard.press("Escape")
    assert not card.is_visible()


def test_keyboard_focus_shows_quote_card(answered):
    page = answered
    page.locator(".qa-marker").first.focus()
    page.keyboard.press("Tab")
    quote = page.locator(".qa-quote").nth(1).inner_text().rstrip("123456789 ")
    expect(page.locator("#qa-quote-card mark")).to_have_text(quote)  # until then, the card of the first source shows


def test_quote_card_survives_scrolling_to_its_focused_marker(answered):
    page = answered
    marker = page.locator(".qa-marker").nth(1)
    page.locator(".qa-marker").first.focus()
    page.evaluate("document.querySelectorAll('.qa-quote')[1].style.paddingTop = '3000px'")
    assert not marker.evaluate(IN_SIGHT)
    page.keyboard.press("Tab")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))")
    assert page.locator(".qa-marker:focus").evaluate(IN_SIGHT)
    assert page.locator("#qa-quote-card").is_visible()
    page.locator(".qa-asked").evaluate("asked => asked.scrollIntoView()")
    page.locator("#qa-quote-card").wait_for(state="hidden")


def test_confidence_is_in_words_number_on_hover(answered):
    page = answered
    said = " ".join(page.locator(".qa-confidence").inner_text().split())
    assert re.fullmatch(r"(Very sure|Sure|Fairly sure) that this answers the question", said)
    page.locator(".qa-confidence-label").hover()
    page.wait_for_selector("#qa-quote-card")
    assert re.match(r"\d+%: of 100 answers", page.locator("#qa-quote-card").inner_text())


def test_buttons_step_through_sources(answered):
    page = answered
    open_first(page)
    wait_for_source(page, 1)
    assert page.locator("[data-qa-step='before']").is_disabled()
    for marker in (2, 3):
        page.locator("[data-qa-step='after']").click()
        wait_for_source(page, marker)
        assert page.locator(".qa-card.qa-open .qa-number").inner_text() == str(marker)
    assert page.locator("[data-qa-step='after']").is_disabled()
    page.locator("[data-qa-step='before']").click()
    wait_for_source(page, 2)


def test_other_citations_in_document_are_marked_fainter(answered):
    page = answered
    page.locator(".qa-marker").nth(1).click()
    wait_for_source(page, 2)
    colour = "element => getComputedStyle(element).backgroundColor"
    others = page.locator(".qa-text mark:not(#qa-current-mark)")
    assert others.count() == 1
    assert others.first.evaluate(colour) != page.locator("#qa-current-mark").evaluate(colour)


def test_j_and_k_step_escape_closes(answered):
    page = answered
    page.evaluate("document.activeElement.blur()")
    for key, marker in (("j", 1), ("j", 2), ("j", 3), ("k", 2)):
        page.keyboard.press(key)
        wait_for_source(page, marker)
    page.keyboard.press("Escape")
    page.wait_for_selector(".qa-pane", state="hidden")
    ask(page, REFUSED)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.wait_for_selector("#qa-current-mark", state="visible")
    assert "not an answer" in label(page)


def test_letters_typed_into_question_do_not_step(answered):
    page = answered
    page.locator("#qa-question").press_sequentially("jk/")
    assert page.locator("#qa-question").input_value() == "jk/"
    assert not page.locator(".qa-pane").is_visible()


def test_copy_as_text_markdown_and_link_that_asks(answered, address):
    page = answered
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    said = {}
    for name in ("Copy", "Markdown", "Link"):
        button = page.locator(".qa-action", has_text=name)
        button.click()
        page.wait_for_function("() => document.querySelector('.qa-done')?.textContent === 'Copied'")
        said[name] = page.evaluate("navigator.clipboard.readText()")
        page.wait_for_selector(".qa-done", state="detached")
    quote = page.locator(".qa-quote").nth(1).inner_text().rstrip("123456789 ")
    assert quote in said["Copy"] and "[2]" in said["Copy"] and "characters" in said["Copy"]
    assert said["Markdown"].startswith(f"**{SEVERAL}**") and f"> {quote}" in said["Markdown"]
    page.goto(said["Link"])
    page.wait_for_selector(".qa-quote")
    assert page.locator(".qa-asked").all_inner_texts() == [SEVERAL]
    assert page.url == address


def test_understood_question_can_be_edited_and_asked(address, visit):
    page = visit(address)
    ask(page, "Where did Lavrov and Blinken meet for talks?")
    ask(page, "How long did they last?")
    understood = page.locator(".qa-turn").last.locator(".qa-searched-for").inner_text()
    page.locator(".qa-turn").last.locator("[data-qa-edit]").click()
    assert page.locator("#qa-question").input_value() == understood
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.qa-turn').length === 3")
    assert page.locator(".qa-asked").last.inner_text() == understood


def test_refusal_names_scope_and_missing_words(address, visit):
    page = visit(address)
    ask(page, REFUSED)
    said = page.locator(".qa-refusal").inner_text()
    assert "Searched 47 passages of 5 documents for: What is the capital of Peru?" in said
    assert page.locator(".qa-missing-words li").all_inner_texts() == ["capital", "peru"]
    assert page.locator(".qa-confidence, .qa-short").count() == 0


def test_phone_viewer_covers_chat_touch_shows_no_card(address, visit):
    page = visit(address, **PHONE)
    ask(page, SEVERAL)
    page.locator(".qa-marker").nth(1).dispatch_event("click")
    wait_for_source(page, 2)
    box = page.locator(".qa-pane").bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    assert page.evaluate("document.querySelector('#qa-chat').inert")
    assert not page.locator("#qa-quote-card").is_visible()
    page.locator("[data-qa-step='after']").click()
    wait_for_source(page, 3)
