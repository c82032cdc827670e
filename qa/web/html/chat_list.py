"""The list of conversations as HTML; the page's script opens, names, saves and deletes them."""

from collections.abc import Sequence
from html import escape

from qa.history.store import NAME_AT_MOST, Talk
from qa.web.html import strings as say
from qa.web.html.icons import icon
from qa.web.html.page import pane


def talks_as_html(talks: Sequence[Talk], current: str) -> str:
    """The conversations of one browser beside the chat, `current` marked as the one that is shown."""
    items = "".join(_item(talk, talk.id == current) for talk in talks)
    listed = f'<ul class="qa-list">{items}</ul>' if talks else f'<p class="qa-hint">{escape(say.NO_CHATS)}</p>'
    return pane(say.CHATS, f'<div class="qa-contents"><h2>{escape(say.CHATS)}</h2>{listed}</div>')


def _item(talk: Talk, current: bool) -> str:
    here = ' aria-current="true"' if current else ""
    details = f"{talk.at[:10]} · {say.questions(talk.turns)}"
    return (
        f'<li class="qa-talk" data-qa-of="{escape(talk.id)}"><button type="button" class="qa-item" data-qa-talk{here}>'
        f'<span dir="auto">{escape(talk.name)}</span><span class="qa-details">{escape(details)}</span></button>'
        f'<form class="qa-remark" data-qa-rename hidden autocomplete="off"><input type="text" '
        f'value="{escape(talk.name)}" maxlength="{NAME_AT_MOST}" aria-label="{escape(say.NAME)}">'
        f'<button type="submit" class="qa-act">{escape(say.SAVE)}</button></form>'
        f'<div class="qa-actions">{_button("data-qa-renaming", say.RENAME, "pen", talk.name)}'
        f"{''.join(_save(suffix, kind, talk.name) for suffix, kind in say.EXPORT.items())}"
        f"{_button('data-qa-delete', say.DELETE, 'trash', talk.name, say.deleting(talk.turns))}</div></li>"
    )


def _button(action: str, label: str, name: str, of: str, sure: str = "") -> str:
    asks = f' data-qa-sure="{escape(sure)}"' if sure else ""
    return (
        f'<button type="button" class="qa-act" {action}{asks} aria-label="{escape(say.of(label, of))}">'
        f"{icon(name)}<span>{escape(label)}</span></button>"
    )


def _save(suffix: str, kind: str, name: str) -> str:
    return (
        f'<button type="button" class="qa-act" data-qa-save="{suffix}" '
        f'aria-label="{escape(say.exporting(name, kind))}">{icon("download")}<span>{escape(kind)}</span></button>'
    )
