"""What the page's script sends, done: each method takes what came from outside and returns the HTML of one part."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from qa.assistant import Assistant
from qa.history.exports import FORMATS
from qa.history.store import ChatKey, ChatStore
from qa.history.turn import Turn
from qa.web import chat
from qa.web.admission import AdmissionLimiter
from qa.web.deleting import remove, restore
from qa.web.document_filter import DocumentFilter
from qa.web.html import strings
from qa.web.html.chat_list import render_chat_list
from qa.web.html.document_list import DocumentList, render_corpus_size, render_document_list
from qa.web.html.notices import render_download, render_notice, render_response, render_status
from qa.web.html.page import render_thread
from qa.web.html.viewer import render_pane, render_problem
from qa.web.suggestions import suggest_questions
from qa.web.uploading import add

Payload = Mapping[str, Any]
"""Any shape is possible; `browser` and `chat` say whose conversation is meant."""


class Handlers:
    """The page over one corpus with the conversations about it; nothing is kept between two calls but on disk."""

    stopped = render_notice(strings.UPLOAD_STOPPED)
    """What is said once somebody has stopped their files."""

    def __init__(self, assistant: Assistant, kept: ChatStore) -> None:
        self._assistant = assistant
        self._kept = kept
        self._document_list = lru_cache(maxsize=1)(lambda fingerprint: chat.read_document_list(assistant))
        self._examples = suggest_questions(assistant)
        self._limiter = AdmissionLimiter()

    @property
    def document_list(self) -> DocumentList:
        """The documents as they are now."""
        document_list: DocumentList = self._document_list(self._assistant.corpus.fingerprint)
        return document_list

    @property
    def empty(self) -> str:
        """The thread of a conversation that has not begun."""
        return render_thread([], self.document_list, self._examples)

    def ask(self, sent: Payload) -> Iterator[str]:
        """The thread with the question, with what is being read, with the answer, which is kept then."""
        turns, problem = chat.guarded(lambda: self._kept.turns(_chat_key(sent)))
        if problem:
            yield render_problem(problem)
            return
        question, document_list = str(sent.get("question", "")), self.document_list
        within = DocumentFilter.from_payload(sent.get("filter")).selected_ids(document_list.documents)
        steps = chat.converse(self._assistant, document_list, question, turns, within)
        before, html = next(steps)
        yield html
        if not question.strip():
            return
        with self._limiter.admit() as admitted:
            if not admitted:
                yield render_thread([*before[:-1], Turn(question, problem=strings.BUSY)], document_list)
                return
            for after, html in steps:
                if after[-1].answer or after[-1].problem:
                    chat.guarded(partial(self._kept.add, _chat_key(sent), after[-1]))
                yield html

    def show(self, sent: Payload) -> str:
        """The thread of a conversation as it was left."""
        turns, _ = chat.guarded(lambda: self._kept.turns(_chat_key(sent)))
        return render_thread(turns, self.document_list) if turns else self.empty

    def rate(self, sent: Payload) -> str:
        """The thread with a turn's rating and remark changed."""
        place, rating, remark = sent.get("turn"), sent.get("rating"), str(sent.get("remark", ""))
        if isinstance(place, int) and isinstance(rating, int):
            chat.guarded(lambda: self._kept.rate(_chat_key(sent), place, rating, remark))
        return self.show(sent)

    def open(self, sent: Payload) -> str:
        """The reader: a place of the conversation, a document, or the list of documents or conversations."""
        if "chats" in sent:
            return self._chats(sent)
        if "documents" in sent:
            return self._documents(sent)
        turns, problem = chat.guarded(lambda: self._kept.turns(_chat_key(sent)))
        return render_response(
            render_problem(problem) if problem else chat.open_place(self._assistant, sent, turns), _request(sent)
        )

    def add(self, files: Sequence[str], large: object = ()) -> Iterator[str]:
        """How far the files are, again and again, then what became of each; `large` names some that were not sent."""
        names = large if isinstance(large, (list, tuple)) else ()
        done = yield from add(self._assistant, files, [name for name in names if isinstance(name, str)])
        if not self._examples:
            self._examples = suggest_questions(self._assistant)
        yield done + render_corpus_size(self.document_list)

    def refuse(self, sent: Payload) -> Iterator[str]:
        """The same of files of which none was sent."""
        yield from self.add((), sent.get("large"))

    def remove(self, sent: Payload) -> Iterator[str]:
        """The word that a document goes, then the proof that it is gone."""
        yield render_status(strings.DELETING)
        removed, problem = chat.guarded(lambda: remove(self._assistant, self._kept, str(sent.get("document", ""))))
        self._examples = suggest_questions(self._assistant)  # none is about what is gone
        yield (removed or render_notice(problem)) + render_corpus_size(self.document_list)

    def restore(self, sent: Payload) -> Iterator[str]:
        """The same as `add` of a file of one's own that was removed."""
        name = str(sent.get("file", ""))
        _, problem = chat.guarded(lambda: restore(self._assistant, name))
        yield from (render_notice(problem),) if problem else self.add([])

    def rename(self, sent: Payload) -> str:
        """The list of conversations with one called otherwise."""
        chat.guarded(lambda: self._kept.rename(_chat_key(sent, "target"), str(sent.get("name", ""))))
        return self._chats(sent)

    def delete(self, sent: Payload) -> str:
        """The list of conversations without one."""
        chat.guarded(lambda: self._kept.delete(_chat_key(sent, "target")))
        return self._chats(sent)

    def export(self, sent: Payload) -> str:
        """A file for the page's script to save: an element with its name, its type and its text."""
        suffix = str(sent.get("format", ""))
        written, _ = chat.guarded(lambda: self._written(_chat_key(sent, "target"), suffix))
        if not written:
            return ""
        name, kind, text = written
        return render_download(f"{name}.{suffix}", kind, text, _request(sent))

    def _written(self, chat_key: ChatKey, suffix: str) -> tuple[str, str, str] | None:
        turns, name = self._kept.turns(chat_key), self._kept.name(chat_key)
        if suffix not in FORMATS or not turns:
            return None
        kind, write = FORMATS[suffix]
        safe = "".join(letter if letter.isalnum() else " " for letter in name)
        return " ".join(safe.split()) or strings.UNTITLED, kind, write(name, turns)

    def _documents(self, sent: Payload) -> str:
        document_filter = DocumentFilter.from_payload(sent.get("filter"))
        listed = render_document_list(self.document_list, document_filter, str(sent.get("find", "")))
        return render_response(render_pane(strings.DOCUMENTS, listed), _request(sent))

    def _chats(self, sent: Payload) -> str:
        chat_key, problem = chat.guarded(lambda: _chat_key(sent))
        shown = (
            render_problem(problem)
            if problem
            else render_chat_list(self._kept.list_chats(chat_key.browser), chat_key.id)
        )
        return render_response(shown, _request(sent))


def _request(sent: Payload) -> str:
    """The number under which the page's script asked."""
    return str(sent.get("request", ""))


def _chat_key(sent: Payload, key: str = "chat") -> ChatKey:
    return ChatKey(str(sent.get("browser", "")), str(sent.get(key, "")))
