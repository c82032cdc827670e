"""The command line: qa ask | index | serve | eval | status | forget | doctor."""

import codecs
import io
import json
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from embeddings.errors import EmbeddingError
from embeddings.plugins import DEFAULT_ENCODER, DEFAULT_STORE
from qa.answering import DEFAULT_ANSWERER
from qa.errors import QAError

if TYPE_CHECKING:  # imported by the commands that need them: --help and a usage error come at once
    from qa.assistant import Assistant, Source
    from qa.conversations import Conversations
    from qa.corpus import Corpus
    from qa.progress import Progress, Told

app = typer.Typer(
    help="Answers questions about your documents in their own words, with the place of every word.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Add --debug to any command to see the traceback of an error.",
)

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


def _open(
    corpus: "Source", encoder: str, model: str | None, store: str, answerer: str = DEFAULT_ANSWERER
) -> "Assistant":
    from embeddings import load_encoder
    from qa.assistant import Assistant, roots
    from qa.documents import check_roots

    check_roots(roots(corpus))  # said at once, before the encoder is loaded
    loaded = load_encoder(encoder, model)
    return Assistant.open(corpus, encoder=loaded, store=store, answerer=answerer, progress=_progress())


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    corpus: CorpusOption = None,
    min_confidence: Annotated[
        float | None, typer.Option(help="Refuse below this probability, 0 to 1.", min=0, max=1)
    ] = None,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
    store: StoreOption = DEFAULT_STORE,
    answerer: AnswererOption = DEFAULT_ANSWERER,
    as_json: AsJson = False,
) -> None:
    """Answer one question, with numbered sources.

    Example: qa ask "How long did the talks between Lavrov and Blinken in Geneva last?"
    """
    from qa.assistant import cleaned
    from qa.rendering import answer_as_text

    question = cleaned(question)
    with _open(corpus, encoder, model, store, answerer) as assistant:
        answer = assistant.ask(question, min_confidence=min_confidence)
        _say(assistant.corpus.notes)
    typer.echo(_json(answer.to_dict()) if as_json else answer_as_text(answer))


@app.command()
def index(
    paths: Paths,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
    store: StoreOption = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Read, cut and embed what is new or changed; exit code 1 if a file could not be read.

    Example: qa index ~/reports
    """
    with _open(paths, encoder, model, store) as assistant:
        report = assistant.report
        _say(assistant.corpus.notes)
    failed = [entry for entry in report.entries if entry.status == "failed"]
    if as_json:
        from dataclasses import asdict

        typer.echo(_json([asdict(entry) for entry in report.entries]))
    else:
        typer.echo(f"{report}.")
        for entry in failed:
            typer.echo(f"failed: {entry.name} {entry.reason}", err=True)
    raise typer.Exit(1 if failed else 0)


@app.command()
def serve(
    path: OnePath = None,
    host: Annotated[str, typer.Option(help="Address to listen on; only loopback is allowed.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 7860,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
    store: StoreOption = DEFAULT_STORE,
    answerer: AnswererOption = DEFAULT_ANSWERER,
) -> None:
    """Open the web chat and print its address.

    Example: qa serve ~/reports
    """
    from qa.web.guard import check_host, free_port

    check_host(host)  # both before what may be minutes of indexing
    free_port(host, port)
    with _open(path, encoder, model, store, answerer) as assistant:
        from app import launch

        _say(assistant.corpus.notes)
        launch(assistant, host=host, port=port)


@app.command("eval")
def evaluate(
    folder: Annotated[Path, typer.Argument(help="An evaluation set, or a folder of them.")],
    corpus: CorpusOption = None,
    predictions: Annotated[Path | None, typer.Option(help="Write question ids and answers to this JSON file.")] = None,
    from_feedback: Annotated[
        bool, typer.Option(help="First write the set: what people thought of answers about this corpus.")
    ] = False,
    floors: Annotated[
        Path | None, typer.Option(help="JSON of sets and their least scores; exit code 1 when one is lower.")
    ] = None,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
    store: StoreOption = DEFAULT_STORE,
    answerer: AnswererOption = DEFAULT_ANSWERER,
    as_json: AsJson = False,
) -> None:
    """Score retrieval, answers, citations and refusals.

    Example: qa eval tests/sets/seeds --json
    """
    from qa.evaluation import evaluate as score
    from qa.floors import fallen, read_floors
    from qa.rendering import scores_as_text

    least = read_floors(floors) if floors else {}
    if from_feedback:
        from qa.feedback import write_set

        with _open(corpus, encoder, model, store, answerer) as assistant, _conversations(assistant) as kept:
            _say([f"rated answers in {folder / 'questions.jsonl'}: {write_set(folder, kept.all()):,}"])
    scores = score(folder, corpus, lambda source: _open(source, encoder, model, store, answerer))
    if predictions:
        written = {id: text for one in scores for id, text in one.predictions.items()}
        predictions.write_text(json.dumps(written, ensure_ascii=False, indent=2), "utf-8")
    shown = [one.to_dict() for one in scores]
    typer.echo(_json(shown[0] if len(shown) == 1 else shown) if as_json else scores_as_text(shown))
    for line in (lower := fallen(scores, least)):
        typer.echo(line, err=True)
    raise typer.Exit(1 if lower else 0)


@app.command()
def status(path: OnePath = None, encoder: EncoderOption = DEFAULT_ENCODER, model: ModelOption = None) -> None:
    """Show what became of each file when it was last indexed.

    Example: qa status ~/reports
    """
    from qa.rendering import ledger_as_text

    with _corpus(path, encoder, model) as corpus:
        typer.echo(f"{corpus.folder}: {len(corpus):,} passages, fingerprint {corpus.fingerprint}")
        typer.echo(ledger_as_text(corpus.ledger(), corpus.copied()))


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

    from qa import forgetting
    from qa.assistant import roots
    from qa.conversations import Conversations
    from qa.documents import name_of

    with _corpus(Path(corpus) if corpus else None, encoder, model) as opened:
        known = {entry.name for entry in opened.ledger()}
        name = file if file in known else name_of(Path(file).expanduser(), roots(corpus))
        if undo:
            forgetting.remember(opened, name)
            typer.echo(f"{name} is read again by: qa index")
            return
        with closing(Conversations.about(opened)) as kept:
            receipt = forgetting.forget(opened, kept, name)
    typer.echo(_json(asdict(receipt)) if as_json else str(receipt))
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
    from qa.doctoring import set_aside
    from qa.errors import DamagedCorpus

    try:
        with _corpus(path, encoder, model) as corpus:
            folder, problems = corpus.folder, corpus.check()
            _say(corpus.notes)
            typer.echo("\n".join(problems) or f"{folder}: {len(corpus):,} passages, all as they were written.")
    except DamagedCorpus as error:
        if not repair:
            raise
        folder, problems = _folder(path, encoder, model), [str(error)]
    if problems and repair:
        copy = set_aside(folder)
        with _open(path, encoder, model, DEFAULT_STORE) as assistant:
            typer.echo(f"made anew: {assistant.report}; what was there is kept in {copy}")
    raise typer.Exit(1 if problems and not repair else 0)


def _folder(path: Path | None, encoder: str, model: str | None) -> Path:
    from embeddings import load_encoder
    from qa.assistant import roots
    from qa.database import FILE
    from qa.errors import CorpusError
    from qa.indexing import corpus_folder

    folder = corpus_folder(roots(path), load_encoder(encoder, model))
    if not (folder / FILE).exists():
        wanted = f"qa index {path}" if path else 'qa ask "…"'
        raise CorpusError(f"{path or 'the built-in corpus'} is not indexed yet; type: {wanted}")
    return folder


def _corpus(path: Path | None, encoder: str, model: str | None) -> "closing[Corpus]":
    from embeddings import load_encoder
    from qa.corpus import Corpus

    return closing(Corpus(_folder(path, encoder, model), load_encoder(encoder, model)))


def _conversations(assistant: "Assistant") -> "closing[Conversations]":
    from qa.conversations import Conversations

    return closing(Conversations.about(assistant.corpus))


def _progress() -> "Told | None":
    """A bar on a terminal once the work takes more than a second; nothing elsewhere."""
    if not sys.stderr.isatty():
        return None
    from tqdm import tqdm

    bar = tqdm(unit="B", unit_scale=True, delay=1, leave=False)

    def show(progress: "Progress") -> None:
        bar.total = progress.bytes
        bar.set_description(progress.file[-40:], refresh=False)
        files = f"file {progress.files_done + 1:,} of {progress.files:,}"
        pace = f"{progress.passages:,} passages, {progress.passages_per_second:,.0f}/s"
        bar.set_postfix_str(f"{files}, {pace}", refresh=False)
        bar.update(progress.bytes_done - bar.n)

    return show


def _say(notes: Sequence[str]) -> None:
    for note in notes:
        typer.echo(f"note: {note}", err=True)


def _json(value: object) -> str:
    """JSON that stays whole where the terminal's encoding lacks a character."""
    return json.dumps(value, ensure_ascii=codecs.lookup(sys.stdout.encoding).name != "utf-8", indent=2)


def main() -> None:
    """Run a command; errors are one line on stderr, a traceback only with --debug or QA_DEBUG."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a question mark for what the terminal cannot show, not a traceback
            stream.reconfigure(errors="replace")
    debug = "--debug" in sys.argv or bool(os.environ.get("QA_DEBUG"))
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    try:
        app(arguments, prog_name="qa")
    except (QAError, EmbeddingError, OSError) as error:
        if debug:
            raise
        typer.echo(f"qa: {' '.join(str(error).split())}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
