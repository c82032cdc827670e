"""The list of chats: what each row says and does."""

import pytest

from qa.history.store import MAX_NAME_CHARS, ChatSummary
from qa.web.html import strings
from qa.web.html.chat_list import render_chat_list
from tests.support.html_safety import OURS, PAYLOADS, assert_inert, stripped

PANE = OURS | {"form", "input", "section"}
CHATS = [ChatSummary("a", "Tea", 1, "2022-01-14T10:00:00"), ChatSummary("b", "Geneva", 3, "2022-01-15T10:00:00")]


def test_rows_show_name_day_and_questions():
    shown = " ".join(stripped(render_chat_list(CHATS, "b")).split())
    assert "Tea 2022-01-14 · 1 question" in shown and "Geneva 2022-01-15 · 3 questions" in shown


def test_only_the_open_chat_is_current():
    html = render_chat_list(CHATS, "b")
    assert html.count('aria-current="true"') == 1
    assert html.index('data-qa-chat-id="b"') < html.index("aria-current")


def test_each_chat_is_saved_in_every_format():
    html = render_chat_list(CHATS, "")
    assert [html.count(f'data-qa-save="{suffix}"') for suffix in strings.EXPORT] == [2] * len(strings.EXPORT)
    assert html.count(f'maxlength="{MAX_NAME_CHARS}"') == 2


def test_no_chats_is_said():
    assert strings.NO_CHATS in stripped(render_chat_list([], ""))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_stay_text(payload):
    assert_inert(render_chat_list([ChatSummary(payload, payload, 1, payload)], payload), PANE)
