"""The page: how soon it loads and answers, and whether it holds up when many people ask at once.

In Chromium, the median of twenty: from the address to the first paint, from a question to its first source and to its
answer. Then several people each ask, read for some seconds and ask again: none may get an error, the slowest answer of
twenty may take three seconds, and memory must not grow from the first half to the second.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from playwright.sync_api import Page, Request, sync_playwright

from tests.support.paths import home_with_cache

MAX_PAINT_MS, MAX_SOURCE_MS, MAX_ANSWER_MS = 1_000, 300, 600
MAX_P95_SECONDS = 3.0
MAX_GROWTH_MB = 50
TIMES = 20

TIME_ANSWER = """() => new Promise((done) => {
  const began = performance.now(), times = {};
  const look = () => {
    const turn = document.querySelector("[data-qa-turn]:last-child");
    const now = performance.now() - began;
    if (turn?.querySelector(".qa-sources")) times.source ??= now;
    if (turn?.querySelector(".qa-answer")) done({ ...times, answer: now });
    else requestAnimationFrame(look);
  };
  document.querySelector("#qa-form").requestSubmit();
  look();
})"""


def add_options(options: argparse.ArgumentParser) -> None:
    """Add the part's own options."""
    options.add_argument("--people", type=int, default=20)
    options.add_argument("--seconds", type=float, default=120)
    options.add_argument("--reading", type=float, default=5.0, help="seconds that a person reads, on average")
    options.add_argument("--times", type=int, default=TIMES, help="questions asked in Chromium")
    options.add_argument("--loosely", type=float, default=1.0, help="multiply every time limit by this")


def run(given: argparse.Namespace) -> bool:
    """Return whether the page kept its promises."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "qa", "serve", "--port", "0"]
        environment = {**os.environ, "QA_HOME": str(home_with_cache(Path(place, "home")))}
        root = Path(__file__).parents[2]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=root) as served:
            address = served.stdout.readline().split()[1]
            try:
                passed = [in_chromium(address, given), together(address, served.pid, given)]
            finally:
                served.send_signal(signal.SIGINT)
    return all(passed)


def in_chromium(address: str, given: argparse.Namespace) -> bool:
    """Return whether it loads and answers as soon as promised."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        print("no chromium or google-chrome: how soon the page loads is not measured")
        return True
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        seen = [asked(browser.new_page(), address, question) for question in questions()[: given.times]]
        browser.close()
    middle = [sorted(one[key] for one in seen)[len(seen) // 2] for key in ("painted", "source", "answer")]
    print(f"first paint {middle[0]:.0f} ms, first source {middle[1]:.0f} ms, answer {middle[2]:.0f} ms ", end="")
    print(f"(median of {len(seen)}; limits {MAX_PAINT_MS}, {MAX_SOURCE_MS}, {MAX_ANSWER_MS}); ", end="")
    print(f"{seen[0]['bytes'] / 1e6:.1f} MB transferred")
    bars = (MAX_PAINT_MS, MAX_SOURCE_MS, MAX_ANSWER_MS)
    return all(time <= bar * given.loosely for time, bar in zip(middle, bars, strict=True))


def asked(page: Page, address: str, question: str) -> dict[str, float]:
    """Return the milliseconds to the first paint, first source and answer, and the bytes of the page."""
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))  # playwright cannot mark a built-in function
    page.goto(address)
    page.wait_for_selector("#qa-question")
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    page.wait_for_timeout(500)  # let the last downloads finish
    size = sum(request.sizes()["responseBodySize"] for request in finished)
    page.locator("#qa-question").fill(question)
    seen = page.evaluate(TIME_ANSWER)
    page.close()
    return {"source": seen["answer"]} | seen | {"painted": painted, "bytes": size}


def questions() -> list[str]:
    """Return different questions about the built-in reports, so that none is answered from a cache."""
    lines = (Path(__file__).parents[1] / "data/questions/reports/questions.jsonl").read_text("utf-8").splitlines()
    return [item["question"] for item in map(json.loads, lines) if not item.get("history")]


def together(address: str, pid: int, given: argparse.Namespace) -> bool:
    """Return whether nobody is turned away or waits too long, and the server does not grow."""
    from gradio_client import Client

    end, times, problems, lock = time.monotonic() + given.seconds, [], [], threading.Lock()
    asks = questions()
    clients = [Client(address, verbose=False, analytics_enabled=False) for _ in range(given.people)]

    def person(client: Client, seed: int) -> None:
        rng = random.Random(seed)
        while time.monotonic() < end:
            began = time.perf_counter()
            try:
                answer = client.predict(rng.choice(asks), [], api_name="/ask")
                problem = "" if answer["citations"] or answer["abstained"] else "neither an answer nor a refusal"
            except Exception as error:
                problem = f"{type(error).__name__}: {error}"
            with lock:
                times.append(time.perf_counter() - began)
                problems.extend(filter(None, [problem]))
            time.sleep(rng.uniform(0, 2 * given.reading))

    people = [threading.Thread(target=person, args=(client, n)) for n, client in enumerate(clients)]
    for one in people:
        one.start()
    time.sleep(given.seconds / 2)
    half = resident_mb(pid)
    for one in people:
        one.join()
    grown = resident_mb(pid) - half
    for client in clients:
        client.close()
    slowest = sorted(times)[int(0.95 * len(times))]
    print(f"{given.people} people, {len(times)} questions in {given.seconds:g} s: {len(problems)} problems, ", end="")
    print(
        f"p95 {slowest:.2f} s (limit {MAX_P95_SECONDS:g}), {grown:+.0f} MB in the second half (limit {MAX_GROWTH_MB})"
    )
    print("\n".join(problems[:20]))
    return not problems and slowest <= MAX_P95_SECONDS * given.loosely and grown <= MAX_GROWTH_MB


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1000 for line in status if line.startswith("VmRSS"))
