"""What happens when a person asks or opens something: plain functions, tested without a browser."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from embeddings.errors import EmbeddingError
from qa.assistant import Assistant, roots
from qa.errors import CorpusError, QAError
from qa.indexing import corpus_folder
from qa.rendering import nearest
from qa.rewriting import Turn as Said
from qa.types import Answer
from qa.web.views import Shelf, Turn, contents_as_html, notice_as_html, reader_as_html, thread_as_html

Item = TypeVar("Item")

TURNS_KEPT = 100
"""Of a conversation; older ones leave the page."""

READ = 6
"""Passages whose documents are named while they are being read."""

BROKEN = "Something went wrong on this side; the terminal that the page was started from says what."


def shelf(assistant: Assistant) -> Shelf:
    """The name and size of the assistant's corpus, read once for the page."""
    folder, builtin = assistant.corpus.folder, corpus_folder(roots(None), assistant.corpus.encoder)
    name = "Built-in reports" if folder == builtin else folder.name.rpartition("-")[0] or folder.name
    return Shelf(name, tuple(assistant.corpus.documents()), len(assistant.corpus))


def converse(
    assistant: Assistant, books: Shelf, question: str, turns: Sequence[Turn]
) -> Iterator[tuple[list[Turn], str]]:
    """The turns and the thread's HTML: with the question at once, then with how far it is, then with the answer."""
    before = [turn for turn in turns if turn.answer or turn.problem][-TURNS_KEPT:]
    if not question.strip():
        yield before, thread_as_html(before, books)
        return
    asked = [*before, Turn(question)]
    yield asked, thread_as_html(asked, books, status=f"Searching {books.passages:,} passages…")
    hits, _ = _guarded(lambda: assistant.search(assistant.understand(question, _history(before)), READ))
    if hits:
        titles = dict.fromkeys(books.title(hit.passage.document_id) for hit in hits)
        yield asked, thread_as_html(asked, books, status=f"Reading the best {len(hits)}…", reading=list(titles))
    answered = [*before, _reply(assistant, question, before)]
    yield answered, thread_as_html(answered, books)


def open_place(assistant: Assistant, books: Shelf, place: Mapping[str, Any], turns: Sequence[Turn]) -> str:
    """The reader's HTML for what was clicked: a citation or a near passage of a turn, a document, the contents.

    Only what this conversation was shown, or what the corpus holds, opens; anything else is a notice.
    """

    def opened() -> str:
        if "contents" in place:
            return contents_as_html(books)
        if "document" in place:
            return reader_as_html(assistant.document(str(place["document"])), ())
        return _cited(assistant, place, turns)

    shown, problem = _guarded(opened)
    return shown if shown is not None else notice_as_html(problem)


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


def _reply(assistant: Assistant, question: str, before: Sequence[Turn]) -> Turn:
    answer, problem = _guarded(lambda: assistant.ask(question, _history(before)))
    return Turn(question, answer, problem or None)


def _history(turns: Sequence[Turn]) -> list[Said]:
    """What was asked and answered; of a refusal only the question, for its words say nothing of the documents."""
    return [
        (turn.question, "" if turn.answer.abstained else turn.answer.short or turn.answer.text)
        for turn in turns
        if turn.answer
    ]


def _cited(assistant: Assistant, place: Mapping[str, Any], turns: Sequence[Turn]) -> str:
    turn = _at(turns, place.get("turn"), 0)
    answer = turn.answer if turn else None
    if answer is None:
        raise CorpusError("this conversation has no such source any more; ask again")
    if "near" in place and answer.abstained and (hit := _at(nearest(answer), place["near"], 1)):
        passage = hit.passage
        span = [(passage.start, passage.end)]
        return reader_as_html(assistant.document(passage.document_id), span, label="Near passage, not an answer")
    return _citation(assistant, answer, place.get("marker"))


def _citation(assistant: Assistant, answer: Answer, marker: object) -> str:
    citation = _at(answer.citations, marker, 1)
    if citation is None:
        raise CorpusError("this answer has no such source; click one of its numbers")
    same = [other for other in answer.citations if other.document_id == citation.document_id]
    spans = [(other.start, other.end) for other in same]
    label = f"Source {citation.marker} of {len(answer.citations)}"
    return reader_as_html(assistant.document(citation.document_id), spans, same.index(citation), label)


def _at(items: Sequence[Item], place: object, first: int) -> Item | None:
    """The item at `place`, counted from `first`; None where there is none. Python's negative places are none."""
    if not isinstance(place, int) or isinstance(place, bool) or not first <= place < first + len(items):
        return None
    return items[place - first]


def _guarded(work: Callable[[], Any]) -> tuple[Any, str]:
    """What `work` returns, or None and the problem in words; a traceback goes to the log, never to the page."""
    try:
        return work(), ""
    except (QAError, EmbeddingError) as error:
        return None, str(error)
    except Exception:
        logging.getLogger(__name__).exception("while answering on the page")
        return None, BROKEN
