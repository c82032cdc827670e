"""Short messages about uploads, deletions and downloads, as HTML."""

from collections.abc import Mapping
from html import escape

from qa.history.erasure import Receipt
from qa.history.rendering import one_line
from qa.ingest.progress import Progress
from qa.ingest.uploads import PREFIX
from qa.web.html import strings
from qa.web.html.icons import icon

Results = Mapping[str, str]
"""What became of each file, in words, by name."""


def render_status(said: str, more: str = "") -> str:
    """A line about what is being done, with `more` HTML after it; said aloud is only what was done."""
    return f'<div class="qa-message"><p dir="auto">{escape(said)}</p>{more}</div>'


def render_notice(said: str, more: str = "") -> str:
    """The same about what was done, to be put away by a click."""
    away = (
        f'<button type="button" class="qa-close" data-qa-dismiss aria-label="{escape(strings.DISMISS)}">'
        f"{icon('close', 18)}</button>"
    )
    return f'<div class="qa-message" role="status" data-qa-done><p dir="auto">{escape(said)}</p>{more}{away}</div>'


def render_progress(progress: Progress | None) -> str:
    """A bar with words: which file, how many, how fast, how long still."""
    if progress is None:
        return render_status(strings.PREPARING)
    share = progress.bytes_done / progress.bytes if progress.bytes else 0.0
    name = one_line(progress.file.removeprefix(PREFIX), 60)
    line = strings.reading_file(name, progress.file_number, progress.files)
    pace = strings.indexing_speed(progress.passages, progress.passages_per_second, progress.seconds_left)
    bar = (
        f'<progress max="1" value="{share:.3f}" aria-label="{escape(strings.PROGRESS)}"></progress>'
        f'<p class="qa-details">{escape(pace)}</p>'
        f'<button type="button" class="qa-action" data-qa-stop>{escape(strings.STOP)}</button>'
    )
    return render_status(line, bar)


def render_results(results: Results) -> str:
    """A line for each file."""
    lines = "".join(
        f'<li><span dir="auto">{escape(one_line(name, 80))}</span> <span class="qa-details">{escape(said)}</span></li>'
        for name, said in results.items()
    )
    return render_notice(strings.UPLOAD_RESULTS if lines else strings.UP_TO_DATE, f"<ul>{lines}</ul>" if lines else "")


def render_deletion(receipt: Receipt) -> str:
    """Render what was deleted, with an undo button when the file itself was kept."""
    name = receipt.name.removeprefix(PREFIX)
    undo = (
        f'<button type="button" class="qa-action" data-qa-restore="{escape(receipt.name)}">{escape(strings.UNDO)}</button>'  # noqa: E501
        if name == receipt.name
        else ""
    )
    return render_notice(strings.document_deleted(name, receipt.passages, receipt.turns, not receipt.found), undo)


def render_download(file: str, kind: str, text: str, request: str) -> str:
    """Render a file for the page's script to save; `request` is the number that it asked under."""
    # A browser's parser would turn a line end of two characters into one.
    written = escape(text).replace("\r", "&#13;")
    return (
        f'<div hidden data-qa-file="{escape(file)}" data-qa-type="{kind}" '
        f'data-qa-request="{escape(request)}" data-qa-text="{written}"></div>'
    )


def render_response(html: str, request: str) -> str:
    """Wrap what the viewer shows with the number under which the page's script asked for it."""
    return f'<div class="qa-response" data-qa-request="{escape(request)}">{html}</div>'
