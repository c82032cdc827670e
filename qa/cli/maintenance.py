"""The commands that look after a corpus: qa status | watch | forget | doctor."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from embeddings.plugins import DEFAULT_ENCODER, DEFAULT_STORE
from qa.cli.common import (
    AsJson,
    CorpusOption,
    EncoderOption,
    ModelOption,
    OnePath,
    Paths,
    StoreOption,
    json_text,
    open_corpus,
    print_notes,
    stored_corpus,
    stored_folder,
)

app = typer.Typer()


@app.command()
def status(
    path: OnePath = None,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
    as_json: AsJson = False,
) -> None:
    """Show what became of each file, when, why, and how long it took.

    Example: qa status ~/reports
    """
    from dataclasses import asdict

    from qa.cli.printing import ledger_as_text

    with stored_corpus(path, encoder, model) as corpus:
        if as_json:
            files = [asdict(entry) for entry in corpus.ledger()]
            about = {"folder": str(corpus.folder), "passages": len(corpus), "fingerprint": corpus.fingerprint}
            typer.echo(json_text({**about, "files": files, "copies": corpus.copied()}))
            return
        typer.echo(f"{corpus.folder}: {len(corpus):,} passages, fingerprint {corpus.fingerprint}")
        typer.echo(ledger_as_text(corpus.ledger(), corpus.copied()))


@app.command()
def watch(
    paths: Paths,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Follow folders: what is added, changed, renamed or deleted there is taken in, until Ctrl-C.

    An open chat over them answers from the changed documents at once.

    Example: qa watch ~/reports
    """
    from qa.assistant import roots
    from qa.ingest.indexing import Report
    from qa.ingest.watching import watch as following

    with open_corpus(paths, encoder, model, store) as assistant:
        typer.echo(f"{assistant.report}. Watching; stop with Ctrl-C.")
        try:
            for became in following(assistant.corpus, roots(paths)):
                typer.echo(f"{became}.", err=not isinstance(became, Report))
        except KeyboardInterrupt:
            typer.echo("Stopped.")


@app.command()
def forget(
    file: Annotated[str, typer.Argument(help="A file of the corpus, by its path or as `qa status` names it.")],
    corpus: CorpusOption = None,
    undo: Annotated[bool, typer.Option("--undo", help="Let a forgotten file be read again.")] = False,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
    as_json: AsJson = False,
) -> None:
    """Remove all that is kept of a file, and search what is kept for anything left; exit code 1 if there is.

    The file itself is not touched, and not read again as long as it is there.

    Example: qa forget ~/reports/a.txt --corpus ~/reports
    """
    from dataclasses import asdict

    from qa.assistant import roots
    from qa.history import erasure
    from qa.history.store import Conversations
    from qa.ingest.files import corpus_name

    with stored_corpus(Path(corpus) if corpus else None, encoder, model) as held:
        known = {entry.name for entry in held.ledger()}
        name = file if file in known else corpus_name(Path(file).expanduser(), roots(corpus))
        if undo:
            erasure.remember(held, name)
            typer.echo(f"{name} is read again by: qa index")
            return
        with closing(Conversations.about(held)) as kept:
            receipt = erasure.forget(held, kept, name)
    typer.echo(json_text(asdict(receipt)) if as_json else str(receipt))
    raise typer.Exit(1 if receipt.found else 0)


@app.command()
def doctor(
    path: OnePath = None,
    repair: Annotated[bool, typer.Option("--repair", help="Make a damaged corpus anew, after a copy.")] = False,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
) -> None:
    """Check a corpus on disk and report; nothing is changed but derived files that are made again.

    With --repair, a damaged corpus is copied and made anew from the documents, which are never touched.

    Example: qa doctor ~/reports
    """
    from qa.errors import DamagedCorpus
    from qa.store.integrity import set_aside
    from qa.store.lock import sole_writer

    try:
        with stored_corpus(path, encoder, model) as corpus:
            folder, problems = corpus.folder, corpus.check()
            print_notes(corpus.notes)
            typer.echo("\n".join(problems) or f"{folder}: {len(corpus):,} passages, all as they were written.")
    except DamagedCorpus as error:
        if not repair:
            raise
        folder, problems = stored_folder(path, encoder, model), [str(error)]
    if problems and repair:
        with sole_writer(folder, lambda note: print_notes([note])):
            copy = set_aside(folder)
        with open_corpus(path, encoder, model, DEFAULT_STORE) as assistant:
            typer.echo(f"made anew: {assistant.report}; what was there is kept in {copy}")
    raise typer.Exit(1 if problems and not repair else 0)
