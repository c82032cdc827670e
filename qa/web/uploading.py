"""Index files uploaded on the page while questions go on being answered, and report the result for each."""

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

MAX_FILES = 1_000
"""Files in one upload."""

PROGRESS_INTERVAL_SECONDS = 0.4
"""Time between two reports of progress."""


class UploadStopped(Exception):
    """The person who uploaded the files stopped it."""


@dataclass
class Upload:
    """Files that one person uploaded, on their way into a corpus."""

    assistant: Assistant
    progress: Progress | None = None
    stopped: bool = False

    def report(self, progress: Progress) -> None:
        """Record the progress of indexing.

        Raises:
            UploadStopped: the upload was stopped.
        """
        if self.stopped:
            raise UploadStopped
        self.progress = progress

    def run(self, names: Sequence[str]) -> Report:
        """Index the files, and report on those of `names`; files that did not get into the corpus are deleted."""
        roots, note = self.assistant.roots, ""
        with self.assistant.beside() as corpus:
            try:
                report = index(corpus, roots, self.report)
            except UploadStopped:
                corpus.save()
                report, note = Report(()), strings.STOPPED_BEFORE_READING
            ledger = {entry.name: entry for entry in corpus.ledger()}
        statuses = {entry.name: entry.status for entry in report.entries}
        for name in names:
            if name not in ledger or ledger[name].status == "failed":
                delete_upload(roots, name)
        entries = [replace(ledger[n], status=statuses.get(n, ledger[n].status)) for n in names if n in ledger]
        return Report(tuple(entries), note)


def add_files(assistant: Assistant, files: Sequence[str], too_large: Sequence[str] = ()) -> Generator[str, None, str]:
    """Yield progress as HTML until the files are indexed, then return the result for each as HTML.

    `too_large` names files that the page did not send.
    """
    reason = strings.file_result("failed", strings.file_too_large(max_upload_bytes()))
    results: dict[str, str] = {name: reason for name in too_large[:MAX_FILES]}
    saved: list[str] = []
    for file in map(Path, files[:MAX_FILES]):
        try:
            saved.append(save_upload(assistant.roots, file, saved))
        except (DocumentError, OSError) as error:
            results[file.name] = strings.file_result("failed", str(error))
            file.unlink(missing_ok=True)
    for file in map(Path, files[MAX_FILES:]):
        results[file.name] = strings.file_result("failed", strings.too_many_files(MAX_FILES))
        file.unlink(missing_ok=True)
    upload = Upload(assistant)
    with ThreadPoolExecutor(1) as thread:
        work = thread.submit(upload.run, saved)
        try:
            while not _done(work):
                yield render_progress(upload.progress)
        finally:  # also if the person stopped it or left the page
            upload.stopped = not work.done()
    return render_results(results | _outcome(work, saved))


def _outcome(work: "Future[Report]", names: Sequence[str]) -> dict[str, str]:
    try:
        report = work.result()
    except (QAError, EmbeddingError, OSError) as error:
        return {name.removeprefix(PREFIX): strings.file_result("failed", str(error)) for name in names}
    entries = {entry.name: entry for entry in report.entries}
    return {
        name.removeprefix(PREFIX): strings.file_result(
            entries[name].status, entries[name].reason, entries[name].passages, entries[name].note
        )
        if name in entries
        else strings.file_result("skipped", report.note)
        for name in names
    }


def _done(work: "Future[Report]") -> bool:
    try:
        work.exception(PROGRESS_INTERVAL_SECONDS)
    except TimeoutError:
        return False
    return True
