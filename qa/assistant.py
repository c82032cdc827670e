"""Answer questions about one corpus. Read `Assistant.ask` first: rewrite, retrieve, read, cite."""

import os
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from embeddings import Encoder, load_encoder
from embeddings.plugins import DEFAULT_STORE, find
from qa.answering import answerers
from qa.answering.citing import cite, small_talk_answer
from qa.answering.follow_up import standalone
from qa.answering.protocol import DEFAULT_ANSWERER, Answerer
from qa.answering.question import clean_question
from qa.answering.retrieval import Retriever
from qa.answering.rewriting import TURNS_READ, Turn, leaves_out
from qa.answering.small_talk import small_talk_reply
from qa.answering.spelling import respelt
from qa.answering.wordings import Wordings
from qa.errors import Busy, CitationError, CorpusError, FolderEmptied, NothingToIndex
from qa.ingest.files import check_roots, nothing_to_search
from qa.ingest.indexing import Report, corpus_folder, index
from qa.ingest.progress import OnProgress
from qa.ingest.watching import FolderState, folder_state
from qa.paths import Source, roots
from qa.store.corpus import Corpus
from qa.store.lock import PATIENCE_SECONDS, Notify
from qa.text.english import STOP_WORDS
from qa.text.words import content_words
from qa.types import Answer, Document, Hit, Scope

MAX_ATTEMPTS = 5
"""How often one question is tried while documents change under it."""

Params = ParamSpec("Params")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A stage of `ask`: passages were found and are about to be read."""

    standalone_question: str
    hits: tuple[Hit, ...]
    """Best first."""


OnRetrieved = Callable[[Retrieved], None]


def _retried_on_change(
    method: Callable[Concatenate["Assistant", Params], Result],
) -> Callable[Concatenate["Assistant", Params], Result]:
    """Repeat a method that failed because documents were changed or removed while it ran."""

    @wraps(method)
    def retried(self: "Assistant", /, *args: Params.args, **kwargs: Params.kwargs) -> Result:
        self._check_process()
        for _ in range(MAX_ATTEMPTS - 1):
            before = self.corpus.fingerprint
            try:
                return method(self, *args, **kwargs)
            except (CorpusError, CitationError):
                if self.corpus.fingerprint == before:
                    raise
        return method(self, *args, **kwargs)

    return retried


class Assistant:
    """Answers questions about one corpus; may be asked from several threads."""

    def __init__(
        self,
        corpus: Corpus,
        answerer: Answerer,
        report: Report,
        min_confidence: float | None = None,
        roots: Sequence[Path] = (),
        store: str = DEFAULT_STORE,
    ) -> None:
        self.corpus = corpus
        self.roots = roots
        """The files and folders that the corpus was made from."""
        self._store = store
        self.report = report
        """What indexing did when the corpus was opened."""
        self.answerer = answerer
        self.min_confidence = answerer.threshold if min_confidence is None else min_confidence
        """Questions to which the documents less likely hold an answer are refused."""
        self._retriever = Retriever(corpus)
        self._process = os.getpid()

    @classmethod
    def open(
        cls,
        corpus: Source = None,
        *,
        encoder: Encoder | None = None,
        store: str = DEFAULT_STORE,
        answerer: str = DEFAULT_ANSWERER,
        progress: OnProgress | None = None,
        min_confidence: float | None = None,
        notify: Notify | None = None,
        patience: float = PATIENCE_SECONDS,
        may_be_empty: bool = False,
        emptied: bool = False,
    ) -> "Assistant":
        """Index what is new or changed in `corpus`, then open it.

        `corpus` is a file, a folder, a .jsonl or a list of them; None is the five built-in news reports. While another
        process indexes the same corpus, this one calls `notify` and waits up to `patience` seconds; with a patience of
        0 it opens the corpus as it is. A corpus without documents is opened only where it `may_be_empty`; a folder that
        has lost all its files is believed only where it was `emptied`.

        Raises:
            CorpusError: no file can be read, or the index cannot be used.
            EmbeddingError: the encoder or the vector store is not available.
        """
        paths = roots(corpus)
        check_roots(paths)
        encoder = encoder or load_encoder()
        with ThreadPoolExecutor(1) as background:  # the answerer's network loads while files are compared
            loading: Future[Answerer] = background.submit(find(answerers, answerer).create, encoder)
            opened = Corpus(corpus_folder(paths, encoder), encoder, store)
            try:
                report = _up_to_date(opened, paths, progress, notify, patience, emptied)
                if not len(opened) and not may_be_empty:
                    raise NothingToIndex(nothing_to_search(paths, report.failures))
                return cls(opened, loading.result(), report, min_confidence, paths, store)
            except Exception:
                opened.close()
                raise

    @_retried_on_change
    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        min_confidence: float | None = None,
        within: Collection[str] | None = None,
        on_retrieved: OnRetrieved | None = None,
    ) -> Answer:
        """Answer in the documents' own words, or say that they do not answer.

        Args:
            question: What is asked, at most MAX_QUESTION_CHARS characters.
            history: Earlier (question, answer) pairs, oldest first; a follow-up may leave out what they said.
            min_confidence: Refuse when it is less likely that the documents hold an answer; None is the assistant's
                own threshold.
            within: Ids of the documents that may be used; None is all of them.
            on_retrieved: Called with the passages once they are found, before they are read; not for small talk. Called
                again when documents change meanwhile and the question is answered once more.

        Returns:
            The answer, with its citations checked against the stored text.

        Raises:
            QuestionError: the question is empty or too long.
        """
        question = clean_question(question)
        if line := small_talk_reply(question, lambda: [each.title for each in self.corpus.documents()]):
            return small_talk_answer(self.corpus, question, line)
        wordings = Wordings(self._retriever, self.answerer, _scope(within))
        standalone_question = self._rewrite(question, history, wordings)
        hits = wordings.hits(standalone_question)
        if on_retrieved:
            on_retrieved(Retrieved(standalone_question, hits))
        reply = wordings.reply(standalone_question)
        threshold = self.min_confidence if min_confidence is None else min_confidence
        return cite(self.corpus, question, standalone_question, hits, reply, threshold)

    @_retried_on_change
    def understand(self, question: str, history: Sequence[Turn] = (), *, within: Collection[str] | None = None) -> str:
        """Return the question that `ask` would search for: completed from the history, spelt as the documents spell.

        Raises:
            QuestionError: the question is empty or too long.
        """
        return self._rewrite(
            clean_question(question), history, Wordings(self._retriever, self.answerer, _scope(within))
        )

    @_retried_on_change
    def search(self, question: str, k: int = 10, *, within: Collection[str] | None = None) -> tuple[Hit, ...]:
        """Return at most the k best passages, each with the scores that rank it.

        Raises:
            QuestionError: the question is empty or too long.
        """
        return self._retriever.search(clean_question(question), k, _scope(within))

    @_retried_on_change
    def rank(self, question: str) -> list[Hit]:
        """Return every candidate passage in order, near-duplicates not folded; retrieval is measured on this.

        Raises:
            QuestionError: the question is empty or too long.
        """
        return self._retriever.rank(clean_question(question))

    def document(self, id: str) -> Document:
        """Return a document of the corpus with its text.

        Raises:
            CorpusError: no document has this id.
        """
        return self.corpus.document(id)

    def beside(self) -> "closing[Corpus]":
        """Return the same corpus over a connection of its own, for changes while questions are answered."""
        return closing(Corpus(self.corpus.folder, self.corpus.encoder, self._store))

    def close(self) -> None:
        """Close the corpus."""
        self.corpus.close()

    def _check_process(self) -> None:
        if os.getpid() != self._process:
            # The threads that compute and the locks that they hold are not there in a forked process: it would hang.
            raise CorpusError(
                "this process was forked from the one that opened the corpus, which cannot be used here; start it by "
                '"spawn", as in multiprocessing.get_context("spawn"), and open the corpus in it'
            )

    def _rewrite(self, question: str, history: Sequence[Turn], wordings: Wordings) -> str:
        """Return the wording that the documents answer best: complete in itself, names spelt as they spell them."""
        whole = standalone(question, history[-TURNS_READ:], wordings.judge) if self._may_follow(question) else question
        # What a question seems to leave out is not taken from the history where only the question as typed is answered.
        if whole != question and wordings.reply(whole).is_refused(self.min_confidence):
            whole = whole if wordings.reply(question).is_refused(self.min_confidence) else question
        respelled = respelt(whole, self.corpus.vocabulary)
        if respelled == whole:
            return whole
        # A question that is refused in either spelling is searched for, and refused, as it was typed.
        reply, other = wordings.reply(whole), wordings.reply(respelled)
        better = other.confidence > reply.confidence and not other.is_refused(self.min_confidence)
        return respelled if better else whole

    def _may_follow(self, question: str) -> bool:
        """Say whether it may be a follow-up; a question with half of its words new to the documents is not."""
        terms = [word for word in content_words(question) if word not in STOP_WORDS]
        return leaves_out(question) == "surely" or 2 * len(self.corpus.vocabulary.missing(terms)) < max(len(terms), 1)

    def __enter__(self) -> "Assistant":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def ask(question: str, corpus: Source = None, history: Sequence[Turn] = ()) -> Answer:
    """Answer one question about `corpus`; None is the built-in one.

    The corpus stays open for the next question, and is indexed again when one of its files has changed.

    Raises:
        QuestionError, CorpusError, EmbeddingError: see Assistant.open and Assistant.ask.
    """
    paths = tuple(roots(corpus))
    return _opened(paths, folder_state(paths)).ask(question, history)


def _scope(within: Collection[str] | None) -> Scope:
    return None if within is None else frozenset(within)


def _up_to_date(
    corpus: Corpus,
    paths: Sequence[Path],
    progress: OnProgress | None,
    notify: Notify | None,
    patience: float,
    emptied: bool,
) -> Report:
    wait = patience if len(corpus) else PATIENCE_SECONDS
    try:
        return index(corpus, paths, progress, notify=notify, patience=wait, may_empty=emptied)
    except (Busy, FolderEmptied) as error:
        if patience:
            raise
        busy = "another process is indexing these documents; answers are from before"
        return Report(tuple(corpus.ledger()), busy if isinstance(error, Busy) else str(error))


@lru_cache(maxsize=4)
def _opened(paths: tuple[Path, ...], state: FolderState) -> Assistant:
    return Assistant.open(paths, encoder=_encoder())


@cache
def _encoder() -> Encoder:
    return load_encoder()
