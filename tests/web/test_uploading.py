"""Files uploaded on the page, without a browser."""

import threading
import time

import pytest

from qa import Assistant
from qa.history.store import ChatStore
from qa.ingest.progress import Progress
from qa.ingest.uploads import uploaded_files
from qa.paths import uploads_folder
from qa.web import uploading
from qa.web.handlers import Handlers
from qa.web.html.notices import render_notice, render_progress, render_results, render_status
from tests.support.encoders import CountingEncoder
from tests.support.html_safety import OURS, PAYLOADS, assert_inert

PAGE = OURS | {"progress"}
ME = {"browser": "a" * 32, "chat": "1" * 32}


class SlowEncoder(CountingEncoder):
    """Embed passages about museums only once it may go on."""

    def __init__(self):
        super().__init__()
        self.go_on = threading.Event()
        self.timed_out = False

    def embed_passages(self, texts):
        if any("museum" in text for text in texts):
            self.timed_out = not self.go_on.wait(20)
        return super().embed_passages(texts)


@pytest.fixture
def encoder():
    return SlowEncoder()


@pytest.fixture
def assistant(files, encoder, home, monkeypatch):
    monkeypatch.setattr(uploading, "PROGRESS_INTERVAL_SECONDS", 0.02)
    with Assistant.open(files, encoder=encoder, min_confidence=0) as opened:
        yield opened
        encoder.go_on.set()


@pytest.fixture
def handlers(assistant, tmp_path):
    kept = ChatStore(tmp_path, "c")
    yield Handlers(assistant, kept)
    kept.close()


@pytest.fixture
def given_files(tmp_path):
    def make(**texts):
        folder = tmp_path / f"given{time.monotonic_ns()}"
        folder.mkdir()
        for name, text in texts.items():
            (folder / name.replace("_", ".")).write_text(text, "utf-8")
        return [str(file) for file in sorted(folder.iterdir())]

    return make


def test_each_file_is_reported_and_indexed_ones_answer(handlers, assistant, given_files, encoder):
    encoder.go_on.set()
    last = list(handlers.add(given_files(tea_txt="Zoe served tea.", broken_jsonl="{", picture_png="x")))[-1]
    assert "tea.txt" in last and "added, 1 passage" in last
    assert "not added: has the unsupported file type .png" in last
    assert last.count("not added") == 2
    assert [file.name for file in uploaded_files(assistant.roots)] == ["uploads/tea.txt"], "the other files are deleted"
    assert assistant.ask("Who served tea?").citations[0].document_id == "uploads/tea.txt"
    assert "4 documents" in handlers.document_list.size


def test_second_upload_is_reported_as_unchanged_or_replaced(handlers, given_files, encoder):
    encoder.go_on.set()
    list(handlers.add(given_files(tea_txt="Zoe served tea.")))
    assert "already here" in list(handlers.add(given_files(tea_txt="Zoe served tea.")))[-1]
    assert "replaced the earlier version" in list(handlers.add(given_files(tea_txt="Zoe served coffee.")))[-1]


def test_questions_are_answered_while_files_are_indexed(handlers, assistant, given_files, encoder):
    coming = handlers.add(given_files(slow_txt="The museum is old. It has a clock."))
    next(coming)
    assert assistant.ask("Where does Anna live?").citations[0].document_id == "anna.txt"
    encoder.go_on.set()
    assert "added" in list(coming)[-1]
    assert not encoder.timed_out, "the question did not wait for the upload, which went on only after it"


def test_progress_is_reported(handlers, given_files, encoder):
    coming = handlers.add(given_files(slow_txt="The museum is old."))
    said = [next(coming)]
    while "Reading slow.txt" not in said[-1]:
        said.append(next(coming))
    assert "data-qa-stop" in said[-1] and "<progress" in said[-1]
    encoder.go_on.set()
    list(coming)


def test_stopped_upload_keeps_only_indexed_files(handlers, assistant, given_files, encoder):
    coming = handlers.add(given_files(a_txt="Zoe served tea.", museum_txt="The museum is old.", z_txt="Zed left."))
    while "museum.txt" not in next(coming):
        pass
    threading.Timer(0.3, encoder.go_on.set).start()
    coming.close()  # Gradio closes a handler when it is cancelled, and when its page is closed
    there = {document.id for document in assistant.corpus.documents()}
    assert "uploads/a.txt" in there and "uploads/z.txt" not in there
    assert {file.name for file in uploaded_files(assistant.roots)} == {id for id in there if id.startswith("uploads/")}
    assert not assistant.corpus.unfinished


def test_files_beyond_the_limit_are_reported(handlers, given_files, encoder, monkeypatch):
    encoder.go_on.set()
    monkeypatch.setattr(uploading, "MAX_FILES", 2)
    last = list(handlers.add(given_files(a_txt="A.", b_txt="B.", c_txt="C.")))[-1]
    assert last.count("added, 1 passage") == 2 and "more than 2 files at once" in last


def test_five_hundred_files_are_indexed(handlers, assistant, given_files, encoder):
    encoder.go_on.set()
    list(handlers.add(given_files(**{f"n{n}_txt": f"Person {n} lives in town {n}." for n in range(500)})))
    assert len(handlers.document_list.documents) == 503


def test_unwritable_folder_is_reported(handlers, assistant, given_files, monkeypatch):
    uploads_folder(assistant.roots).parent.mkdir(parents=True, exist_ok=True)
    uploads_folder(assistant.roots).write_text("not a folder")
    assert "not added" in list(handlers.add(given_files(tea_txt="Zoe served tea.")))[-1]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_names_and_reasons_stay_text(payload):
    progress = Progress(payload, 0, 2, 5, 10, 3, 1.5)
    for html in (
        render_progress(progress),
        render_progress(None),
        render_results({payload: payload}),
        render_status(payload),
        render_notice(payload),
    ):
        assert_inert(html, PAGE)
