"""Chromium, and the pages that it visits. Without Chromium these tests are skipped; in CI they fail."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from tests.browser.hostile import write_hostile_corpus
from tests.support.paths import ROOT, SEEDS, home_with_cache

TIMEOUT_MS = 60_000
"""How long anything on the page may take, on a machine that is busy with other tests."""

expect.set_options(timeout=TIMEOUT_MS)


@contextmanager
def process_printing(home: Path, *arguments: str) -> Iterator[str]:
    """Run a Python process of its own home; yield the first line that it prints. It must end well on Ctrl-C."""
    with subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"QA_HOME": str(home_with_cache(home))},
        cwd=ROOT,
    ) as served:
        try:
            line = served.stdout.readline()
            assert line, served.stderr.read()
            yield line
        finally:
            served.send_signal(signal.SIGINT)
            out, err = served.communicate(timeout=60)
    assert (served.returncode, out.strip(), err) == (0, "", "")


# All fixtures that tests of this folder share are package-scoped, not session-scoped: while Playwright runs, its event
# loop keeps `asyncio.run` from the tests of other folders.
@pytest.fixture(scope="package")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of the built-in corpus as `qa serve` serves it; no test changes its documents."""
    with process_printing(tmp_path_factory.mktemp("home"), "-m", "qa", "serve", "--port", "0") as line:
        found = re.fullmatch(r"Open (http://127\.0\.0\.1:\d+/) in a browser; Ctrl-C ends\.\n", line)
        assert found, line
        yield found[1]


@pytest.fixture(scope="package")
def pages_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of the process that serves `pages`."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="package")
def pages(tmp_path_factory: pytest.TempPathFactory, pages_home: Path) -> Iterator[dict[str, str]]:
    """The addresses of pages of other corpora, all served by one process.

    `extractive`: the built-in corpus, answered in whole sentences, three for one question, whichever reader was
    trained. `changing`: a copy of the built-in reports; a test that adds a document deletes it. `empty`: no documents.
    `hostile`: documents written to do harm.
    """
    folder = tmp_path_factory.mktemp("corpora")
    shutil.copytree(SEEDS, folder / "reports")
    (folder / "empty").mkdir()
    corpora = {
        "extractive": {"answerer": "extractive"},
        "changing": {"corpus": str(folder / "reports")},
        "empty": {"corpus": str(folder / "empty")},
        "hostile": {"corpus": str(write_hostile_corpus(folder)), "encoder": "hashing"},
    }
    with process_printing(pages_home, "-m", "tests.browser.serve_pages", json.dumps(corpora)) as line:
        yield json.loads(line)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium; each visit has a browser context of its own."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("there is no chromium or google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address in a browser context of its own.

    Check of every page that it requested nothing from another host, had no error and showed no dialog.
    """
    wrong: list[str] = []
    contexts = []

    def open_page(address: str, width: int = 1280, height: int = 800, scheme: str = "light") -> Page:
        def asked(request: Request) -> None:
            if not request.url.startswith((address, "data:", "blob:")):
                wrong.append(f"asked {request.url}")

        # No animation, so that nothing moves while it is measured.
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        page.on("request", asked)
        page.on("websocket", lambda socket: wrong.append(f"opened {socket.url}"))
        page.on("pageerror", lambda error: wrong.append(f"error {error}"))
        page.on("console", lambda said: wrong.append(f"console {said.text}") if said.type == "error" else None)
        page.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.goto(address)
        page.wait_for_selector("#qa-question")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def ask(page: Page, question: str) -> None:
    """Ask by keyboard and wait for the answer."""
    before = page.locator(".qa-turn").count()
    page.locator("#qa-question").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.querySelectorAll('.qa-turn').length > before"
        " && !document.querySelector('[data-qa-waiting]')",
        arg=before,
    )


def open_first(page: Page) -> None:
    """Click the first source of the latest answer and wait for its document."""
    page.locator(".qa-turn").last.locator("[data-qa-open='1'], [data-qa-near='1']").first.click()
    page.wait_for_selector("#qa-current-mark", state="visible")


def delete_document(page: Page, title: str) -> None:
    """Delete the first document in the open list whose row contains `title`, and wait until it is gone."""
    rows = page.locator(".qa-document-row").filter(has_text=title)
    rows.first.wait_for()  # the list is refreshed after files were added
    before = rows.count()
    rows.first.locator("[data-qa-remove]").click()
    expect(rows.first.locator(".qa-confirming")).to_contain_text("Delete")
    rows.first.locator("[data-qa-remove]").click()
    expect(page.locator("#qa-messages [data-qa-done]")).to_contain_text("found nothing left")
    expect(rows).to_have_count(before - 1)
