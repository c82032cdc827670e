"""The `qa` command: ask, index, serve, eval, status, watch, forget and doctor."""

import atexit
import gc
import io
import json
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from embeddings.errors import EmbeddingError
from embeddings.plugins import DEFAULT_ENCODER, DEFAULT_STORE
from qa.answering.protocol import DEFAULT_ANSWERER
from qa.cli import maintenance
from qa.cli.common import (
    AnswererOption,
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
)
from qa.errors import QAError

if TYPE_CHECKING:  # imported by the commands that need them, so that --help and usage errors are instant
    from qa.assistant import Assistant
    from qa.history.store import ChatStore

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Add --debug to any command to see the traceback of an error.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        import qa

        typer.echo(f"qa {qa.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Answer questions about your documents in their own words, each answer with its exact source."""


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question to answer.")],
    corpus: CorpusOption = None,
    min_confidence: Annotated[
        float | None, typer.Option(help="Refuse to answer below this probability, 0 to 1.", min=0, max=1)
    ] = None,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
    store: StoreOption = DEFAULT_STORE,
    answerer: AnswererOption = DEFAULT_ANSWERER,
    as_json: AsJson = False,
) -> None:
    """Answer one question and list its numbered sources.

    Example: qa ask "How long did the talks between Lavrov and Blinken in Geneva last?"
    """
    from qa.answering.question import clean_question
    from qa.history.rendering import answer_as_text

    question = clean_question(question)
    with open_corpus(corpus, encoder, model, store, answerer, patience=0) as assistant:
        answer = assistant.ask(question, min_confidence=min_confidence)
    typer.echo(json_text(answer.to_dict()) if as_json else answer_as_text(answer))


@app.command()
def index(
    paths: Paths,
    emptied: Annotated[
        bool, typer.Option("--emptied", help="Accept that a folder holds no file any more, and remove what it held.")
    ] = False,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
    store: StoreOption = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Index new and changed files; exit code 1 if a file cannot be read.

    Example: qa index ~/reports
    """
    with open_corpus(paths, encoder, model, store, emptied=emptied) as assistant:
        report = assistant.report
    if as_json:
        from dataclasses import asdict

        typer.echo(json_text([asdict(entry) for entry in report.entries]))
    else:
        typer.echo(f"{report}.")
        print_outcomes(report.entries)
    raise typer.Exit(1 if report.count("failed") else 0)


@app.command()
def serve(
    paths: CorpusPaths = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; one other than loopback needs --auth-file.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 7860,
    auth_file: Annotated[
        Path | None, typer.Option(help="Ask for a password: a file with one NAME:PASSWORD per line.")
    ] = None,
    mcp: Annotated[
        bool, typer.Option("--mcp", help="Also offer the chat as a tool to AI assistants over MCP.")
    ] = False,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
    store: StoreOption = DEFAULT_STORE,
    answerer: AnswererOption = DEFAULT_ANSWERER,
) -> None:
    """Start the web chat and print its address. Documents can also be added on the page.

    Example: qa serve ~/reports
    """
    from qa.web.access import check_host, check_mcp, free_port, read_users

    users = read_users(auth_file) if auth_file else None  # before indexing, which may take minutes
    check_host(host, bool(users))
    check_mcp(mcp)
    free_port(host, port)
    with open_corpus(paths, encoder, model, store, answerer, patience=0, may_be_empty=True) as assistant:
        print_outcomes(assistant.report.entries)
        from qa.web.server import launch

        launch(assistant, host=host, port=port, users=users, mcp=mcp)


@app.command("eval")
def evaluate(
    folder: Annotated[Path, typer.Argument(help="An evaluation set, or a folder of sets.")],
    corpus: CorpusOption = None,
    predictions: Annotated[
        Path | None, typer.Option(help="Write every question id with its answer to this JSON file.")
    ] = None,
    from_feedback: Annotated[
        bool, typer.Option(help="First write the set to FOLDER, from the ratings of answers about this corpus.")
    ] = False,
    floors: Annotated[
        Path | None,
        typer.Option(help="JSON file of the lowest score allowed per set; exit code 1 when a score is lower."),
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="Score a fixed sample of at most N questions per set, over at most 150 documents: the evidence and "
            "others. With --floors, sets without a floor are skipped.",
        ),
    ] = None,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
    store: StoreOption = DEFAULT_STORE,
    answerer: AnswererOption = DEFAULT_ANSWERER,
    as_json: AsJson = False,
) -> None:
    """Score retrieval, answers, citations and refusals.

    Example: qa eval tests/data/questions
    """
    from qa.cli.printing import scores_as_text
    from qa.evaluate.scorecard import evaluate as score
    from qa.evaluate.thresholds import below_floors, read_floors

    lowest = read_floors(floors) if floors else {}
    if from_feedback:
        from qa.evaluate.feedback import write_rated_set

        with open_corpus(corpus, encoder, model, store, answerer) as assistant, _chats(assistant) as chats:
            written = write_rated_set(folder, chats.all_chats())
        print_notes([f"wrote {written:,} rated answers to {folder / 'questions.jsonl'}"])
    problems: list[str] = []
    scores = score(
        folder,
        corpus or None,
        lambda source: open_corpus(source, encoder, model, store, answerer),
        sample=sample,
        only=lowest.keys() if floors and sample else None,
        on_problem=problems.append,
    )
    if predictions:
        answers = {id: text for one in scores for id, text in one.predictions.items()}
        predictions.write_text(json.dumps(answers, ensure_ascii=False, indent=2), "utf-8")
    results = [one.to_dict() for one in scores]
    if results:
        typer.echo(json_text(results[0] if len(results) == 1 else results) if as_json else scores_as_text(results))
    failures = [*problems, *below_floors(scores, lowest)]
    for line in failures:
        typer.echo(line, err=True)
    raise typer.Exit(1 if failures else 0)


def _chats(assistant: "Assistant") -> "closing[ChatStore]":
    from qa.history.store import ChatStore

    return closing(ChatStore.for_corpus(assistant.corpus))


app.add_typer(maintenance.app)


def main() -> None:
    """Run a command; print an error as one line on stderr, or as a traceback with --debug or QA_DEBUG."""
    atexit.register(gc.freeze)  # skips the last garbage collection over every imported module, which takes 0.2 s
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # print ? for a character the terminal cannot show
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
