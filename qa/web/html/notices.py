"""Render messages about uploads and deletions, and what the page's script takes from a response."""

from collections.abc import Mapping

from markupsafe import Markup

from qa.history.erasure import Receipt
from qa.history.rendering import one_line
from qa.ingest.progress import Progress
from qa.ingest.uploads import PREFIX
from qa.web.html import strings
from qa.web.html.rendering import render

NOTHING = Markup()

PROGRESS_NAME_CHARS, RESULT_NAME_CHARS = 60, 80
"""Lengths at which a file's name is cut."""


def render_status(text: str, extra: Markup = NOTHING) -> Markup:
    """Render a line about work in progress, followed by `extra`; screen readers announce only the outcome."""
    return render("status", text=text, extra=extra)


def render_notice(text: str, extra: Markup = NOTHING) -> Markup:
    """Render the outcome of some work, followed by `extra`, until it is dismissed."""
    return render("notice", text=text, extra=extra)


def render_progress(progress: Progress | None) -> Markup:
    """Render how far an upload is: the file, a bar, the speed and the time left; None is before the first file."""
    if progress is None:
        return render_status(strings.PREPARING)
    name = one_line(progress.file.removeprefix(PREFIX), PROGRESS_NAME_CHARS)
    bar = render(
        "progress",
        share=f"{progress.bytes_done / progress.bytes if progress.bytes else 0.0:.3f}",
        speed=strings.indexing_speed(progress.passages, progress.passages_per_second, progress.seconds_left),
    )
    return render_status(strings.reading_file(name, progress.file_number, progress.files), bar)


def render_results(results: Mapping[str, str]) -> Markup:
    """Render a line for each file of an upload; `results` maps names to outcomes in words."""
    if not results:
        return render_notice(strings.UP_TO_DATE)
    lines = [(one_line(name, RESULT_NAME_CHARS), result) for name, result in results.items()]
    return render_notice(strings.UPLOAD_RESULTS, render("results", results=lines))


def render_deletion(receipt: Receipt) -> Markup:
    """Render what was deleted, with an undo button if the user's own file is still there."""
    name = receipt.name.removeprefix(PREFIX)
    undo = render("undo", file=receipt.name) if name == receipt.name else NOTHING
    text = strings.document_deleted(name, receipt.passages, receipt.turns, not receipt.found)
    return render_notice(text, undo)


def render_download(file: str, media_type: str, text: str, request: str) -> Markup:
    """Render a file for the page's script to save; `request` is the number that it asked under."""
    return render("download", file=file, media_type=media_type, text=text, request=request)


def render_response(html: Markup, request: str) -> Markup:
    """Wrap `html` with the number under which the page's script asked for it."""
    return render("response", html=html, request=request)
