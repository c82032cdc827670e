"""Messages about uploads and deletions."""

import pytest

from qa.history.erasure import Receipt
from qa.ingest.progress import Progress
from qa.web.html import strings
from qa.web.html.notices import render_deletion, render_download, render_progress, render_response, render_results
from tests.support.html_safety import OURS, PAYLOADS, assert_inert, stripped

ALLOWED = OURS | {"progress", "template", "pre"}


def receipt(name: str, found: tuple[str, ...] = ()) -> Receipt:
    return Receipt(name, 1, 2, 3, ("corpus.sqlite",), 100, 5, found)


def progress(file: str = "uploads/tea.txt", done: int = 25, size: int = 100) -> Progress:
    return Progress(file, 0, 2, done, size, 10, 2.0)


def test_progress_shows_file_share_and_speed():
    html = render_progress(progress())
    assert "0.250" in html
    shown = stripped(html)
    assert strings.reading_file("tea.txt", 1, 2) in shown and "10 passages · 5 per second" in shown


def test_progress_before_the_first_file_says_so():
    assert strings.PREPARING in stripped(render_progress(None))
    assert "0.000" in render_progress(progress(done=0, size=0))


def test_results_name_each_file_with_its_outcome():
    shown = " ".join(stripped(render_results({"tea.txt": "added", "x.key": "not added"})).split())
    assert "tea.txt added" in shown and "x.key not added" in shown
    assert strings.UP_TO_DATE in stripped(render_results({}))


@pytest.mark.parametrize(("name", "undo"), [("tea.txt", True), ("uploads/tea.txt", False)])
def test_only_own_files_can_be_restored(name, undo):
    html = render_deletion(receipt(name))
    assert ("data-qa-restore" in html) is undo
    assert "Deleted tea.txt: 2 passages" in stripped(html)


def test_deletion_says_whether_anything_is_left():
    clean, dirty = (stripped(render_deletion(receipt("a", found))) for found in ((), ("corpus.sqlite",)))
    assert "found nothing left" in clean and "still stored" in dirty


def test_response_carries_its_request():
    html = render_response(render_results({"a": "b"}), "7")
    assert "7" in html and "<li>" in html


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_stay_text(payload):
    parts = (
        render_results({payload: payload}),
        render_progress(progress(payload)),
        render_deletion(receipt(payload)),
        render_download(payload, "text/plain", payload, payload),
    )
    for html in parts:
        assert_inert(html, ALLOWED)
