"""The commands that maintain a corpus: status, watch, forget and doctor."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from embeddings.plugins import DEFAULT_ENCODER, DEFAULT_STORE
from qa.cli.common import (
    AsJson,
    CorpusOption,
    CorpusPaths,
    EncoderOption,
    ModelOption,
    Paths,
    StoreOption,
    json_text,
    open_corpus,
    print_notes,
    print_outcomes,
    stored_corpus,
    stored_folder,
)

app = typer.Typer()


@app.command()
def status(
    paths: CorpusPaths = None,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
    as_json: AsJson = False,
) -> None:
    """Show when each file was indexed, or why not.

    A line holds the state, the passages, the time (UTC), how long it took, the name and the reason.

    Example: qa status ~/reports
    """
    from dataclasses import asdict

    from qa.cli.printing import ledger_as_text

    with stored_corpus(paths, encoder, model) as corpus:
        if as_json:
            files = [asdict(entry) for entry in corpus.ledger()]
            about = {"folder": str(corpus.folder), "passages": len(corpus), "fingerprint": corpus.fingerprint}
            typer.echo(json_text({**about, "files": files, "copies": corpus.near_duplicate_groups()}))
            return
        typer.echo(f"{corpus.folder}: {len(corpus):,} passages, fingerprint {corpus.fingerprint}")
        typer.echo(ledger_as_text(corpus.ledger(), corpus.near_duplicate_groups()))


@app.command()
def watch(
    paths: Paths,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Watch folders and re-index what changes, until Ctrl-C.

    Added, changed, renamed and deleted files count. A running chat answers from the changed documents at once.

    Example: qa watch ~/reports
    """
    from qa.ingest.indexing import Report
    from qa.ingest.watching import watch as watch_folders
    from qa.paths import roots

    with open_corpus(paths, encoder, model, store) as assistant:
        typer.echo(f"{assistant.report}. Watching; stop with Ctrl-C.")
        told = print_outcomes(assistant.report.entries)
        try:
            for report in watch_folders(assistant.corpus, roots(paths)):
                typer.echo(f"{report}.", err=not isinstance(report, Report))
                if isinstance(report, Report):
                    told = print_outcomes(report.entries, told)
        except KeyboardInterrupt:
            typer.echo("Stopped.")


@app.command()
def forget(
    file: Annotated[str, typer.Argument(help="The file's path, or its name in `qa status`.")],
    corpus: CorpusOption = None,
    undo: Annotated[bool, typer.Option("--undo", help="Let a forgotten file be indexed again.")] = False,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
    as_json: AsJson = False,
) -> None:
    """Erase a file from the index and from the chats.

    Then every stored byte is searched for what is left of it; exit code 1 if there is anything. The file itself is
    not touched, and not indexed again until --undo.

    Example: qa forget ~/reports/a.txt --corpus ~/reports
    """
    from dataclasses import asdict

    from qa.history import erasure
    from qa.history.store import ChatStore
    from qa.ingest.files import corpus_name
    from qa.paths import roots

    with stored_corpus(corpus, encoder, model) as stored:
        known = {entry.name for entry in stored.ledger()}
        name = file if file in known else corpus_name(Path(file).expanduser(), roots(corpus or None))
        if undo:
            erasure.undo_forget(stored, name)
            typer.echo(f"{name} will be read again; type: qa index")
            return
        with closing(ChatStore.for_corpus(stored)) as chats:
            receipt = erasure.forget(stored, chats, name)
    typer.echo(json_text(asdict(receipt)) if as_json else str(receipt))
    raise typer.Exit(1 if receipt.found else 0)


@app.command()
def doctor(
    paths: CorpusPaths = None,
    repair: Annotated[bool, typer.Option("--repair", help="Keep a copy of a damaged corpus, then rebuild it.")] = False,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
) -> None:
    """Check a corpus on disk and report damage. Only derived files are rebuilt.

    With --repair, a damaged corpus is copied and rebuilt from the documents, which are never touched.

    Example: qa doctor ~/reports
    """
    from qa.errors import DamagedCorpus
    from qa.store.integrity import set_aside
    from qa.store.lock import writer_lock

    try:
        with stored_corpus(paths, encoder, model) as corpus:
            folder, problems = corpus.folder, corpus.check()
            print_notes(corpus.repairs)
            typer.echo("\n".join(problems) or f"{folder}: {len(corpus):,} passages, no damage found.")
    except DamagedCorpus as error:
        if not repair:
            raise
        folder, problems = stored_folder(paths, encoder, model), [str(error)]
    if problems and repair:
        with writer_lock(folder, lambda note: print_notes([note])):
            copy = set_aside(folder)
        with open_corpus(paths, encoder, model, DEFAULT_STORE) as assistant:
            typer.echo(f"rebuilt: {assistant.report}; the damaged copy is kept in {copy}")
    raise typer.Exit(1 if problems and not repair else 0)
