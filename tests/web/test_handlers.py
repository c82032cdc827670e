"""Events of the page: ask, rate, rename, delete, save; and events that another browser may not send."""

from html import unescape

import pytest

from qa import Assistant
from qa.history.store import ChatStore
from qa.web.handlers import Handlers
from qa.web.html import strings
from tests.support.html_safety import PAYLOADS, Tags, assert_inert

ME = {"browser": "a" * 32, "chat": "1" * 32}
OTHER = {"browser": "b" * 32, "chat": "1" * 32}


@pytest.fixture
def kept(tmp_path):
    opened = ChatStore(tmp_path, "c")
    yield opened
    opened.close()


@pytest.fixture
def handlers(files, hashing, kept):
    with Assistant.open(files, encoder=hashing, min_confidence=0) as opened:
        yield Handlers(opened, kept)


def asked(handlers, question="Where does Anna live?", who=ME):
    return list(handlers.ask(who | {"question": question}))[-1]


def test_chat_continues_from_saved_turns(handlers):
    asked(handlers)
    html = asked(handlers, "And Boris?")
    assert html.count("data-qa-turn") == 2 and handlers.show(ME) == html
    assert handlers.show(OTHER) == handlers.empty


def test_empty_question_is_not_saved(handlers, kept):
    asked(handlers)
    asked(handlers, "  ")
    assert len(kept.list_chats(ME["browser"])) == 1 and len(handlers._chats.all_chats()[0]) == 1


def test_abandoned_answer_is_not_saved(handlers, kept):
    waiting = handlers.ask(ME | {"question": "Where does Anna live?"})
    next(waiting)
    waiting.close()
    assert kept.list_chats(ME["browser"]) == []


def test_only_sources_of_own_chat_open(handlers):
    asked(handlers)
    assert "<mark" in handlers.open(ME | {"turn": 0, "marker": 1})
    assert "<mark" not in handlers.open(OTHER | {"turn": 0, "marker": 1})
    assert 'data-qa-document="c1"' in handlers.open(ME | {"documents": True})


def test_rating_stays_pressed_and_asks_for_remark(handlers):
    asked(handlers)
    html = handlers.rate(ME | {"turn": 0, "rating": -1})
    assert 'data-qa-rate="-1" aria-pressed="true"' in html and strings.REMARK_PROMPTS[-1] in unescape(html)
    html = handlers.rate(ME | {"turn": 0, "rating": -1, "remark": 'in "Oslo"'})
    assert ("value", 'in "Oslo"') in Tags(html).attributes and strings.SAVED in html
    assert "data-qa-remark" not in handlers.rate(ME | {"turn": 0, "rating": 0})


@pytest.mark.parametrize("sent", [{}, {"turn": "0", "rating": 1}, {"turn": 9, "rating": 1}, {"turn": 0, "rating": [1]}])
def test_malformed_rating_changes_nothing(handlers, sent):
    before = asked(handlers)
    assert handlers.rate(ME | sent) == before


def test_viewer_carries_number_of_its_request(handlers):
    for place in ({"documents": True}, {"chats": True}, {"turn": 7, "marker": 1}):
        assert 'data-qa-request="3"' in handlers.open(ME | place | {"request": 3})
    assert 'data-qa-request="4"' in handlers.rename(ME | {"target": ME["chat"], "name": "Tea", "request": 4})
    assert 'data-qa-request="&#34;&gt;&lt;b&gt;"' in handlers.open(ME | {"documents": True, "request": '"><b>'})


def test_chats_are_listed_renamed_and_deleted(handlers):
    asked(handlers)
    html = handlers.open(ME | {"chats": True})
    assert 'aria-current="true"' in html and "1 question" in html and "Where does Anna live?" in html
    assert "<b>Tea</b>" in unescape(handlers.rename(ME | {"target": ME["chat"], "name": "<b>Tea</b>"}))
    assert "Tea" not in handlers.delete(OTHER | {"target": ME["chat"]})
    assert "Tea" in handlers.open(ME | {"chats": True})
    assert strings.NO_CHATS in handlers.delete(ME | {"target": ME["chat"]})
    assert handlers.show(ME) == handlers.empty


@pytest.mark.parametrize("suffix", ["md", "json", "csv"])
def test_chat_is_saved_as_file(handlers, suffix):
    asked(handlers)
    found = dict(Tags(handlers.export(ME | {"target": ME["chat"], "format": suffix, "request": 3})).attributes)
    assert found["data-qa-file"] == f"Where does Anna live.{suffix}" and found["data-qa-request"] == "3"
    assert "Anna lives in Oslo." in found["data-qa-text"]


def test_other_formats_and_chats_are_not_saved(handlers):
    asked(handlers)
    assert handlers.export(ME | {"target": ME["chat"], "format": "exe"}) == ""
    assert handlers.export(OTHER | {"target": ME["chat"], "format": "md"}) == ""
    assert handlers.export({"format": "md"}) == ""


@pytest.mark.parametrize("sent", [{}, {"browser": 1, "chat": None}, {"browser": "x" * 32, "chat": "1" * 32}])
def test_malformed_browser_id_is_asked_to_reload(handlers, sent):
    assert "reload the page" in asked(handlers, who=sent)
    assert "reload the page" in handlers.open(sent | {"turn": 0, "marker": 1})
    assert "reload the page" in handlers.open(sent | {"chats": True})
    assert handlers.show(sent) == handlers.empty


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_stay_text_in_lists_and_files(handlers, payload):
    asked(handlers, payload)
    form = {"form", "input", "section", "header"}
    listed = handlers.rename(ME | {"target": ME["chat"], "name": payload})
    rated = handlers.rate(ME | {"turn": 0, "rating": 1, "remark": payload})
    saved = handlers.export(ME | {"target": ME["chat"], "format": "json"})
    for html in (listed, rated, saved):
        assert not {"script", "img", "svg onload", "iframe", "style"} & Tags(html).names
    assert_inert(listed, {"button", "div", "h2", "li", "p", "path", "span", "svg", "ul"} | form)


def test_empty_page_says_so_and_accepts_documents(tmp_path, hashing, kept):
    (tmp_path / "given").mkdir()
    with Assistant.open(tmp_path / "given", encoder=hashing, may_be_empty=True) as opened:
        empty = Handlers(opened, kept)
        assert strings.NO_DOCUMENTS_TITLE in empty.empty and "data-qa-drop" in empty.empty
        assert strings.NO_DOCUMENTS_YET in asked(empty)
        (tmp_path / "anna.txt").write_text(
            "Anna\n\nThe clocks of Anna were mended in Oslo on May 3, 2021. She lives there."
        )
        told = list(empty.add([str(tmp_path / "anna.txt")]))[-1]
        assert "anna.txt" in told and strings.FILE_STATUS["indexed"] in told
        assert strings.NO_DOCUMENTS_TITLE not in empty.empty and "data-qa-ask" in empty.empty
        assert "Oslo" in asked(empty, "Where were the clocks of Anna mended?")
