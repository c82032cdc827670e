"""The whole way from a question to an answer. Read `Assistant.ask` first."""

import re
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import TypeVar

from embeddings import Encoder, load_encoder
from embeddings.plugins import DEFAULT_STORE, find
from qa.answering import answerers
from qa.answering.citing import compose, quoted, spoken
from qa.answering.follow_up import standalone
from qa.answering.protocol import DEFAULT_ANSWERER, Answerer, Reply
from qa.answering.retrieval import Retriever
from qa.answering.rewriting import TURNS_READ, Turn, leaves_out
from qa.answering.small_talk import courtesy
from qa.answering.spelling import respelt
from qa.errors import Busy, CitationError, CorpusError, NothingToIndex, QuestionError
from qa.ingest.files import check_roots, suffixes
from qa.ingest.indexing import Report, corpus_folder, index
from qa.ingest.progress import OnProgress
from qa.ingest.watching import FolderState, folder_state
from qa.store.corpus import Corpus
from qa.store.lock import PATIENCE, Notify
from qa.text.english import STOP_WORDS
from qa.text.words import content_words
from qa.types import Answer, Document, Hit, Scope

QUESTION_AT_MOST = 2_000
"""Characters."""

HITS = 24
"""Passages that an answer is looked for in."""

REMEMBERED = 8
"""Questions whose understanding and reply are kept."""

TRIES = 5
"""Of one answer, at most, while documents change under it."""

Made = TypeVar("Made")

CONTROLS = re.compile(
    r"(?:\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff])+"
)
"""Control characters, and whole sequences that colour a terminal's text."""

Source = str | Path | Sequence[str | Path] | None


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
        """The files and folders that the corpus is of."""
        self._store = store
        self.report = report
        """What became of the files when the corpus was opened."""
        self.answerer = answerer
        self.min_confidence = answerer.threshold if min_confidence is None else min_confidence
        """Below it, the documents are said not to answer."""
        self._retriever = Retriever(corpus)
        # The page shows what is searched for before it answers, and readings of a question are told apart by their
        # answers: each is found out once. Few are kept, so that nothing is measured that was only remembered.
        self._understood = lru_cache(maxsize=REMEMBERED)(self._understand)
        self._found = lru_cache(maxsize=REMEMBERED)(self._find)

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
        patience: float = PATIENCE,
        may_be_empty: bool = False,
    ) -> "Assistant":
        """Index what is new or changed in `corpus` (a file, a folder, a .jsonl, a list of them), then open it.

        None is the built-in corpus of five news reports. While another process indexes it, this one waits and tells
        `notify`; with no patience it is opened as it is. One that `may_be_empty` is opened without any document too.

        Raises:
            CorpusError: nothing there can be read, or its index cannot be used.
            EmbeddingError: the encoder or the store cannot be had.
        """
        paths = roots(corpus)
        check_roots(paths)
        encoder = encoder or load_encoder()
        with ThreadPoolExecutor(1) as beside:  # the answerer's network is loaded while the files are looked at
            loading: Future[Answerer] = beside.submit(find(answerers, answerer).create, encoder)
            opened = Corpus(corpus_folder(paths, encoder), encoder, store)
            try:
                report = _up_to_date(opened, paths, progress, notify, patience)
                if not len(opened) and not may_be_empty:
                    raise NothingToIndex(_nothing(paths, report))
                return cls(opened, loading.result(), report, min_confidence, paths, store)
            except Exception:
                opened.close()
                raise

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        min_confidence: float | None = None,
        within: Collection[str] | None = None,
    ) -> Answer:
        """Answer in the documents' own words, or say that they do not.

        `within` holds the ids of the documents that may be used; None is all.

        Raises:
            QuestionError: the question is empty or too long.
        """
        question = cleaned(question)
        if line := courtesy(question, self._titles):
            return spoken(self.corpus, question, line)
        threshold = self.min_confidence if min_confidence is None else min_confidence
        return self._steadily(lambda: self._answer(question, history, threshold, scope(within)))

    def understand(self, question: str, history: Sequence[Turn] = (), *, within: Collection[str] | None = None) -> str:
        """The question that is searched for: with what it leaves to the turns before, and as the documents spell it.

        Raises:
            QuestionError: the question is empty or too long.
        """
        turns = tuple((asked, said) for asked, said in history[-TURNS_READ:])
        return self._steadily(lambda: self._understood(cleaned(question), turns, scope(within)))

    def search(self, question: str, k: int = 10, *, within: Collection[str] | None = None) -> tuple[Hit, ...]:
        """The at most k best passages, each with the account of why it ranks where it does.

        Raises:
            QuestionError: the question is empty or too long.
        """
        return self._steadily(lambda: self._retriever.search(cleaned(question), k, scope(within)))

    def rank(self, question: str) -> list[Hit]:
        """Every candidate passage in order, near-identical ones each for itself; what retrieval is measured on.

        Raises:
            QuestionError: the question is empty or too long.
        """
        return self._steadily(lambda: self._retriever.rank(cleaned(question)))

    def document(self, id: str) -> Document:
        """A document of the corpus with its text.

        Raises:
            CorpusError: there is none of that id.
        """
        return self.corpus.document(id)

    def _answer(self, question: str, history: Sequence[Turn], threshold: float, within: Scope) -> Answer:
        understood = self.understand(question, history, within=within)
        hits, reply = self._found(understood, self.corpus.fingerprint, within)
        return compose(self.corpus, question, understood, hits, reply, threshold)

    def _steadily(self, work: Callable[[], Made]) -> Made:
        """Do it anew where it failed because documents were changed or removed while it was under way."""
        for _ in range(TRIES - 1):
            before = self.corpus.fingerprint
            try:
                return work()
            except (CorpusError, CitationError):
                if self.corpus.fingerprint == before:
                    raise
        return work()

    def _understand(self, question: str, history: tuple[Turn, ...], within: Scope) -> str:
        def told(question: str) -> tuple[float, str]:
            hits, reply = self._found(question[:QUESTION_AT_MOST], self.corpus.fingerprint, within)
            return reply.confidence, quoted(hits, reply.short) if reply.short else ""

        whole = standalone(question, history, told) if self._goes_on(question) else question
        other = respelt(whole, self.corpus.vocabulary)
        # What is refused in either spelling is searched for, and refused, as it was typed.
        return other if other != whole and told(other)[0] > max(told(whole)[0], self.min_confidence) else whole

    def _goes_on(self, question: str) -> bool:
        """Whether it may be a follow-up: with half of its words new to the documents, it is about something else."""
        asked = [word for word in content_words(question) if word not in STOP_WORDS]
        return leaves_out(question) == "surely" or 2 * len(self.corpus.vocabulary.lacking(asked)) < max(len(asked), 1)

    def _find(self, question: str, fingerprint: str, within: Scope) -> tuple[tuple[Hit, ...], Reply]:
        """The hits and the reply, of the corpus as it is with that fingerprint."""
        vector = self.corpus.encoder.embed_query(question)
        hits = self._retriever.search(question, HITS, within, vector)
        return hits, self.answerer.answer(question, hits, vector)

    def _titles(self) -> list[str]:
        return [document.title for document in self.corpus.documents()]

    def beside(self) -> "closing[Corpus]":
        """The same corpus over a connection of its own, for changes while others go on asking."""
        return closing(Corpus(self.corpus.folder, self.corpus.encoder, self._store))

    def close(self) -> None:
        """Close the corpus."""
        self.corpus.close()

    def __enter__(self) -> "Assistant":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def ask(question: str, corpus: Source = None, history: Sequence[Turn] = ()) -> Answer:
    """Answer one question about `corpus`; None is the built-in one.

    The corpus stays open for the next question, and is brought up to date when a file of it has changed.

    Raises:
        QuestionError, CorpusError, EmbeddingError: see Assistant.open and Assistant.ask.
    """
    paths = tuple(roots(corpus))
    return _opened(paths, folder_state(paths)).ask(question, history)


def roots(corpus: Source) -> list[Path]:
    """The files and folders that `corpus` names, with ~ expanded.

    Raises:
        NothingToIndex: an empty list.
    """
    if corpus is None:
        return [Path(str(resources.files("qa"))) / "seeds"]
    given = [corpus] if isinstance(corpus, str | Path) else list(corpus)
    if not given:
        raise NothingToIndex("got an empty list, wanted a file, a folder or a .jsonl")
    return [Path(path).expanduser() for path in given]


def _up_to_date(
    corpus: Corpus, paths: Sequence[Path], progress: OnProgress | None, notify: Notify | None, patience: float
) -> Report:
    try:
        return index(corpus, paths, progress, notify=notify, patience=patience if len(corpus) else PATIENCE)
    except Busy:
        if patience:
            raise
        return Report(tuple(corpus.ledger()), "another process is indexing these documents; answers are from before")


def _nothing(paths: Sequence[Path], report: Report) -> str:
    """Why there is nothing to search, in one line of the first few files' reasons."""
    failed = [f"{entry.name} {entry.reason}" for entry in report.entries if entry.status == "failed"]
    more = [f"and {len(failed) - 3} more files"] if len(failed) > 3 else []
    nothing_read = report.count("skipped") == len(report.entries)
    empty = f"wanted files that end in {', '.join(suffixes())}" if nothing_read else "every file is empty"
    return f"no text to search in {', '.join(map(str, paths))}: {'; '.join([*failed[:3], *more]) or empty}"


def scope(within: Collection[str] | None) -> Scope:
    """The documents that may be used, as they are compared."""
    return None if within is None else frozenset(within)


def cleaned(question: str) -> str:
    """`question` without control characters and outer blanks.

    Raises:
        QuestionError: nothing is left, or it is longer than QUESTION_AT_MOST characters.
    """
    text = CONTROLS.sub(" ", question).strip()
    if not text:
        raise QuestionError('the question is empty; type one, like: qa ask "Who shrugged his shoulders?"')
    if len(text) > QUESTION_AT_MOST:
        raise QuestionError(f"the question has {len(text):,} characters, the limit is {QUESTION_AT_MOST:,}; shorten it")
    return text


@lru_cache(maxsize=4)
def _opened(paths: tuple[Path, ...], state: FolderState) -> Assistant:
    return Assistant.open(paths, encoder=_encoder())


@cache
def _encoder() -> Encoder:
    return load_encoder()
