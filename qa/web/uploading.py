"""Files handed over on the page: kept, indexed while others ask, and what became of each."""

from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from embeddings.errors import EmbeddingError
from qa.assistant import Assistant
from qa.errors import DocumentError, QAError
from qa.history.rendering import one_line
from qa.ingest.indexing import Report, index
from qa.ingest.progress import Progress
from qa.ingest.uploads import PREFIX, delete_upload, max_upload_bytes, save_upload
from qa.web.html import strings as say
from qa.web.html.icons import icon

FILES_AT_MOST = 1_000
"""Handed over at once."""

EVERY = 0.4
"""Seconds between two looks at how far it is."""

Results = Mapping[str, str]
"""What became of each file, in words, by name."""


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
                report, note = Report(()), say.STOPPED
            ledger = {entry.name: entry for entry in corpus.ledger()}
        became = {entry.name: entry.status for entry in report.entries}
        for name in names:
            if name not in ledger or ledger[name].status == "failed":
                delete_upload(roots, name)
        entries = [replace(ledger[n], status=became.get(n, ledger[n].status)) for n in names if n in ledger]
        return Report(tuple(entries), note)


def add(assistant: Assistant, files: Sequence[str], large: Sequence[str] = ()) -> Generator[str, None, str]:
    """Yields HTML of how far it is, again and again; returns what became of each file; `large` were not sent."""
    limit = say.became("failed", say.too_large(max_upload_bytes()))
    results: dict[str, str] = {name: limit for name in large[:FILES_AT_MOST]}
    kept: list[str] = []
    for file in map(Path, files[:FILES_AT_MOST]):
        try:
            kept.append(save_upload(assistant.roots, file, kept))
        except (DocumentError, OSError) as error:
            results[file.name] = say.became("failed", str(error))
            file.unlink(missing_ok=True)
    for file in map(Path, files[FILES_AT_MOST:]):
        results[file.name] = say.became("failed", say.too_many(FILES_AT_MOST))
        file.unlink(missing_ok=True)
    adding = Adding(assistant)
    with ThreadPoolExecutor(1) as thread:
        work = thread.submit(adding.run, kept)
        try:
            while not _done(work):
                yield progress_as_html(adding.progress)
        finally:  # also where the page was left
            adding.stopped = not work.done()
    return results_as_html(results | _outcome(work, kept))


def news_as_html(said: str, more: str = "") -> str:
    """A line about what is being done, with `more` HTML after it; said aloud is only what was done."""
    return f'<div class="qa-message"><p dir="auto">{escape(said)}</p>{more}</div>'


def done_as_html(said: str, more: str = "") -> str:
    """The same about what was done, to be put away by a click."""
    away = (
        f'<button type="button" class="qa-close" data-qa-dismiss aria-label="{escape(say.AWAY)}">'
        f"{icon('close', 18)}</button>"
    )
    return f'<div class="qa-message" role="status" data-qa-done><p dir="auto">{escape(said)}</p>{more}{away}</div>'


def progress_as_html(progress: Progress | None) -> str:
    """A bar with words: which file, how many, how fast, how long still."""
    if progress is None:
        return news_as_html(say.PREPARING)
    share = progress.bytes_done / progress.bytes if progress.bytes else 0.0
    name = one_line(progress.file.removeprefix(PREFIX), 60)
    line = say.indexing(name, progress.place, progress.files)
    pace = say.pace(progress.passages, progress.passages_per_second, progress.seconds_left)
    bar = (
        f'<progress max="1" value="{share:.3f}" aria-label="{escape(say.PROGRESS)}"></progress>'
        f'<p class="qa-details">{escape(pace)}</p>'
        f'<button type="button" class="qa-action" data-qa-stop>{escape(say.STOP)}</button>'
    )
    return news_as_html(line, bar)


def results_as_html(results: Results) -> str:
    """A line for each file."""
    lines = "".join(
        f'<li><span dir="auto">{escape(one_line(name, 80))}</span> <span class="qa-details">{escape(said)}</span></li>'
        for name, said in results.items()
    )
    return done_as_html(say.ADDED if lines else say.UP_TO_DATE, f"<ul>{lines}</ul>" if lines else "")


def _outcome(work: "Future[Report]", names: Sequence[str]) -> dict[str, str]:
    try:
        report = work.result()
    except (QAError, EmbeddingError, OSError) as error:
        return {name.removeprefix(PREFIX): say.became("failed", str(error)) for name in names}
    entries = {entry.name: entry for entry in report.entries}
    return {
        name.removeprefix(PREFIX): say.became(entries[name].status, entries[name].reason, entries[name].passages)
        if name in entries
        else say.became("skipped", report.note)
        for name in names
    }


def _done(work: "Future[Report]") -> bool:
    try:
        work.exception(EVERY)
    except TimeoutError:
        return False
    return True
