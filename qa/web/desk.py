"""What the page's script sends, done: each method takes what came from outside and returns the HTML of one part."""

from collections.abc import Iterator, Mapping
from functools import partial
from html import escape
from typing import Any

from qa.assistant import Assistant
from qa.conversations import Conversations, Whose
from qa.exports import FORMATS
from qa.web import chat
from qa.web import strings as say
from qa.web.examples import examples
from qa.web.talks import talks_as_html
from qa.web.views import notice_as_html, thread_as_html

Sent = Mapping[str, Any]
"""Any shape is possible; `browser` and `talk` say whose conversation is meant."""


class Desk:
    """The page over one corpus with the conversations about it; nothing is kept between two calls but on disk."""

    def __init__(self, assistant: Assistant, kept: Conversations) -> None:
        self.books = chat.shelf(assistant)
        self.empty = thread_as_html([], self.books, examples(assistant))
        """The thread of a conversation that has not begun."""
        self._assistant = assistant
        self._kept = kept

    def ask(self, sent: Sent) -> Iterator[str]:
        """The thread with the question, with what is being read, with the answer, which is kept then."""
        turns, problem = chat.guarded(lambda: self._kept.turns(_whose(sent)))
        if problem:
            yield notice_as_html(problem)
            return
        question = str(sent.get("question", ""))
        for after, html in chat.converse(self._assistant, self.books, question, turns):
            if question.strip() and (after[-1].answer or after[-1].problem):
                chat.guarded(partial(self._kept.add, _whose(sent), after[-1]))
            yield html

    def show(self, sent: Sent) -> str:
        """The thread of a conversation as it was left."""
        turns, _ = chat.guarded(lambda: self._kept.turns(_whose(sent)))
        return thread_as_html(turns, self.books) if turns else self.empty

    def rate(self, sent: Sent) -> str:
        """The thread with a turn's rating and remark changed."""
        place, rating, remark = sent.get("turn"), sent.get("rating"), str(sent.get("remark", ""))
        if isinstance(place, int) and isinstance(rating, int):
            chat.guarded(lambda: self._kept.rate(_whose(sent), place, rating, remark))
        return self.show(sent)

    def open(self, sent: Sent) -> str:
        """The reader: a place of the conversation, a document, or the list of documents or conversations."""
        if "talks" in sent:
            return self._talks(sent)
        turns, problem = chat.guarded(lambda: self._kept.turns(_whose(sent)))
        place = notice_as_html(problem) if problem else chat.open_place(self._assistant, self.books, sent, turns)
        return _numbered(place, sent)

    def rename(self, sent: Sent) -> str:
        """The list of conversations with one called otherwise."""
        chat.guarded(lambda: self._kept.rename(_whose(sent, "other"), str(sent.get("name", ""))))
        return self._talks(sent)

    def delete(self, sent: Sent) -> str:
        """The list of conversations without one."""
        chat.guarded(lambda: self._kept.delete(_whose(sent, "other")))
        return self._talks(sent)

    def export(self, sent: Sent) -> str:
        """A file for the page's script to save: an element with its name, its type and its text."""
        suffix = str(sent.get("format", ""))
        written, _ = chat.guarded(lambda: self._written(_whose(sent, "other"), suffix))
        if not written:
            return ""
        name, kind, text = written
        # A line end of two characters would be made one of by the browser's parser.
        text = escape(text).replace("\r", "&#13;")
        number = escape(str(sent.get("number", "")))
        return (
            f'<div hidden data-qa-file="{escape(name)}.{escape(suffix)}" data-qa-type="{kind}" '
            f'data-qa-number="{number}" data-qa-text="{text}"></div>'
        )

    def _written(self, whose: Whose, suffix: str) -> tuple[str, str, str] | None:
        turns, name = self._kept.turns(whose), self._kept.name(whose)
        if suffix not in FORMATS or not turns:
            return None
        kind, write = FORMATS[suffix]
        safe = "".join(letter if letter.isalnum() else " " for letter in name)
        return " ".join(safe.split()) or say.UNTITLED, kind, write(name, turns)

    def _talks(self, sent: Sent) -> str:
        whose, problem = chat.guarded(lambda: _whose(sent))
        shown = notice_as_html(problem) if problem else talks_as_html(self._kept.listed(whose.browser), whose.id)
        return _numbered(shown, sent)


def _numbered(html: str, sent: Sent) -> str:
    """What the reader shows, with the number under which the page's script asked for it."""
    return f'<div class="qa-numbered" data-qa-number="{escape(str(sent.get("number", "")))}">{html}</div>'


def _whose(sent: Sent, talk: str = "talk") -> Whose:
    return Whose(str(sent.get("browser", "")), str(sent.get(talk, "")))
