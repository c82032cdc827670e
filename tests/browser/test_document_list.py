"""The document list in Chromium: add, find, filter, open and delete documents; at any width, in both themes."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ask, delete_document
from tests.browser.measures import CONTRASTS, SIDEWAYS

TEA = "Tea in Oslo\n\nOSLO, March 3. /TASS/. Zebulon Quarrington served tea at four o'clock. He wore a green hat.\n"
FAIR = "Fair in Riga\n\nJan. 9, 2021 (EIRNS)—The fair of Riga opened with a parade of herring sellers. It rained.\n"
COFFEE = "Coffee in Bergen\n\nBERGEN, May 4. /TASS/. Yolanda Featherstone served coffee at nine o'clock.\n"
MARKET = "Market in Lund\n\nJan. 8, 2021 (EIRNS)—The market of Lund began with a speech by a cheese seller.\n"
"""For a corpus beside the one that other tests delete from: a deletion is checked in all that a process keeps."""
PHONE = {"width": 390, "height": 844}
FILES = 40


@pytest.fixture(scope="module")
def address(pages):
    return pages["changing"]


@pytest.fixture
def open_list(address, visit):
    def open_page(**size):
        page = visit(address, **size)
        page.locator("[data-qa-documents]").click()
        page.wait_for_selector("[data-qa-document-list]")
        return page

    return open_page


@pytest.fixture
def uploads(pages_home):
    """List the files that the server keeps of those that were uploaded to `changing`."""
    return lambda: list(pages_home.glob("uploads/reports-*/*"))


def upload(page, *files):
    page.set_input_files("#qa-uploads input[type=file]", [str(file) for file in files])
    page.wait_for_selector("#qa-messages [data-qa-done]")


@pytest.fixture
def write(tmp_path):
    def write_file(name, text):
        (tmp_path / name).write_text(text, "utf-8")
        return tmp_path / name

    return write_file


def test_added_files_answer_and_are_deleted_for_good(open_list, write, uploads):
    page = open_list()
    upload(page, write("tea.txt", TEA), write("broken.pdf", "no PDF"), write("picture.png", "x"))
    told = page.locator("#qa-messages").inner_text()
    assert "tea.txt added, 1 passage" in told and told.count("not added") == 2
    expect(page.locator(".qa-document-row")).to_have_count(6)
    expect(page.locator("[data-qa-documents]")).to_contain_text("6 documents")
    page.locator("[data-qa-dismiss]").click()
    expect(page.locator("#qa-messages")).not_to_be_visible()
    ask(page, "Who served tea at four o'clock?")
    assert page.locator(".qa-short").inner_text() == "Zebulon Quarrington"
    delete_document(page, "Tea in Oslo")
    expect(page.locator("[data-qa-documents]")).to_contain_text("5 documents")
    assert uploads() == []
    expect(page.locator(".qa-quote")).to_have_count(1)  # the open page keeps it until its next load
    again = page.context.new_page()
    again.goto(page.url)
    expect(again.locator(".qa-problem")).to_contain_text("was forgotten")


def test_empty_corpus_is_filled_on_the_page(pages, visit, write):
    page = visit(pages["empty"])
    expect(page.locator(".qa-welcome h2")).to_have_text("There are no documents yet")
    ask(page, "Who served coffee at nine o'clock?")
    expect(page.locator(".qa-problem")).to_contain_text("Add some first")
    page.locator("[data-qa-clear]").click()
    upload(page, write("coffee.txt", COFFEE))
    expect(page.locator(".qa-welcome h2")).to_have_text("What would you like to know?")
    expect(page.locator("[data-qa-documents]")).to_have_text("1 document · 1 passage")
    page.locator("[data-qa-dismiss]").click()
    page.set_input_files("#qa-uploads input[type=file]", [str(write("market.txt", MARKET))])
    page.wait_for_selector("#qa-messages li:has-text('market.txt')")
    assert "coffee.txt" not in page.locator("#qa-messages").inner_text()
    expect(page.locator("[data-qa-documents]")).to_contain_text("2 documents")
    ask(page, "Who served coffee at nine o'clock?")
    assert page.locator(".qa-short").inner_text() == "Yolanda Featherstone"


def test_dropped_files_are_added(open_list):
    page = open_list()
    handle = page.evaluate_handle(
        """text => { const all = new DataTransfer();
        all.items.add(new File([text], 'dropped.txt', {type: 'text/plain'})); return all; }""",
        TEA,
    )
    page.dispatch_event("[data-qa-drop]", "dragover", {"dataTransfer": handle})
    expect(page.locator(".qa-drop.qa-dragover")).to_have_count(1)
    page.dispatch_event("[data-qa-drop]", "drop", {"dataTransfer": handle})
    page.wait_for_selector("#qa-messages [data-qa-done]")
    assert "dropped.txt added" in page.locator("#qa-messages").inner_text()
    expect(page.locator(".qa-document-row")).to_have_count(6)
    delete_document(page, "Tea in Oslo")


def test_too_large_file_is_reported_others_are_added(open_list, write, tmp_path):
    page = open_list()
    (tmp_path / "large.txt").write_bytes(b"word " * 7_000_000)
    upload(page, tmp_path / "large.txt", write("tea.txt", TEA))
    told = page.locator("#qa-messages").inner_text()
    assert "large.txt not added: larger than 32 MB" in told and "tea.txt added" in told
    delete_document(page, "Tea in Oslo")
    page.locator("[data-qa-dismiss]").click()
    upload(page, tmp_path / "large.txt")
    expect(page.locator("#qa-messages")).to_contain_text("large.txt not added")
    expect(page.locator(".toast-body")).to_have_count(0)


def test_long_upload_shows_progress_and_can_be_stopped(open_list, write, uploads):
    page = open_list()
    sentences = " ".join(f"The herring of Riga number {n} was sold at noon." for n in range(600))
    files = [str(write(f"{n:02}.txt", f"Herring {n}\n\n{sentences}")) for n in range(FILES)]
    page.set_input_files("#qa-uploads input[type=file]", files)
    expect(page.locator("#qa-messages progress")).to_be_visible()
    expect(page.locator("#qa-messages")).to_contain_text(f"of {FILES + 5}")  # the five reports are checked too
    other = open_list()
    ask(other, "Who shrugged his shoulders?")
    assert other.locator(".qa-quote").count() >= 1, "others are answered meanwhile"
    page.locator("[data-qa-stop]").click()
    expect(page.locator("#qa-messages")).to_contain_text("Stopped.")
    indexed = FILES
    for _ in range(FILES):  # the file that is being indexed may still be finished, and deleting takes its time
        before, indexed = indexed, len(uploads())
        if before == indexed < FILES:
            break
        page.wait_for_timeout(500)
    assert indexed < FILES, "files that were not indexed are deleted"
    page.locator("[data-qa-use-all]").click()
    expect(page.locator(".qa-document-row").filter(has_text="Herring")).to_have_count(indexed)
    for _ in range(indexed):
        delete_document(page, "Herring")


def test_only_selected_documents_answer(open_list):
    page = open_list()
    ask(page, "Who shrugged his shoulders?")
    assert page.locator(".qa-quote").count() >= 1
    row = page.locator(".qa-document-row").filter(has_text="No Positive")
    row.locator("input").focus()
    page.keyboard.press("Space")
    expect(page.locator("#qa-note")).to_have_text("Answers come from 4 of 5 documents")
    assert page.evaluate("document.activeElement.matches('[data-qa-use]')"), "the focus stays where it was"
    ask(page, "Who only shrugged his shoulders?")
    assert "of 4 documents for" in page.locator(".qa-refusal").last.inner_text()
    page.locator("[data-qa-use-all]").click()
    expect(page.locator("#qa-note")).to_be_hidden()
    ask(page, "Who then shrugged his shoulders?")
    assert page.locator(".qa-turn").last.locator(".qa-quote").count() >= 1


def test_documents_are_found_by_word_day_and_publisher(open_list):
    page = open_list()
    page.locator("#qa-find").press_sequentially("no positive", delay=20)
    expect(page.locator(".qa-document-row")).to_have_count(1)
    expect(page.locator("#qa-find")).to_be_focused()
    assert page.locator("#qa-find").input_value() == "no positive"
    page.locator("#qa-find").fill("zebra")
    expect(page.locator(".qa-hint").filter(has_text="No document matches")).to_be_visible()
    page.locator("#qa-find").fill("")
    expect(page.locator(".qa-document-row")).to_have_count(5)
    page.locator("#qa-publisher").select_option("TASS")
    expect(page.locator("#qa-note")).to_have_text("Answers come from 1 of 5 documents")
    page.locator("#qa-publisher").select_option("")
    page.locator("#qa-since").fill("2022-01-20")
    expect(page.locator(".qa-document-row")).to_have_count(1)
    expect(page.locator("#qa-filter-status")).to_have_text("Answers come from 1 of 5 documents")


def test_timeline_opens_its_documents(open_list, write):
    page = open_list()
    upload(page, write("fair.txt", FAIR))
    expect(page.locator(".qa-dot")).to_have_count(2)
    page.locator(".qa-dot").first.click()
    page.wait_for_selector(".qa-text")
    assert "herring sellers" in page.locator(".qa-text").text_content()
    page.locator("[data-qa-documents]").click()
    page.wait_for_selector("[data-qa-document-list]")
    delete_document(page, "Fair in Riga")


def test_own_file_is_removed_and_restored(open_list):
    page = open_list()
    delete_document(page, "Lavrov spoke about the US reaction")
    page.locator("[data-qa-restore]").click()
    expect(page.locator("#qa-messages")).to_contain_text("up to date")
    expect(page.locator(".qa-document-row")).to_have_count(5)


def test_uploads_are_shared_their_messages_are_not(open_list, write):
    one, other = open_list(), open_list()
    upload(one, write("fair.txt", FAIR))
    assert other.locator("#qa-messages").inner_text() == ""
    ask(other, "What opened with a parade of herring sellers?")
    assert "fair" in other.locator(".qa-short").inner_text()
    delete_document(one, "Fair in Riga")


def test_hostile_names_stay_text(open_list, write):
    page = open_list()
    text = FAIR.replace("Fair in Riga", "<script>alert(1)</script>")
    upload(page, write("<img src=x onerror=alert(1)>.txt", text))
    assert page.locator("#qa-messages img, #qa-viewer img, #qa-viewer script").count() == 0
    expect(page.locator(".qa-list")).to_contain_text("<script>alert(1)</script>")
    delete_document(page, "<script>")


@pytest.mark.parametrize("size", [{}, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_list_is_readable_at_every_width_and_theme(open_list, scheme, size):
    page = open_list(scheme=scheme, **size)
    assert page.evaluate(SIDEWAYS) == []
    found = page.evaluate(CONTRASTS)
    assert [one for one in found if one[0] < 4.5] == []
    row = page.locator(".qa-document-row").first
    row.locator("[data-qa-remove]").click()
    assert [one for one in page.evaluate(CONTRASTS) if one[0] < 4.5] == []
    assert page.evaluate(SIDEWAYS) == []
