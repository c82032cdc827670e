"""What happens when a person asks or opens something: plain functions, tested without a browser."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

from embeddings.errors import EmbeddingError
from qa.answering.rewriting import Turn as Said
from qa.assistant import Assistant, Retrieved, roots
from qa.errors import CorpusError, QAError
from qa.history.rendering import nearest
from qa.history.store import TURNS_KEPT
from qa.history.turn import MAX_STORED_PASSAGES, Turn, history, neighbours
from qa.ingest.indexing import corpus_folder
from qa.types import Answer, Scope
from qa.web.html import strings
from qa.web.html.document_list import DocumentList
from qa.web.html.page import render_thread
from qa.web.html.viewer import CitationPosition, render_problem, render_viewer

Item = TypeVar("Item")

DOCUMENTS_NAMED = 6
"""Passages whose documents are named while they are being read."""

PATIENCE, SHOWN_AT_LEAST = 0.3, 0.2
"""Seconds that go by without a word about the wait, and those that such a word is shown for: never a flicker."""

Shown = tuple[list[Turn], str]
"""The turns and the thread's HTML."""


def read_document_list(assistant: Assistant) -> DocumentList:
    """The name and size of the assistant's corpus, read once for the page."""
    folder, builtin = assistant.corpus.folder, corpus_folder(roots(None), assistant.corpus.encoder)
    name = strings.BUILTIN_CORPUS if folder == builtin else folder.name.rpartition("-")[0] or folder.name
    return DocumentList(name, tuple(assistant.corpus.documents()), len(assistant.corpus))


def converse(
    assistant: Assistant, document_list: DocumentList, question: str, turns: Sequence[Turn], within: Scope = None
) -> Iterator[Shown]:
    """Yield the turns and the thread: with the question at once, with what is being read, then with the answer.

    A wait is put into words only where it is long enough for them to be read. `within` holds the ids of the documents
    that may be used; None is all.
    """
    before = [turn for turn in turns if turn.answer or turn.problem][1 - TURNS_KEPT :]
    if not question.strip():
        yield before, render_thread(before, document_list)
        return
    asked = [*before, Turn(question)]
    yield asked, render_thread(asked, document_list)
    held = None if within is None else document_list.counts(within)
    retrieved: Future[list[str]] = Future()
    with ThreadPoolExecutor(1) as thread:
        reply = thread.submit(_reply, assistant, question, before, within, held, retrieved)
        passages = document_list.passages if held is None else held[1]
        for status, reading in _waiting(retrieved, reply, document_list, passages):
            yield asked, render_thread(asked, document_list, status=status, reading=reading)
    answered = [*before, _with_reason(reply.result(), document_list, within)]
    yield answered, render_thread(answered, document_list)


def open_place(assistant: Assistant, place: Mapping[str, Any], turns: Sequence[Turn]) -> str:
    """The reader's HTML for what was clicked: a citation or a near passage of a turn, a document.

    Only what this conversation was shown, or what the corpus holds, opens; anything else is a notice.
    """

    def opened() -> str:
        if "document" in place:
            return render_viewer(assistant.document(str(place["document"])), ())
        return _cited(assistant, place, turns)

    shown, problem = guarded(opened)
    return shown if shown is not None else render_problem(problem)


def ask(assistant: Assistant, question: str, history: Sequence[Sequence[str]]) -> dict[str, Any]:
    """The endpoint: an Answer as a dict; `history` holds [question, answer] pairs, oldest first.

    Raises:
        QAError: the question or the history is not of that shape, or the question cannot be answered.
    """
    pairs: list[Said] = []
    for pair in history or []:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2 or not all(isinstance(one, str) for one in pair):
            raise QAError("history must be a list of [question, answer] pairs of strings")
        pairs.append((pair[0], pair[1]))
    return assistant.ask(str(question), pairs).to_dict()


def _reply(
    assistant: Assistant,
    question: str,
    before: Sequence[Turn],
    within: Scope,
    held: tuple[int, int] | None,
    retrieved: "Future[list[str]]",
) -> Turn:
    """Answer the question; the ids of the documents about to be read, best first, go into `retrieved`."""

    def report(stage: Retrieved) -> None:
        if not retrieved.done():  # it is when documents changed and the question is answered once more
            retrieved.set_result(list(dict.fromkeys(hit.passage.document_id for hit in stage.hits[:DOCUMENTS_NAMED])))

    def replied() -> Turn:
        answer = assistant.ask(question, history(before), within=within, on_retrieved=report)
        around = tuple(neighbours(citation, assistant.document) for citation in answer.citations)
        return Turn(
            question, replace(answer, passages=answer.passages[:MAX_STORED_PASSAGES]), None, around, searched=held
        )

    turn, problem = guarded(replied)
    if not retrieved.done():
        retrieved.set_result([])
    return turn or Turn(question, problem=problem)


def _with_reason(turn: Turn, document_list: DocumentList, within: Scope) -> Turn:
    """Say why nothing was found where there was nothing to search."""
    if turn.answer and turn.answer.abstained:
        if not document_list.documents:
            return Turn(turn.question, problem=strings.NO_DOCUMENTS_YET)
        if within is not None and not within:
            return Turn(turn.question, problem=strings.NO_DOCUMENT_SELECTED)
    return turn


def _waiting(
    retrieved: "Future[list[str]]", reply: "Future[Turn]", document_list: DocumentList, passages: int
) -> Iterator[tuple[str, list[str]]]:
    """Yield (status, titles being read) whenever there is something to say before the reply is there."""
    status, since = "", 0.0
    if not _done(retrieved, PATIENCE):  # finding out what a follow-up means takes a while
        status, since = strings.searching(passages), time.monotonic()
        yield status, []
    titles = [document_list.title(id) for id in retrieved.result()]
    if titles and not reply.done():
        yield status, titles
    if not _done(reply, PATIENCE) and not status:
        status, since = strings.searching(passages), time.monotonic()
        yield status, titles
    if not _done(reply, 10 * PATIENCE):
        yield strings.STILL_READING, titles
        reply.exception()  # waits
    time.sleep(max(0.0, since + SHOWN_AT_LEAST - time.monotonic()))


def _done(future: "Future[Any]", seconds: float) -> bool:
    try:
        future.exception(seconds)
    except TimeoutError:
        return False
    return True


def _cited(assistant: Assistant, place: Mapping[str, Any], turns: Sequence[Turn]) -> str:
    turn = _at(turns, place.get("turn"), 0)
    answer = turn.answer if turn else None
    if answer is None:
        raise CorpusError(strings.NO_SUCH_TURN)
    if "near" in place and answer.abstained and (hit := _at(nearest(answer), place["near"], 1)):
        passage = hit.passage
        document = assistant.document(passage.document_id)
        if document.text[passage.start : passage.end] != passage.text:
            raise CorpusError(strings.DOCUMENT_CHANGED)
        return render_viewer(document, [(passage.start, passage.end)], label=strings.NEAREST_PASSAGE)
    return _citation(assistant, answer, int(place["turn"]), place.get("marker"))


def _citation(assistant: Assistant, answer: Answer, turn: int, marker: object) -> str:
    citation = _at(answer.citations, marker, 1)
    if citation is None:
        raise CorpusError(strings.NO_SUCH_SOURCE)
    document = assistant.document(citation.document_id)
    if document.text[citation.start : citation.end] != citation.text:
        raise CorpusError(strings.DOCUMENT_CHANGED)
    same = [other for other in answer.citations if other.document_id == citation.document_id]
    spans = [(other.start, other.end) for other in same]
    walk = CitationPosition(turn, citation.marker, len(answer.citations))
    label = strings.source_position(walk.marker, walk.count)
    return render_viewer(document, spans, same.index(citation), label, walk)


def _at(items: Sequence[Item], place: object, first: int) -> Item | None:
    """The item at `place`, counted from `first`; None where there is none. Python's negative places are none."""
    if not isinstance(place, int) or isinstance(place, bool) or not first <= place < first + len(items):
        return None
    return items[place - first]


def guarded(work: Callable[[], Any]) -> tuple[Any, str]:
    """What `work` returns, or None and the problem in words; a traceback goes to the log, never to the page."""
    try:
        return work(), ""
    except (QAError, EmbeddingError) as error:
        return None, str(error)
    except Exception:
        logging.getLogger(__name__).exception("while answering on the page")
        return None, strings.INTERNAL_ERROR
