"""What the page's script sends, done: conversations that go on, ratings, names, files; and what others may not send."""

from html import unescape

import pytest

from qa import Assistant
from qa.history.store import Conversations
from qa.web.handlers import Desk
from qa.web.html import strings as say
from tests.support.html_safety import PAYLOADS, Tags, assert_inert

ME = {"browser": "a" * 32, "talk": "1" * 32}
OTHER = {"browser": "b" * 32, "talk": "1" * 32}


@pytest.fixture
def kept(tmp_path):
    opened = Conversations(tmp_path, "c")
    yield opened
    opened.close()


@pytest.fixture
def desk(files, hashing, kept):
    with Assistant.open(files, encoder=hashing, min_confidence=0) as opened:
        yield Desk(opened, kept)


def asked(desk, question="Where does Anna live?", who=ME):
    return list(desk.ask(who | {"question": question}))[-1]


def test_a_conversation_goes_on_from_what_was_kept(desk):
    asked(desk)
    html = asked(desk, "And Boris?")
    assert html.count("data-qa-turn") == 2 and desk.show(ME) == html
    assert desk.show(OTHER) == desk.empty


def test_nothing_is_kept_of_an_empty_question(desk, kept):
    asked(desk)
    asked(desk, "  ")
    assert len(kept.listed(ME["browser"])) == 1 and len(desk._kept.all()[0]) == 1


def test_an_answer_that_nobody_waited_for_is_not_half_kept(desk, kept):
    waiting = desk.ask(ME | {"question": "Where does Anna live?"})
    next(waiting)
    waiting.close()
    assert kept.listed(ME["browser"]) == []


def test_only_one_s_own_places_open(desk):
    asked(desk)
    assert "<mark" in desk.open(ME | {"turn": 0, "marker": 1})
    assert "<mark" not in desk.open(OTHER | {"turn": 0, "marker": 1})
    assert 'data-qa-document="c1"' in desk.open(ME | {"contents": True})


def test_a_rating_stays_pressed_and_asks_for_a_remark(desk):
    asked(desk)
    html = desk.rate(ME | {"turn": 0, "rating": -1})
    assert 'data-qa-rate="-1" aria-pressed="true"' in html and say.REMARK[-1] in unescape(html)
    html = desk.rate(ME | {"turn": 0, "rating": -1, "remark": 'in "Oslo"'})
    assert ("value", 'in "Oslo"') in Tags(html).attributes and say.KEPT in html
    assert "data-qa-remark" not in desk.rate(ME | {"turn": 0, "rating": 0})


@pytest.mark.parametrize("sent", [{}, {"turn": "0", "rating": 1}, {"turn": 9, "rating": 1}, {"turn": 0, "rating": [1]}])
def test_any_other_rating_changes_nothing(desk, sent):
    before = asked(desk)
    assert desk.rate(ME | sent) == before


def test_what_the_reader_gets_carries_the_number_it_was_asked_for_under(desk):
    for place in ({"contents": True}, {"talks": True}, {"turn": 7, "marker": 1}):
        assert 'data-qa-number="3"' in desk.open(ME | place | {"number": 3})
    assert 'data-qa-number="4"' in desk.rename(ME | {"other": ME["talk"], "name": "Tea", "number": 4})
    assert 'data-qa-number="&quot;&gt;&lt;b&gt;"' in desk.open(ME | {"contents": True, "number": '"><b>'})


def test_conversations_are_listed_named_and_deleted(desk):
    asked(desk)
    html = desk.open(ME | {"talks": True})
    assert 'aria-current="true"' in html and "1 question" in html and "Where does Anna live?" in html
    assert "<b>Tea</b>" in unescape(desk.rename(ME | {"other": ME["talk"], "name": "<b>Tea</b>"}))
    assert "Tea" not in desk.delete(OTHER | {"other": ME["talk"]})
    assert "Tea" in desk.open(ME | {"talks": True})
    assert say.NO_CHATS in desk.delete(ME | {"other": ME["talk"]})
    assert desk.show(ME) == desk.empty


@pytest.mark.parametrize("suffix", ["md", "json", "csv"])
def test_a_conversation_is_saved_as_a_file(desk, suffix):
    asked(desk)
    found = dict(Tags(desk.export(ME | {"other": ME["talk"], "format": suffix, "number": 3})).attributes)
    assert found["data-qa-file"] == f"Where does Anna live.{suffix}" and found["data-qa-number"] == "3"
    assert "Anna lives in Oslo." in found["data-qa-text"]


def test_no_other_file_is_written(desk):
    asked(desk)
    assert desk.export(ME | {"other": ME["talk"], "format": "exe"}) == ""
    assert desk.export(OTHER | {"other": ME["talk"], "format": "md"}) == ""
    assert desk.export({"format": "md"}) == ""


@pytest.mark.parametrize("sent", [{}, {"browser": 1, "talk": None}, {"browser": "x" * 32, "talk": "1" * 32}])
def test_whoever_has_no_name_is_asked_to_reload(desk, sent):
    assert "reload the page" in asked(desk, who=sent)
    assert "reload the page" in desk.open(sent | {"turn": 0, "marker": 1})
    assert "reload the page" in desk.open(sent | {"talks": True})
    assert desk.show(sent) == desk.empty


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_stay_text_in_lists_and_files(desk, payload):
    asked(desk, payload)
    form = {"form", "input", "section", "header"}
    listed = desk.rename(ME | {"other": ME["talk"], "name": payload})
    rated = desk.rate(ME | {"turn": 0, "rating": 1, "remark": payload})
    saved = desk.export(ME | {"other": ME["talk"], "format": "json"})
    for html in (listed, rated, saved):
        assert not {"script", "img", "svg onload", "iframe", "style"} & Tags(html).names
    assert_inert(listed, {"button", "div", "h2", "li", "p", "path", "span", "svg", "ul"} | form)


def test_a_page_without_documents_says_so_and_takes_some(tmp_path, hashing, kept):
    (tmp_path / "given").mkdir()
    with Assistant.open(tmp_path / "given", encoder=hashing, may_be_empty=True) as opened:
        empty = Desk(opened, kept)
        assert say.EMPTY in empty.empty and "data-qa-drop" in empty.empty
        assert say.NO_DOCUMENTS in asked(empty)
        (tmp_path / "anna.txt").write_text(
            "Anna\n\nThe clocks of Anna were mended in Oslo on May 3, 2021. She lives there."
        )
        told = list(empty.add([str(tmp_path / "anna.txt")]))[-1]
        assert "anna.txt" in told and say.BECAME["indexed"] in told
        assert say.EMPTY not in empty.empty and "data-qa-ask" in empty.empty
        assert "Oslo" in asked(empty, "Where were the clocks of Anna mended?")
