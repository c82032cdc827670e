"""What the commands share: their options, and how they open a corpus, show progress and print."""

import codecs
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.answering.protocol import DEFAULT_ANSWERER
from qa.store.lock import PATIENCE

if TYPE_CHECKING:  # imported where they are needed: --help and a usage error come at once
    from qa.assistant import Assistant, Source
    from qa.ingest.progress import OnProgress, Progress
    from qa.store.corpus import Corpus

CorpusOption = Annotated[
    str | None, typer.Option("--corpus", help="A file, a folder or a .jsonl; without it, the five built-in reports.")
]
Paths = Annotated[list[Path], typer.Argument(help="Files, folders or .jsonl files.", readable=False)]
OnePath = Annotated[
    Path | None, typer.Argument(help="A file, a folder or a .jsonl; without it, the built-in reports.", readable=False)
]
EncoderOption = Annotated[str, typer.Option("--encoder", help="The encoder plugin.")]
ModelOption = Annotated[str | None, typer.Option("--model", help="A built-in model, a folder, or a hub name.")]
StoreOption = Annotated[str, typer.Option("--store", help="The vector store plugin.")]
AnswererOption = Annotated[str, typer.Option("--answerer", help="The answerer plugin.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def open_corpus(
    corpus: "Source",
    encoder: str,
    model: str | None,
    store: str,
    answerer: str = DEFAULT_ANSWERER,
    *,
    patience: float = PATIENCE,
    may_be_empty: bool = False,
) -> "Assistant":
    """The corpus brought up to date and opened, with its answerer; what there is to say of it is said.

    Raises:
        CorpusError, EmbeddingError: see Assistant.open.
    """
    from embeddings import load_encoder
    from qa.assistant import Assistant, roots
    from qa.ingest.files import check_roots

    check_roots(roots(corpus))  # said at once, before the encoder is loaded
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
    print_notes([*assistant.corpus.notes, *filter(None, [assistant.report.note])])
    return assistant


def stored_folder(path: Path | None, encoder: str, model: str | None) -> Path:
    """Where the corpus of `path` is kept.

    Raises:
        CorpusError: it is not indexed yet.
    """
    from embeddings import load_encoder
    from qa.assistant import roots
    from qa.errors import CorpusError
    from qa.ingest.indexing import corpus_folder
    from qa.store.schema import FILE

    folder = corpus_folder(roots(path), load_encoder(encoder, model))
    if not (folder / FILE).exists():
        wanted = f"qa index {path}" if path else 'qa ask "…"'
        raise CorpusError(f"{path or 'the built-in corpus'} is not indexed yet; type: {wanted}")
    return folder


def stored_corpus(path: Path | None, encoder: str, model: str | None) -> "closing[Corpus]":
    """The corpus of `path` as it was left, to be closed after use."""
    from embeddings import load_encoder
    from qa.store.corpus import Corpus

    return closing(Corpus(stored_folder(path, encoder, model), load_encoder(encoder, model)))


def progress_bar() -> "OnProgress | None":
    """A bar on a terminal once the work takes more than a second; nothing elsewhere."""
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
    """Notes, on stderr."""
    for note in notes:
        typer.echo(f"note: {note}", err=True)


def json_text(value: object) -> str:
    """JSON that stays whole where the terminal's encoding lacks a character."""
    return json.dumps(value, ensure_ascii=codecs.lookup(sys.stdout.encoding).name != "utf-8", indent=2)
