"""Options that several commands share, and helpers to open a corpus, show progress and print."""

import codecs
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.answering.protocol import DEFAULT_ANSWERER
from qa.store.lock import PATIENCE_SECONDS

if TYPE_CHECKING:  # imported where needed, so that --help and usage errors are instant
    from qa.assistant import Assistant, Source
    from qa.ingest.progress import OnProgress, Progress
    from qa.store.corpus import Corpus

CorpusOption = Annotated[
    str | None, typer.Option("--corpus", help="A file, a folder or a .jsonl. Default: the five built-in reports.")
]
Paths = Annotated[list[Path], typer.Argument(help="Files, folders or .jsonl files to index.", readable=False)]
OnePath = Annotated[
    Path | None, typer.Argument(help="A file, a folder or a .jsonl. Default: the built-in reports.", readable=False)
]
EncoderOption = Annotated[str, typer.Option("--encoder", help="Encoder plugin.")]
ModelOption = Annotated[str | None, typer.Option("--model", help="Built-in model, folder, or Hugging Face name.")]
StoreOption = Annotated[str, typer.Option("--store", help="Vector store plugin.")]
AnswererOption = Annotated[str, typer.Option("--answerer", help="Answerer plugin.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def open_corpus(
    corpus: "Source",
    encoder: str,
    model: str | None,
    store: str,
    answerer: str = DEFAULT_ANSWERER,
    *,
    patience: float = PATIENCE_SECONDS,
    may_be_empty: bool = False,
) -> "Assistant":
    """Bring a corpus up to date and open it; print any notes about it on stderr.

    Raises:
        CorpusError, EmbeddingError: see Assistant.open.
    """
    from embeddings import load_encoder
    from qa.assistant import Assistant, roots
    from qa.ingest.files import check_roots

    check_roots(roots(corpus))  # fails at once, before the encoder is loaded
    loaded = load_encoder(encoder, model)
    assistant = Assistant.open(
        corpus,
        encoder=loaded,
        store=store,
        answerer=answerer,
        progress=progress_bar(),
        notify=lambda note: print_notes([note]),
        patience=patience,
        may_be_empty=may_be_empty,
    )
    print_notes([*assistant.corpus.repairs, *filter(None, [assistant.report.note])])
    return assistant


def stored_folder(path: Path | None, encoder: str, model: str | None) -> Path:
    """Return the folder that holds the index of `path`.

    Raises:
        CorpusError: `path` is not indexed yet.
    """
    from embeddings import load_encoder
    from qa.assistant import roots
    from qa.errors import CorpusError
    from qa.ingest.indexing import corpus_folder
    from qa.store.schema import DATABASE_FILE

    folder = corpus_folder(roots(path), load_encoder(encoder, model))
    if not (folder / DATABASE_FILE).exists():
        wanted = f"qa index {path}" if path else 'qa ask "…"'
        raise CorpusError(f"{path or 'the built-in corpus'} is not indexed yet; type: {wanted}")
    return folder


def stored_corpus(path: Path | None, encoder: str, model: str | None) -> "closing[Corpus]":
    """Open the index of `path` without bringing it up to date; the context manager closes it.

    Raises:
        CorpusError: `path` is not indexed yet, or its index is damaged.
    """
    from embeddings import load_encoder
    from qa.store.corpus import Corpus

    return closing(Corpus(stored_folder(path, encoder, model), load_encoder(encoder, model)))


def progress_bar() -> "OnProgress | None":
    """Return a callback that shows a progress bar after one second; None when stderr is not a terminal."""
    if not sys.stderr.isatty():
        return None
    from tqdm import tqdm

    bar = tqdm(unit="B", unit_scale=True, delay=1, leave=False)

    def show(progress: "Progress") -> None:
        bar.total = progress.bytes
        bar.set_description(progress.file[-40:], refresh=False)
        files = f"file {progress.file_number:,} of {progress.files:,}"
        pace = f"{progress.passages:,} passages, {progress.passages_per_second:,.0f}/s"
        bar.set_postfix_str(f"{files}, {pace}", refresh=False)
        bar.update(progress.bytes_done - bar.n)

    return show


def print_notes(notes: Sequence[str]) -> None:
    """Print each note on stderr."""
    for note in notes:
        typer.echo(f"note: {note}", err=True)


def json_text(value: object) -> str:
    """Format as JSON, with escapes for non-ASCII characters unless stdout is UTF-8."""
    return json.dumps(value, ensure_ascii=codecs.lookup(sys.stdout.encoding).name != "utf-8", indent=2)
