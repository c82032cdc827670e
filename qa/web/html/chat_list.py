"""Render the list of chats; the page's script opens, renames, downloads and deletes them."""

from collections.abc import Sequence

from markupsafe import Markup

from qa.history.store import MAX_NAME_CHARS, ChatSummary
from qa.web.html import strings
from qa.web.html.rendering import render
from qa.web.html.viewer import render_pane


def render_chat_list(chats: Sequence[ChatSummary], current: str) -> Markup:
    """Render one browser's chats in a pane; `current` is the id of the one that is open."""
    return render_pane(strings.CHATS, render("chat_list", chats=chats, current=current, max_name_chars=MAX_NAME_CHARS))
