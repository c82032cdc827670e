"""Files handed over on the page: kept, indexed while others ask, and what became of each."""

from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from embeddings.errors import EmbeddingError
from qa.assistant import Assistant
from qa.errors import DocumentError, QAError
from qa.ingest.indexing import Report, index
from qa.ingest.progress import Progress
from qa.ingest.uploads import PREFIX, delete_upload, max_upload_bytes, save_upload
from qa.web.html import strings
from qa.web.html.notices import render_progress, render_results

FILES_AT_MOST = 1_000
"""Handed over at once."""

EVERY = 0.4
"""Seconds between two looks at how far it is."""


class Stopped(Exception):
    """The person who handed the files over does not want them any more."""


@dataclass
class Adding:
    """One person's files on their way into a corpus."""

    assistant: Assistant
    progress: Progress | None = None
    stopped: bool = False

    def told(self, progress: Progress) -> None:
        """Note how far it is, or end it where that is no longer wanted."""
        if self.stopped:
            raise Stopped
        self.progress = progress

    def run(self, names: Sequence[str]) -> Report:
        """Index, and tell what became of the files of `names`; those that did not get into the corpus are deleted."""
        roots, note = self.assistant.roots, ""
        with self.assistant.beside() as corpus:
            try:
                report = index(corpus, roots, self.told)
            except Stopped:
                corpus.save()
                report, note = Report(()), strings.STOPPED_BEFORE_READING
            ledger = {entry.name: entry for entry in corpus.ledger()}
        became = {entry.name: entry.status for entry in report.entries}
        for name in names:
            if name not in ledger or ledger[name].status == "failed":
                delete_upload(roots, name)
        entries = [replace(ledger[n], status=became.get(n, ledger[n].status)) for n in names if n in ledger]
        return Report(tuple(entries), note)


def add(assistant: Assistant, files: Sequence[str], large: Sequence[str] = ()) -> Generator[str, None, str]:
    """Yields HTML of how far it is, again and again; returns what became of each file; `large` were not sent."""
    limit = strings.file_result("failed", strings.file_too_large(max_upload_bytes()))
    results: dict[str, str] = {name: limit for name in large[:FILES_AT_MOST]}
    kept: list[str] = []
    for file in map(Path, files[:FILES_AT_MOST]):
        try:
            kept.append(save_upload(assistant.roots, file, kept))
        except (DocumentError, OSError) as error:
            results[file.name] = strings.file_result("failed", str(error))
            file.unlink(missing_ok=True)
    for file in map(Path, files[FILES_AT_MOST:]):
        results[file.name] = strings.file_result("failed", strings.too_many_files(FILES_AT_MOST))
        file.unlink(missing_ok=True)
    adding = Adding(assistant)
    with ThreadPoolExecutor(1) as thread:
        work = thread.submit(adding.run, kept)
        try:
            while not _done(work):
                yield render_progress(adding.progress)
        finally:  # also where the page was left
            adding.stopped = not work.done()
    return render_results(results | _outcome(work, kept))


def _outcome(work: "Future[Report]", names: Sequence[str]) -> dict[str, str]:
    try:
        report = work.result()
    except (QAError, EmbeddingError, OSError) as error:
        return {name.removeprefix(PREFIX): strings.file_result("failed", str(error)) for name in names}
    entries = {entry.name: entry for entry in report.entries}
    return {
        name.removeprefix(PREFIX): strings.file_result(
            entries[name].status, entries[name].reason, entries[name].passages
        )
        if name in entries
        else strings.file_result("skipped", report.note)
        for name in names
    }


def _done(work: "Future[Report]") -> bool:
    try:
        work.exception(EVERY)
    except TimeoutError:
        return False
    return True
