"""Answer questions and open citations for the page, as plain functions that are tested without a browser."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

from markupsafe import Markup

from embeddings.errors import EmbeddingError
from qa.answering.rewriting import Turn as QuestionAnswer
from qa.assistant import Assistant, Retrieved
from qa.errors import CorpusError, QAError
from qa.history.rendering import nearest
from qa.history.store import MAX_SHOWN_TURNS
from qa.history.turn import MAX_STORED_PASSAGES, Turn, history, neighbours
from qa.ingest.indexing import corpus_folder
from qa.paths import roots
from qa.store.queries import FORGOTTEN
from qa.types import Answer, Scope
from qa.web.html import strings
from qa.web.html.document_list import DocumentList
from qa.web.html.page import render_thread
from qa.web.html.viewer import CitationPosition, render_problem, render_viewer

Item = TypeVar("Item")

MAX_NAMED_PASSAGES = 6
"""Best passages whose documents are named while the reader reads them."""

STATUS_DELAY_SECONDS = 0.3
"""Shorter waits show no status."""

MIN_STATUS_SECONDS = 0.2
"""A status stays visible at least this long, so that it never flickers."""

ThreadUpdate = tuple[list[Turn], str]
"""(turns, HTML of the thread)."""


def read_document_list(assistant: Assistant) -> DocumentList:
    """Return the name, documents and passage count of the assistant's corpus, read once for the page."""
    folder, builtin = assistant.corpus.folder, corpus_folder(roots(None), assistant.corpus.encoder)
    name = strings.BUILTIN_CORPUS if folder == builtin else folder.name.rpartition("-")[0] or folder.name
    ledger = assistant.corpus.ledger()
    told = [(entry.name, entry.reason or entry.note) for entry in ledger if entry.status != FORGOTTEN]
    not_read = tuple((name, why) for name, why in told if why)
    return DocumentList(name, tuple(assistant.corpus.documents()), len(assistant.corpus), not_read)


def converse(
    assistant: Assistant, document_list: DocumentList, question: str, turns: Sequence[Turn], within: Scope = None
) -> Iterator[ThreadUpdate]:
    """Yield the turns and the thread's HTML: first with the question, then with the titles being read and the answer.

    A status appears only if the wait is long enough for it to be read. `within` holds the ids of the documents that may
    be used; None means all.
    """
    earlier = [turn for turn in turns if turn.answer or turn.problem][1 - MAX_SHOWN_TURNS :]
    if not question.strip():
        yield earlier, render_thread(earlier, document_list)
        return
    asked = [*earlier, Turn(question)]
    yield asked, render_thread(asked, document_list)
    searched = None if within is None else document_list.counts(within)
    retrieved: Future[list[str]] = Future()
    with ThreadPoolExecutor(1) as thread:
        reply = thread.submit(_reply, assistant, question, earlier, within, searched, retrieved)
        passages = document_list.passages if searched is None else searched[1]
        for status, reading in _wait_updates(retrieved, reply, document_list, passages):
            yield asked, render_thread(asked, document_list, status=status, reading=reading)
    answered = [*earlier, _with_reason(reply.result(), document_list, within)]
    yield answered, render_thread(answered, document_list)


def open_place(assistant: Assistant, target: Mapping[str, Any], turns: Sequence[Turn]) -> Markup:
    """Return the viewer's HTML for what was clicked: a document, or a citation or a nearest passage of a turn.

    Only what this chat has shown or the corpus contains can be opened; anything else gives a notice.
    """

    def render() -> Markup:
        if "document" in target:
            return render_viewer(assistant.document(str(target["document"])), ())
        return _open_passage(assistant, target, turns)

    shown, problem = guarded(render)
    return shown if shown is not None else render_problem(problem)


def ask(assistant: Assistant, question: str, history: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Answer for the `/ask` endpoint, as a dict; `history` holds [question, answer] pairs, oldest first.

    Raises:
        QAError: the history is not a list of such pairs, the question is empty or too long, or it cannot be answered.
    """
    pairs: list[QuestionAnswer] = []
    for pair in history or []:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2 or not all(isinstance(one, str) for one in pair):
            raise QAError("history must be a list of [question, answer] pairs of strings")
        pairs.append((pair[0], pair[1]))
    return assistant.ask(str(question), pairs).to_dict()


def _reply(
    assistant: Assistant,
    question: str,
    earlier: Sequence[Turn],
    within: Scope,
    searched: tuple[int, int] | None,
    retrieved: "Future[list[str]]",
) -> Turn:
    """Answer the question and put the ids of the documents about to be read, best first, into `retrieved`."""

    def report(stage: Retrieved) -> None:
        if not retrieved.done():  # it is done if documents changed and the question is answered again
            retrieved.set_result(
                list(dict.fromkeys(hit.passage.document_id for hit in stage.hits[:MAX_NAMED_PASSAGES]))
            )

    def answered_turn() -> Turn:
        answer = assistant.ask(question, history(earlier), within=within, on_retrieved=report)
        around = tuple(neighbours(citation, assistant.document) for citation in answer.citations)
        return Turn(
            question, replace(answer, passages=answer.passages[:MAX_STORED_PASSAGES]), None, around, searched=searched
        )

    turn, problem = guarded(answered_turn)
    if not retrieved.done():
        retrieved.set_result([])
    return turn or Turn(question, problem=problem)


def _with_reason(turn: Turn, document_list: DocumentList, within: Scope) -> Turn:
    """Replace a refusal by the reason if there was nothing to search."""
    if turn.answer and turn.answer.abstained:
        if not document_list.documents:
            return Turn(turn.question, problem=strings.NO_DOCUMENTS_YET)
        if within is not None and not within:
            return Turn(turn.question, problem=strings.NO_DOCUMENT_SELECTED)
    return turn


def _wait_updates(
    retrieved: "Future[list[str]]", reply: "Future[Turn]", document_list: DocumentList, passages: int
) -> Iterator[tuple[str, list[str]]]:
    """Yield (status, titles being read) on each change until the reply is there."""
    status, shown_at = "", 0.0
    if not _done(retrieved, STATUS_DELAY_SECONDS):  # understanding a follow-up takes a while
        status, shown_at = strings.searching(passages), time.monotonic()
        yield status, []
    titles = [document_list.title(id) for id in retrieved.result()]
    if titles and not reply.done():
        yield status, titles
    if not _done(reply, STATUS_DELAY_SECONDS) and not status:
        status, shown_at = strings.searching(passages), time.monotonic()
        yield status, titles
    if not _done(reply, 10 * STATUS_DELAY_SECONDS):
        yield strings.STILL_READING, titles
        reply.exception()  # wait for the reply
    time.sleep(max(0.0, shown_at + MIN_STATUS_SECONDS - time.monotonic()))


def _done(future: "Future[Any]", seconds: float) -> bool:
    try:
        future.exception(seconds)
    except TimeoutError:
        return False
    return True


def _open_passage(assistant: Assistant, target: Mapping[str, Any], turns: Sequence[Turn]) -> Markup:
    turn = _numbered(turns, target.get("turn"), 0)
    answer = turn.answer if turn else None
    if answer is None:
        raise CorpusError(strings.NO_SUCH_TURN)
    if "near" in target and answer.abstained and (hit := _numbered(nearest(answer), target["near"], 1)):
        passage = hit.passage
        document = assistant.document(passage.document_id)
        if document.text[passage.start : passage.end] != passage.text:
            raise CorpusError(strings.DOCUMENT_CHANGED)
        return render_viewer(document, [(passage.start, passage.end)], label=strings.NEAREST_PASSAGE)
    return _open_citation(assistant, answer, int(target["turn"]), target.get("marker"))


def _open_citation(assistant: Assistant, answer: Answer, turn: int, marker: object) -> Markup:
    citation = _numbered(answer.citations, marker, 1)
    if citation is None:
        raise CorpusError(strings.NO_SUCH_SOURCE)
    document = assistant.document(citation.document_id)
    if document.text[citation.start : citation.end] != citation.text:
        raise CorpusError(strings.DOCUMENT_CHANGED)
    same_document = [other for other in answer.citations if other.document_id == citation.document_id]
    spans = [(other.start, other.end) for other in same_document]
    position = CitationPosition(turn, citation.marker, len(answer.citations))
    label = strings.source_position(position.marker, position.count)
    return render_viewer(document, spans, same_document.index(citation), label, position)


def _numbered(items: Sequence[Item], number: object, first: int) -> Item | None:
    """Return the item with this number, counted from `first`, or None; negative numbers never count from the end."""
    if not isinstance(number, int) or isinstance(number, bool) or not first <= number < first + len(items):
        return None
    return items[number - first]


def guarded(work: Callable[[], Any]) -> tuple[Any, str]:
    """Return the result of `work` with "", or None with an error message; a traceback goes to the log, not the page."""
    try:
        return work(), ""
    except (QAError, EmbeddingError) as error:
        return None, str(error)
    except Exception:
        logging.getLogger(__name__).exception("while answering on the page")
        return None, strings.INTERNAL_ERROR
