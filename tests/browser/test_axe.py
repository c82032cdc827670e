"""axe-core finds no serious or critical violation on any view, neither in light on a wide page nor in dark on a phone.

QA_AXE names the file of axe-core, which .ci/run installs; without it this is skipped, and in CI it fails.
"""

import os
from pathlib import Path

import pytest

from tests.browser.conftest import ask, delete_document, open_first

SEVERAL = "What did Lavrov say about the written response?"
REFUSED = "What is the capital of Peru?"


@pytest.fixture(scope="module")
def address(pages):
    return pages["changing"]


@pytest.fixture(scope="module")
def axe():
    place = os.environ.get("QA_AXE")
    if not place:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("QA_AXE names no file of axe-core")
    return Path(place).read_text("utf-8")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)], ids=["light, wide", "dark, phone"])
def test_no_view_has_serious_violation(address, visit, axe, scheme, width, tmp_path):
    given = tmp_path / f"{scheme}.txt"
    given.write_text("MOSCOW, January 14, 2021. /TASS/. Tea was served.", "utf-8")
    page = visit(address, width=width, height=844, scheme=scheme)
    page.evaluate(axe)

    def assert_accessible(view):
        found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")["violations"]
        wrong = [one for one in found if one["impact"] in ("serious", "critical")]
        assert [(view, one["id"], [node["html"] for node in one["nodes"]]) for one in wrong] == []

    assert_accessible("invitation")
    ask(page, SEVERAL)
    assert_accessible("answer")
    page.locator("[data-qa-rate='-1']").click()
    page.wait_for_selector("[data-qa-remark] input")
    assert_accessible("remark")
    open_first(page)
    assert_accessible("document")
    page.keyboard.press("Escape")
    page.wait_for_selector(".qa-pane", state="hidden")
    ask(page, REFUSED)
    assert_accessible("refusal")
    for name, part in (("[data-qa-documents]", ".qa-item"), ("[data-qa-chats]", ".qa-chat-item")):
        page.locator(name).click()
        page.wait_for_selector(part, state="visible")
        assert_accessible(name)
        if name == "[data-qa-documents]":
            page.locator("[data-qa-use]").first.uncheck()
            page.wait_for_selector("#qa-note:not([hidden])", state="attached")
            page.locator("[data-qa-remove]").first.click()
            page.set_input_files("#qa-uploads input[type=file]", str(given))
            page.wait_for_selector("#qa-messages [data-qa-done]")
            assert_accessible("a file added")
            page.locator("[data-qa-dismiss]").click()
            delete_document(page, given.name)
        page.keyboard.press("Escape")
        page.wait_for_selector(".qa-pane", state="hidden")
