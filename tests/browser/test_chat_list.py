"""Chats in Chromium: they survive a reload, and can be renamed, rated, saved and deleted."""

import json

from tests.browser.conftest import ask

FIRST = "What did Lavrov say about the written response?"
SECOND = "Who shrugged his shoulders?"


def test_chats_survive_reload_are_renamed_saved_deleted(address, visit):
    page = visit(address)
    ask(page, FIRST)
    page.locator("[data-qa-rate='-1']").click()
    page.wait_for_function("document.activeElement.matches('[data-qa-remark] input')")
    page.keyboard.type("He wants it next week")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-qa-remark] .qa-hint")
    page.reload()
    page.wait_for_selector(".qa-quote")
    assert page.locator(".qa-asked").all_inner_texts() == [FIRST]
    assert page.locator("[data-qa-rate='-1']").get_attribute("aria-pressed") == "true"
    assert page.locator("[data-qa-remark] input").input_value() == "He wants it next week"

    page.locator("[data-qa-clear]").click()
    page.wait_for_selector(".qa-welcome")
    ask(page, SECOND)
    page.locator("[data-qa-chats]").click()
    page.wait_for_selector(".qa-chat-item")
    assert sorted(page.locator(".qa-chat-item .qa-item > span:first-child").all_inner_texts()) == [FIRST, SECOND]
    first = page.locator(".qa-chat-item", has_text=FIRST)
    with page.expect_download() as saved:
        first.locator("[data-qa-save='json']").click()
    assert json.loads(saved.value.path().read_text("utf-8"))["turns"][0]["remark"] == "He wants it next week"
    first.locator("[data-qa-show-rename]").click()
    page.keyboard.type("Next week")
    page.keyboard.press("Enter")
    named = page.locator(".qa-chat-item", has_text="Next week")
    named.wait_for()

    delete = page.locator(".qa-chat-item", has_text=SECOND).locator("[data-qa-delete]")
    delete.click()
    assert delete.inner_text() == "Delete 1 question and all ratings permanently?"
    assert page.locator(".qa-chat-item").count() == 2
    delete.click()
    page.wait_for_function("document.querySelectorAll('.qa-chat-item').length === 1")
    page.wait_for_selector(".qa-welcome")
    named.locator("[data-qa-show-chat]").click()
    page.wait_for_selector(".qa-quote")
    assert page.locator(".qa-asked").all_inner_texts() == [FIRST]


def test_browsers_do_not_see_each_other_s_chats(address, visit):
    ask(visit(address), FIRST)
    other = visit(address)  # in another browser context
    assert other.locator(".qa-welcome").is_visible()
    other.locator("[data-qa-chats]").click()
    other.wait_for_selector(".qa-pane")
    assert "No chats yet" in other.locator(".qa-pane").inner_text() and other.locator(".qa-chat-item").count() == 0
