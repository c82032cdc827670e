"""The list of conversations as HTML; the page's script opens, names, saves and deletes them."""

from collections.abc import Sequence
from html import escape

from qa.history.store import MAX_NAME_CHARS, ChatSummary
from qa.web.html import strings
from qa.web.html.icons import icon
from qa.web.html.viewer import render_pane


def render_chat_list(chats: Sequence[ChatSummary], current: str) -> str:
    """The conversations of one browser beside the chat, `current` marked as the one that is shown."""
    items = "".join(_item(chat, chat.id == current) for chat in chats)
    listed = f'<ul class="qa-list">{items}</ul>' if chats else f'<p class="qa-hint">{escape(strings.NO_CHATS)}</p>'
    return render_pane(strings.CHATS, f'<div class="qa-list-pane"><h2>{escape(strings.CHATS)}</h2>{listed}</div>')


def _item(chat: ChatSummary, current: bool) -> str:
    here = ' aria-current="true"' if current else ""
    details = f"{chat.at[:10]} · {strings.questions(chat.turns)}"
    return (
        f'<li class="qa-chat-item" data-qa-chat-id="{escape(chat.id)}">'
        f'<button type="button" class="qa-item" data-qa-show-chat{here}>'
        f'<span dir="auto">{escape(chat.name)}</span><span class="qa-details">{escape(details)}</span></button>'
        f'<form class="qa-remark" data-qa-rename hidden autocomplete="off"><input type="text" '
        f'value="{escape(chat.name)}" maxlength="{MAX_NAME_CHARS}" aria-label="{escape(strings.NAME)}">'
        f'<button type="submit" class="qa-action">{escape(strings.SAVE)}</button></form>'
        f'<div class="qa-actions">{_button("data-qa-show-rename", strings.RENAME, "pen", chat.name)}'
        f"{''.join(_save(suffix, kind, chat.name) for suffix, kind in strings.EXPORT.items())}"
        f"{_button('data-qa-delete', strings.DELETE, 'trash', chat.name, strings.confirm_chat_deletion(chat.turns))}</div></li>"  # noqa: E501
    )


def _button(action: str, label: str, name: str, of: str, sure: str = "") -> str:
    asks = f' data-qa-confirm="{escape(sure)}"' if sure else ""
    return (
        f'<button type="button" class="qa-action" {action}{asks} aria-label="{escape(strings.action_on(label, of))}">'
        f"{icon(name)}<span>{escape(label)}</span></button>"
    )


def _save(suffix: str, kind: str, name: str) -> str:
    return (
        f'<button type="button" class="qa-action" data-qa-save="{suffix}" '
        f'aria-label="{escape(strings.download_chat(name, kind))}">{icon("download")}<span>{escape(kind)}</span></button>'  # noqa: E501
    )
