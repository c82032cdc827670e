"""Documents written to do harm are shown as text: no script runs, no element appears, nothing is requested."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ask
from tests.browser.hostile import IMAGE, NAME, OTHER, SCRIPT, SENTENCE, TITLE
from tests.browser.measures import SIDEWAYS


@pytest.fixture(scope="module")
def hostile(pages):
    return pages["hostile"]


def elements(page) -> dict[str, int]:
    """How many elements of each kind the page's own parts hold."""
    return page.evaluate("""() => {
        const counts = {};
        for (const { tagName } of document.querySelectorAll("#qa-head *, #qa-thread *, #qa-viewer *, #qa-quote-card *"))
            counts[tagName.toLowerCase()] = (counts[tagName.toLowerCase()] || 0) + 1;
        return counts;
    }""")


OURS = {
    "article", "aside", "blockquote", "button", "div", "figcaption", "figure", "form", "h1", "h2", "h3", "header", "i",
    "input", "label", "li", "mark", "option", "p", "path", "rect", "section", "select", "span", "strong", "svg",
    "title", "ul",
}  # fmt: skip


def assert_inert(page) -> None:
    assert set(elements(page)) <= OURS
    handlers = "[...document.querySelectorAll('#qa-body *, #qa-head *')].flatMap(e => e.getAttributeNames())"
    assert not [name for name in page.evaluate(handlers) if name.startswith("on")]
    assert page.locator("a").count() == 0
    assert "hacked" not in page.title()


@pytest.mark.parametrize("size", [{}, {"width": 390, "height": 844}], ids=["wide", "phone"])
def test_hostile_document_is_text(hostile, visit, size):
    page = visit(hostile, **size)
    assert page.locator("h1").inner_text() == "<b>corpus<"
    for words in (SENTENCE, OTHER):
        ask(page, words)  # the document's own words, so that it answers
        turn = page.locator(".qa-turn").last
        assert words in turn.locator(".qa-quote").first.text_content()
        assert turn.locator(".qa-asked").text_content() == words
        turn.locator(".qa-marker").first.focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")  # focus by keyboard shows the quote card
        page.wait_for_function(
            "words => document.querySelector('#qa-quote-card:not([hidden])')?.textContent.includes(words)", arg=words
        )
        assert_inert(page)
        page.keyboard.press("Escape")  # the quote card may lie over what is clicked next
        expect(page.locator("#qa-quote-card")).to_be_hidden()
        turn.locator(".qa-card").first.click()
        page.wait_for_function(
            "words => document.querySelector('.qa-viewing .qa-text')?.textContent.includes(words)", arg=words
        )
        assert words in page.locator("#qa-current-mark").text_content()
        assert_inert(page)
        assert page.evaluate(SIDEWAYS) == []
        page.keyboard.press("Escape")
    ask(page, "Who composed quartets?")
    near = page.locator(".qa-turn").last.locator(".qa-nearest")
    assert near.count() == 3 and IMAGE in " ".join(near.all_text_contents())
    assert_inert(page)


def test_hostile_titles_and_names_are_text(hostile, visit):
    page = visit(hostile)
    page.locator("[data-qa-documents]").click()
    page.wait_for_selector(".qa-item")
    listed = page.locator(".qa-list-pane").text_content()
    assert TITLE in listed and NAME in listed and SCRIPT in listed and '"><svg onload=alert(7)>' in listed
    assert_inert(page)
    for item, title in ((0, SCRIPT), (1, TITLE)):
        page.locator(".qa-item").nth(item).click()
        page.wait_for_function("title => document.querySelector('.qa-document h2')?.textContent === title", arg=title)
        assert_inert(page)
        page.locator("[data-qa-documents]").click()
        page.wait_for_selector(".qa-item")
