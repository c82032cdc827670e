"""Options that several commands share, and helpers to open a corpus, show progress and print."""

import codecs
import json
import sys
from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from qa.answering.protocol import DEFAULT_ANSWERER
from qa.cli.printing import escape_unprintable
from qa.store.lock import PATIENCE_SECONDS

if TYPE_CHECKING:  # imported where needed, so that --help and usage errors are instant
    from tqdm import tqdm

    from qa.assistant import Assistant
    from qa.ingest.progress import Progress
    from qa.paths import Source
    from qa.store.corpus import Corpus
    from qa.store.queries import Entry

CorpusOption = Annotated[
    list[str] | None,
    typer.Option(
        "--corpus",
        help="A file, a folder or a .jsonl; may be given several times. Default: the five built-in reports.",
    ),
]
Paths = Annotated[list[Path], typer.Argument(help="Files, folders or .jsonl files to index.", readable=False)]
CorpusPaths = Annotated[
    list[Path] | None,
    typer.Argument(help="Files, folders or .jsonl files. Default: the built-in reports.", readable=False),
]
EncoderOption = Annotated[str, typer.Option("--encoder", help="Encoder plugin.")]
ModelOption = Annotated[str | None, typer.Option("--model", help="Built-in model, folder, or Hugging Face name.")]
StoreOption = Annotated[str, typer.Option("--store", help="Vector store plugin.")]
AnswererOption = Annotated[str, typer.Option("--answerer", help="Answerer plugin.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


INTERRUPTED = 130
"""Exit code of a command stopped with Ctrl-C, as shells have it."""

MAX_PROGRESS_CHARS = 62
LINE_FORMAT = "{percentage:3.0f}% {bar:10} {desc}"


def open_corpus(
    corpus: "Source",
    encoder: str,
    model: str | None,
    store: str,
    answerer: str = DEFAULT_ANSWERER,
    *,
    patience: float = PATIENCE_SECONDS,
    may_be_empty: bool = False,
    emptied: bool = False,
) -> "Assistant":
    """Bring a corpus up to date and open it; print any notes about it on stderr.

    Raises:
        CorpusError, EmbeddingError: see Assistant.open.
    """
    from embeddings import load_encoder
    from qa.assistant import Assistant
    from qa.ingest.files import check_roots
    from qa.paths import roots

    corpus = corpus or None
    check_roots(roots(corpus))  # fails at once, before the encoder is loaded
    loaded = load_encoder(encoder, model)
    progress = ProgressLine()
    try:
        assistant = Assistant.open(
            corpus,
            encoder=loaded,
            store=store,
            answerer=answerer,
            progress=progress,
            notify=lambda note: print_notes([note]),
            patience=patience,
            may_be_empty=may_be_empty or emptied,
            emptied=emptied,
        )
    except KeyboardInterrupt:
        progress.close()
        typer.echo(progress.interrupted(), err=True)
        raise typer.Exit(INTERRUPTED) from None
    progress.close()
    print_notes([*assistant.corpus.repairs, *filter(None, [assistant.report.note])])
    return assistant


def stored_folder(paths: "Source", encoder: str, model: str | None) -> Path:
    """Return the folder that holds the index of `paths`.

    Raises:
        CorpusError: they are not indexed yet, or not together.
    """
    from embeddings import load_encoder
    from qa.errors import CorpusError
    from qa.ingest.indexing import corpus_folder
    from qa.paths import roots
    from qa.store.schema import DATABASE_FILE

    folder = corpus_folder(roots(paths or None), load_encoder(encoder, model))
    if not (folder / DATABASE_FILE).exists():
        named = " ".join(map(str, roots(paths))) if paths else ""
        wanted = f"qa index {named}" if named else 'qa ask "…"'
        raise CorpusError(f"{named or 'the built-in corpus'} is not indexed yet; type: {wanted}")
    return folder


def stored_corpus(paths: "Source", encoder: str, model: str | None) -> "closing[Corpus]":
    """Open the index of `paths` without bringing it up to date; the context manager closes it.

    Raises:
        CorpusError: `paths` are not indexed yet, or their index is damaged.
    """
    from embeddings import load_encoder
    from qa.store.corpus import Corpus

    return closing(Corpus(stored_folder(paths, encoder, model), load_encoder(encoder, model)))


class ProgressLine:
    """Shows the progress of indexing on one line of 80 columns, after one second, where stderr is a terminal."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None
        self._last: Progress | None = None

    def __call__(self, progress: "Progress") -> None:
        """Show how far the run is."""
        self._last = progress
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=progress.bytes, delay=1, leave=False, ncols=79, bar_format=LINE_FORMAT, disable=None)
        self._bar.set_description_str(progress_text(progress), refresh=False)
        self._bar.update(progress.bytes_done - self._bar.n)

    def close(self) -> None:
        """Remove the line."""
        if self._bar is not None:
            self._bar.close()

    def interrupted(self) -> str:
        """Say what is kept of a run that was stopped."""
        if self._last is None:
            return "Stopped before anything was indexed."
        return (
            f"Stopped. {self._last.files_done:,} of {self._last.files:,} files are done and kept; "
            "type the same again to go on."
        )


def progress_text(progress: "Progress") -> str:
    """Return what is being done in at most MAX_PROGRESS_CHARS characters."""
    counted = f"file {progress.file_number:,} of {progress.files:,}, {progress.passages:,} passages"
    counted += f", {progress.passages_per_second:,.0f}/s" if progress.passages else ""
    name = escape_unprintable(progress.file)
    room = max(MAX_PROGRESS_CHARS - len(counted) - 2, 8)
    return f"{counted}: {name if len(name) <= room else '…' + name[-room + 1 :]}"


def print_outcomes(entries: "Sequence[Entry]", told: Collection[str] = ()) -> Sequence[str]:
    """Print on stderr what became of each file that was not read, or not wholly, but the lines in `told`.

    Return all the lines.
    """
    from qa.cli.printing import outcome_lines

    lines = outcome_lines(entries)
    for line in lines:
        if line not in told:
            typer.echo(line, err=True)
    return lines


def print_notes(notes: Sequence[str]) -> None:
    """Print each note on stderr."""
    for note in notes:
        typer.echo(f"note: {note}", err=True)


def json_text(value: object) -> str:
    """Format as JSON, with escapes for non-ASCII characters unless stdout is UTF-8."""
    return json.dumps(value, ensure_ascii=codecs.lookup(sys.stdout.encoding).name != "utf-8", indent=2)
