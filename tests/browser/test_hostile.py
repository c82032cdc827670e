"""Documents written to do harm are shown as they are written: no script runs, no element appears, nothing is asked."""

import json

import pytest

from tests.browser.conftest import ask, serving
from tests.browser.measures import SIDEWAYS

IMAGE = '<img src="http://evil.example/x.png" onerror="alert(1)">'
SCRIPT = "<script>alert(2);document.title='hacked'</script>"
LINKS = '[click](javascript:alert(3)) <a href="javascript:alert(4)">go</a>'
NAME = "<img src=x onerror=alert(5)>.txt"
TITLE = '</h2><b onmouseover="alert(6)">Zebra</b>'
SENTENCE = f"The zebra {IMAGE} was painted {SCRIPT} by {LINKS} in Oslo."
OTHER = f"An okapi {IMAGE} sang in Riga."
LONG = "z" * 600


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile") / "<b>corpus<"
    folder.mkdir()
    (folder / NAME).write_text(
        f"{TITLE}\n\n{SENTENCE}\n\n![i](http://evil.example/i.png) {LONG} </mark></div></article> slept.", "utf-8"
    )
    record = {"id": '"><svg onload=alert(7)>', "title": SCRIPT, "text": OTHER}
    (folder / "more.jsonl").write_text(json.dumps(record | {"url": "javascript:alert(8)"}), "utf-8")
    with serving(tmp_path_factory.mktemp("home"), str(folder), "--encoder", "hashing") as address:
        yield address


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
def test_a_hostile_document_is_text(hostile, visit, size):
    page = visit(hostile, **size)
    assert page.locator("h1").inner_text() == "<b>corpus<"
    for words in (SENTENCE, OTHER):
        ask(page, words)  # in its own words, so that it is answered
        turn = page.locator(".qa-turn").last
        assert words in turn.locator(".qa-quote").first.text_content()
        assert turn.locator(".qa-asked").text_content() == words
        turn.locator(".qa-marker").first.focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")  # by key, so that the source is shown
        page.wait_for_function(
            "words => document.querySelector('#qa-quote-card:not([hidden])')?.textContent.includes(words)", arg=words
        )
        assert_inert(page)
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
