"""Chromium, and the page as `qa serve` serves it. Without Chromium these tests are skipped; in CI they fail."""

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
from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.support.paths import ROOT, home_with_cache

WAIT = 30_000
"""Milliseconds that anything on the page may take."""


@contextmanager
def serving(home: Path, *arguments: str) -> Iterator[str]:
    """The address of a `qa serve` process, which prints that one line and ends well on Ctrl-C."""
    home_with_cache(home)
    command = [sys.executable, "-m", "qa", "serve", "--port", "0", *arguments]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"QA_HOME": str(home)},
        cwd=ROOT,
    ) as served:
        line = served.stdout.readline()
        address = re.fullmatch(r"Open (http://127\.0\.0\.1:\d+/) in a browser; Ctrl-C ends\.\n", line)
        try:
            assert address, line + served.stderr.read()
            yield address[1]
        finally:
            served.send_signal(signal.SIGINT)
            out, err = served.communicate(timeout=60)
    assert (served.returncode, out.strip(), err) == (0, "", "")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over the seeds, with the default encoder and a home of its own."""
    with serving(tmp_path_factory.mktemp("home")) as served:
        yield served


# For one module and no longer: while it runs, its event loop keeps asyncio.run from other tests.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("there is no chromium or google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens an address in a window of its own.

    Of every page it is checked that it asked nothing of another host, had no error and showed no dialog.
    """
    wrong: list[str] = []
    contexts = []

    def open_page(address: str, width: int = 1280, height: int = 800, scheme: str = "light") -> Page:
        def asked(request: Request) -> None:
            if not request.url.startswith((address, "data:", "blob:")):
                wrong.append(f"asked {request.url}")

        # No animation, so that what is measured stands still.
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
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
