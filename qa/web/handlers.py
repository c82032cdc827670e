"""Handle the events of the page: each method takes what the page's script payload, and returns one part as HTML."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from qa.assistant import Assistant
from qa.history.exports import FORMATS
from qa.history.store import ChatKey, ChatStore
from qa.history.turn import Turn
from qa.web import chat
from qa.web.admission import AdmissionLimiter
from qa.web.deleting import delete_document, restore_file
from qa.web.document_filter import DocumentFilter
from qa.web.html import strings
from qa.web.html.chat_list import render_chat_list
from qa.web.html.document_list import DocumentList, render_corpus_size, render_document_list
from qa.web.html.notices import render_download, render_notice, render_response, render_status
from qa.web.html.page import render_thread
from qa.web.html.viewer import render_pane, render_problem
from qa.web.suggestions import suggest_questions
from qa.web.uploading import add_files

Payload = Mapping[str, Any]
"""What the page's script sent with an event, of any shape; `browser` and `chat` identify the chat."""


class Handlers:
    """Event handlers of the page of one corpus; between two calls, nothing is kept but on disk."""

    stopped = render_notice(strings.UPLOAD_STOPPED)
    """The message after somebody stopped an upload."""

    def __init__(self, assistant: Assistant, chats: ChatStore) -> None:
        self._assistant = assistant
        self._chats = chats
        self._document_list = lru_cache(maxsize=1)(lambda fingerprint: chat.read_document_list(assistant))
        self._suggestions = suggest_questions(assistant)
        self._limiter = AdmissionLimiter()

    @property
    def document_list(self) -> DocumentList:
        """The documents as they are now, read again only when the corpus has changed."""
        document_list: DocumentList = self._document_list(self._assistant.corpus.fingerprint)
        return document_list

    @property
    def empty(self) -> str:
        """The thread of a chat without turns."""
        return render_thread([], self.document_list, self._suggestions)

    def ask(self, payload: Payload) -> Iterator[str]:
        """Yield the thread with the question, then with what is being read, then with the answer; save that turn."""
        turns, problem = chat.guarded(lambda: self._chats.turns(_chat_key(payload)))
        if problem:
            yield render_problem(problem)
            return
        question, document_list = str(payload.get("question", "")), self.document_list
        within = DocumentFilter.from_payload(payload.get("filter")).selected_ids(document_list.documents)
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
                    chat.guarded(partial(self._chats.add, _chat_key(payload), after[-1]))
                yield html

    def show(self, payload: Payload) -> str:
        """Return the thread of a chat as it was left."""
        turns, _ = chat.guarded(lambda: self._chats.turns(_chat_key(payload)))
        return render_thread(turns, self.document_list) if turns else self.empty

    def rate(self, payload: Payload) -> str:
        """Change the rating and remark of a turn, and return the thread."""
        place, rating, remark = payload.get("turn"), payload.get("rating"), str(payload.get("remark", ""))
        if isinstance(place, int) and isinstance(rating, int):
            chat.guarded(lambda: self._chats.rate(_chat_key(payload), place, rating, remark))
        return self.show(payload)

    def open(self, payload: Payload) -> str:
        """Return the viewer with a source of the chat, a document, the document list or the chat list."""
        if "chats" in payload:
            return self._chats_pane(payload)
        if "documents" in payload:
            return self._documents_pane(payload)
        turns, problem = chat.guarded(lambda: self._chats.turns(_chat_key(payload)))
        return render_response(
            render_problem(problem) if problem else chat.open_place(self._assistant, payload, turns), _request(payload)
        )

    def add(self, files: Sequence[str], too_large: object = ()) -> Iterator[str]:
        """Index uploaded files: yield progress, then the results; `too_large` names files that were not sent."""
        names = too_large if isinstance(too_large, (list, tuple)) else ()
        done = yield from add_files(self._assistant, files, [name for name in names if isinstance(name, str)])
        if not self._suggestions:
            self._suggestions = suggest_questions(self._assistant)
        yield done + render_corpus_size(self.document_list)

    def refuse(self, payload: Payload) -> Iterator[str]:
        """Report files that were all too large to be payload, as `add` does."""
        yield from self.add((), payload.get("large"))

    def remove(self, payload: Payload) -> Iterator[str]:
        """Delete a document: yield a message at once, then the proof that it is gone."""
        yield render_status(strings.DELETING)
        id = str(payload.get("document", ""))
        report, problem = chat.guarded(lambda: delete_document(self._assistant, self._chats, id))
        self._suggestions = suggest_questions(self._assistant)  # none may be about the deleted document
        yield (report or render_notice(problem)) + render_corpus_size(self.document_list)

    def restore(self, payload: Payload) -> Iterator[str]:
        """Index a file of the user's own again after it was removed, and yield progress as `add` does."""
        name = str(payload.get("file", ""))
        _, problem = chat.guarded(lambda: restore_file(self._assistant, name))
        yield from (render_notice(problem),) if problem else self.add([])

    def rename(self, payload: Payload) -> str:
        """Rename a chat, and return the chat list."""
        chat.guarded(lambda: self._chats.rename(_chat_key(payload, "target"), str(payload.get("name", ""))))
        return self._chats_pane(payload)

    def delete(self, payload: Payload) -> str:
        """Delete a chat, and return the chat list."""
        chat.guarded(lambda: self._chats.delete(_chat_key(payload, "target")))
        return self._chats_pane(payload)

    def export(self, payload: Payload) -> str:
        """Return a chat as a file for the page's script to save: an element with its name, type and text."""
        suffix = str(payload.get("format", ""))
        written, _ = chat.guarded(lambda: self._written(_chat_key(payload, "target"), suffix))
        if not written:
            return ""
        name, kind, text = written
        return render_download(f"{name}.{suffix}", kind, text, _request(payload))

    def _written(self, chat_key: ChatKey, suffix: str) -> tuple[str, str, str] | None:
        turns, name = self._chats.turns(chat_key), self._chats.name(chat_key)
        if suffix not in FORMATS or not turns:
            return None
        kind, write = FORMATS[suffix]
        safe = "".join(letter if letter.isalnum() else " " for letter in name)
        return " ".join(safe.split()) or strings.UNTITLED, kind, write(name, turns)

    def _documents_pane(self, payload: Payload) -> str:
        document_filter = DocumentFilter.from_payload(payload.get("filter"))
        listed = render_document_list(self.document_list, document_filter, str(payload.get("find", "")))
        return render_response(render_pane(strings.DOCUMENTS, listed), _request(payload))

    def _chats_pane(self, payload: Payload) -> str:
        chat_key, problem = chat.guarded(lambda: _chat_key(payload))
        shown = (
            render_problem(problem)
            if problem
            else render_chat_list(self._chats.list_chats(chat_key.browser), chat_key.id)
        )
        return render_response(shown, _request(payload))


def _request(payload: Payload) -> str:
    """Return the number that the page's script gave its request."""
    return str(payload.get("request", ""))


def _chat_key(payload: Payload, key: str = "chat") -> ChatKey:
    return ChatKey(str(payload.get("browser", "")), str(payload.get(key, "")))
