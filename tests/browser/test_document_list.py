"""The documents in Chromium: added, found, chosen, opened from the time line, deleted; at any width, in both themes."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ask, serving
from tests.browser.measures import CONTRASTS, SIDEWAYS

TEA = "Tea in Oslo\n\nOSLO, March 3. /TASS/. Zebulon Quarrington served tea at four o'clock. He wore a green hat.\n"
FAIR = "Fair in Riga\n\nJan. 9, 2021 (EIRNS)—The fair of Riga opened with a parade of herring sellers. It rained.\n"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def address(home):
    with serving(home) as served:
        yield served


@pytest.fixture
def shelf(address, visit):
    def opened(**size):
        page = visit(address, **size)
        page.locator("[data-qa-documents]").click()
        page.wait_for_selector("[data-qa-document-list]")
        return page

    return opened


def hand_over(page, *files):
    page.set_input_files("#qa-uploads input[type=file]", [str(file) for file in files])
    page.wait_for_selector("#qa-messages [data-qa-done]")


@pytest.fixture
def given(tmp_path):
    def write(name, text):
        (tmp_path / name).write_text(text, "utf-8")
        return tmp_path / name

    return write


def delete(page, title):
    row = page.locator(".qa-document-row").filter(has_text=title).first
    row.wait_for()  # the list is shown anew after files were added
    before = page.locator(".qa-document-row").filter(has_text=title).count()
    row.locator("[data-qa-remove]").click()
    expect(row.locator(".qa-confirming")).to_contain_text("Delete")
    row.locator("[data-qa-remove]").click()
    expect(page.locator("#qa-messages [data-qa-done]")).to_contain_text("found nothing of it")
    expect(page.locator(".qa-document-row").filter(has_text=title)).to_have_count(before - 1)


def test_files_are_added_answer_at_once_and_are_deleted_for_good(shelf, given, home):
    page = shelf()
    hand_over(page, given("tea.txt", TEA), given("broken.pdf", "no PDF"), given("picture.png", "x"))
    told = page.locator("#qa-messages").inner_text()
    assert "tea.txt added, 1 passage" in told and told.count("not added") == 2
    expect(page.locator(".qa-document-row")).to_have_count(6)
    expect(page.locator("[data-qa-documents]")).to_contain_text("6 documents")
    page.locator("[data-qa-dismiss]").click()
    expect(page.locator("#qa-messages")).not_to_be_visible()
    ask(page, "Who served tea at four o'clock?")
    assert page.locator(".qa-short").inner_text() == "Zebulon Quarrington"
    delete(page, "Tea in Oslo")
    expect(page.locator("[data-qa-documents]")).to_contain_text("5 documents")
    assert not any(file.is_file() for file in (home / "uploads").rglob("*"))
    expect(page.locator(".qa-quote")).to_have_count(1)  # of this page; it is gone with the next look
    again = page.context.new_page()
    again.goto(page.url)
    expect(again.locator(".qa-problem")).to_contain_text("was forgotten")


def test_a_corpus_is_begun_on_the_page(tmp_path, visit, given):
    (tmp_path / "empty").mkdir()
    with serving(tmp_path / "home", str(tmp_path / "empty")) as served:
        page = visit(served)
        expect(page.locator(".qa-welcome h2")).to_have_text("There are no documents yet")
        ask(page, "Who served tea at four o'clock?")
        expect(page.locator(".qa-problem")).to_contain_text("add some")
        page.locator("[data-qa-clear]").click()
        hand_over(page, given("tea.txt", TEA))
        expect(page.locator(".qa-welcome h2")).to_have_text("What would you like to know?")
        expect(page.locator("[data-qa-documents]")).to_have_text("1 document · 1 passage")
        page.locator("[data-qa-dismiss]").click()
        page.set_input_files("#qa-uploads input[type=file]", [str(given("fair.txt", FAIR))])
        page.wait_for_selector("#qa-messages li:has-text('fair.txt')")
        assert "tea.txt" not in page.locator("#qa-messages").inner_text()
        expect(page.locator("[data-qa-documents]")).to_contain_text("2 documents")
        ask(page, "Who served tea at four o'clock?")
        assert page.locator(".qa-short").inner_text() == "Zebulon Quarrington"


def test_files_that_are_dropped_are_added(shelf):
    page = shelf()
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
    delete(page, "Tea in Oslo")


def test_a_file_too_large_is_told_of_and_keeps_no_other_out(shelf, given, tmp_path):
    page = shelf()
    (tmp_path / "large.txt").write_bytes(b"word " * 7_000_000)
    hand_over(page, tmp_path / "large.txt", given("tea.txt", TEA))
    told = page.locator("#qa-messages").inner_text()
    assert "large.txt not added: larger than 32 MB" in told and "tea.txt added" in told
    delete(page, "Tea in Oslo")
    page.locator("[data-qa-dismiss]").click()
    hand_over(page, tmp_path / "large.txt")
    expect(page.locator("#qa-messages")).to_contain_text("large.txt not added")
    expect(page.locator(".toast-body")).to_have_count(0)


def test_long_work_has_a_bar_and_can_be_stopped(shelf, tmp_path):
    page = shelf()
    sentences = " ".join(f"The herring of Riga number {n} was sold at noon." for n in range(300))
    for n in range(40):
        (tmp_path / f"{n:02}.txt").write_text(f"Herring {n}\n\n{sentences}", "utf-8")
    page.set_input_files("#qa-uploads input[type=file]", [str(tmp_path / f"{n:02}.txt") for n in range(40)])
    expect(page.locator("#qa-messages progress")).to_be_visible()
    expect(page.locator("#qa-messages")).to_contain_text("of 45")  # the five reports are looked at too
    other = shelf()
    ask(other, "Who shrugged his shoulders?")
    assert other.locator(".qa-quote").count() >= 1, "others are answered meanwhile"
    page.locator("[data-qa-stop]").click()
    expect(page.locator("#qa-messages")).to_contain_text("Stopped.")
    page.wait_for_timeout(5_000)
    page.locator("[data-qa-use-all]").click()
    page.wait_for_timeout(1_000)
    there = page.locator(".qa-document-row").filter(has_text="Herring").count()
    assert there < 40
    for _ in range(there):
        delete(page, "Herring")


def test_only_chosen_documents_answer(shelf):
    page = shelf()
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


def test_documents_are_found_by_word_day_and_publisher(shelf):
    page = shelf()
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


def test_the_time_line_opens_its_documents(shelf, given):
    page = shelf()
    hand_over(page, given("fair.txt", FAIR))
    expect(page.locator(".qa-dot")).to_have_count(2)
    page.locator(".qa-dot").first.click()
    page.wait_for_selector(".qa-text")
    assert "herring sellers" in page.locator(".qa-text").text_content()
    page.locator("[data-qa-documents]").click()
    page.wait_for_selector("[data-qa-document-list]")
    delete(page, "Fair in Riga")


def test_one_s_own_file_is_left_out_and_taken_back(shelf):
    page = shelf()
    delete(page, "Lavrov spoke about the US reaction")
    page.locator("[data-qa-restore]").click()
    expect(page.locator("#qa-messages")).to_contain_text("up to date")
    expect(page.locator(".qa-document-row")).to_have_count(5)


def test_two_people_see_the_same_documents_but_not_each_other_s_files_on_their_way(shelf, given):
    one, other = shelf(), shelf()
    hand_over(one, given("fair.txt", FAIR))
    assert other.locator("#qa-messages").inner_text() == ""
    ask(other, "What opened with a parade of herring sellers?")
    assert "fair" in other.locator(".qa-short").inner_text()
    delete(one, "Fair in Riga")


def test_hostile_names_stay_names(shelf, given):
    page = shelf()
    text = FAIR.replace("Fair in Riga", "<script>alert(1)</script>")
    hand_over(page, given("<img src=x onerror=alert(1)>.txt", text))
    assert page.locator("#qa-messages img, #qa-viewer img, #qa-viewer script").count() == 0
    expect(page.locator(".qa-list")).to_contain_text("<script>alert(1)</script>")
    delete(page, "<script>")


@pytest.mark.parametrize("size", [{}, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_can_be_read_at_every_width_in_both_themes(shelf, scheme, size):
    page = shelf(scheme=scheme, **size)
    assert page.evaluate(SIDEWAYS) == []
    found = page.evaluate(CONTRASTS)
    assert [one for one in found if one[0] < 4.5] == []
    row = page.locator(".qa-document-row").first
    row.locator("[data-qa-remove]").click()
    assert [one for one in page.evaluate(CONTRASTS) if one[0] < 4.5] == []
    assert page.evaluate(SIDEWAYS) == []
