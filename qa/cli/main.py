"""The command line: qa ask | index | serve | eval | status | watch | forget | doctor."""

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
    EncoderOption,
    ModelOption,
    OnePath,
    Paths,
    StoreOption,
    json_text,
    open_corpus,
    print_notes,
)
from qa.errors import QAError

if TYPE_CHECKING:  # imported by the commands that need them: --help and a usage error come at once
    from qa.assistant import Assistant
    from qa.history.store import Conversations

app = typer.Typer(
    help="Answers questions about your documents in their own words, with the place of every word.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Add --debug to any command to see the traceback of an error.",
)


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
    from qa.assistant import clean_question
    from qa.history.rendering import answer_as_text

    question = clean_question(question)
    with open_corpus(corpus, encoder, model, store, answerer, patience=0) as assistant:
        answer = assistant.ask(question, min_confidence=min_confidence)
    typer.echo(json_text(answer.to_dict()) if as_json else answer_as_text(answer))


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
    from qa.cli.printing import escape_unprintable

    with open_corpus(paths, encoder, model, store) as assistant:
        report = assistant.report
    failed = [entry for entry in report.entries if entry.status == "failed"]
    if as_json:
        from dataclasses import asdict

        typer.echo(json_text([asdict(entry) for entry in report.entries]))
    else:
        typer.echo(f"{report}.")
        for entry in failed:
            typer.echo(f"failed: {escape_unprintable(entry.name)} {escape_unprintable(entry.reason)}", err=True)
    raise typer.Exit(1 if failed else 0)


@app.command()
def serve(
    path: OnePath = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; other than loopback only with --auth-file.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 7860,
    auth_file: Annotated[
        Path | None, typer.Option(help="Ask for a password: a file with a line NAME:PASSWORD for each person.")
    ] = None,
    mcp: Annotated[bool, typer.Option("--mcp", help="Let assistants ask, as a tool over MCP.")] = False,
    encoder: EncoderOption = DEFAULT_ENCODER,
    model: ModelOption = None,
    store: StoreOption = DEFAULT_STORE,
    answerer: AnswererOption = DEFAULT_ANSWERER,
) -> None:
    """Open the web chat and print its address; over an empty folder, documents are added on the page.

    Example: qa serve ~/reports
    """
    from qa.web.access import check_host, check_mcp, free_port, read_users

    users = read_users(auth_file) if auth_file else None  # all of this before what may be minutes of indexing
    check_host(host, bool(users))
    check_mcp(mcp)
    free_port(host, port)
    with open_corpus(path, encoder, model, store, answerer, patience=0, may_be_empty=True) as assistant:
        from qa.web.server import launch

        launch(assistant, host=host, port=port, users=users, mcp=mcp)


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
    sample: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="Score a fixed sample of at most N questions per set. Large corpora are cut to the evidence and 500 "
            "other documents. With --floors, sets without a floor are skipped.",
        ),
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
    from qa.cli.printing import scores_as_text
    from qa.evaluate.scorecard import evaluate as score
    from qa.evaluate.thresholds import below_floors, read_floors

    least = read_floors(floors) if floors else {}
    if from_feedback:
        from qa.evaluate.feedback import write_rated_set

        with open_corpus(corpus, encoder, model, store, answerer) as assistant, _conversations(assistant) as kept:
            print_notes([f"rated answers in {folder / 'questions.jsonl'}: {write_rated_set(folder, kept.all()):,}"])
    scores = score(
        folder,
        corpus,
        lambda source: open_corpus(source, encoder, model, store, answerer),
        sample=sample,
        only=least.keys() if floors and sample else None,
    )
    if predictions:
        written = {id: text for one in scores for id, text in one.predictions.items()}
        predictions.write_text(json.dumps(written, ensure_ascii=False, indent=2), "utf-8")
    shown = [one.to_dict() for one in scores]
    typer.echo(json_text(shown[0] if len(shown) == 1 else shown) if as_json else scores_as_text(shown))
    for line in (lower := below_floors(scores, least)):
        typer.echo(line, err=True)
    raise typer.Exit(1 if lower else 0)


def _conversations(assistant: "Assistant") -> "closing[Conversations]":
    from qa.history.store import Conversations

    return closing(Conversations.about(assistant.corpus))


app.add_typer(maintenance.app)


def main() -> None:
    """Run a command; errors are one line on stderr, a traceback only with --debug or QA_DEBUG."""
    atexit.register(gc.freeze)  # else all that was imported is looked through once more at the end, for 0.2 s
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
