"""Serve the web page: `python app.py` for the built-in corpus, `qa serve PATH` for any other."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from threading import Event
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr
from gradio.events import api
from gradio.utils import get_upload_folder
from starlette.middleware import Middleware

from qa.assistant import Assistant
from qa.errors import QAError
from qa.history.store import ChatStore
from qa.ingest.files import is_inside
from qa.ingest.uploads import max_upload_bytes
from qa.web import chat
from qa.web.access import SecurityMiddleware, Users, check_host, check_mcp, free_port
from qa.web.admission import ActiveWork
from qa.web.handlers import Handlers, Payload
from qa.web.html.page import render_composer, render_header

ACTIVE_WORK = ActiveWork()
"""Work in progress for anybody who uses a page of this process."""

SCRIPTS = ("page.js", "quote_card.js", "document_list.js", "chat_list.js")
"""The page's scripts in the order in which they run, in one function, once the thread is on the page."""

MAX_CONCURRENT_EVENTS = 64
"""Events from the page handled at once; qa/web/admission.py limits how many of them are questions being answered."""

MAX_CONCURRENT_CALLS = 4
"""Questions from programs answered at once."""

MAX_REFUSAL_PASSAGES = 3
"""Passages that an assistant gets with a refusal; more would only fill its context."""

MAX_QUEUED_CALLS = 200
"""Calls that may wait; when more do, the next program that calls gets an error."""


HIDDEN: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": True}
"""Options of every event of the page: programs do not see it, and Gradio draws no progress of its own."""

REPEATABLE = HIDDEN | {"trigger_mode": "multiple"}
"""Options of an event that may come again while it is being handled."""

CONCURRENT = REPEATABLE | {"concurrency_limit": MAX_CONCURRENT_EVENTS}
"""Options of an event that is handled for several people at once."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The components of the page that events change."""

    head: gr.HTML
    messages: gr.HTML
    thread: gr.HTML
    viewer: gr.HTML
    downloads: gr.HTML
    upload_field: gr.File


def build(assistant: Assistant, *, mcp: bool = False) -> gr.Blocks:
    """Build the page of one corpus without serving it; with `mcp`, add the endpoint that assistants call as a tool."""
    handlers = Handlers(assistant, ChatStore.for_corpus(assistant.corpus))
    page = gr.Blocks(title=handlers.document_list.name, analytics_enabled=False, fill_width=True, fill_height=True)
    with page:
        parts = _lay_out(handlers)
        page.load(lambda: render_header(handlers.document_list), None, parts.head, **HIDDEN)
        _connect_chat(handlers, parts)
        _connect_documents(handlers, parts)
        _add_endpoints(assistant, mcp)
    return page


def _lay_out(handlers: Handlers) -> Parts:
    head = _html(render_header(handlers.document_list), "qa-head")
    messages = _html("", "qa-messages")
    with gr.Row(elem_id="qa-body"):
        with gr.Column(elem_id="qa-chat"):
            thread = _html(handlers.empty, "qa-thread", "\n".join(map(_asset, SCRIPTS)))
            _html(render_composer(max_upload_bytes()), "qa-composer")
        viewer = _html("", "qa-viewer")
    downloads = _html("", "qa-downloads")
    upload_field = gr.File(file_count="multiple", elem_id="qa-uploads", show_label=False)
    return Parts(head, messages, thread, viewer, downloads, upload_field)


def _connect_chat(handlers: Handlers, parts: Parts) -> None:
    """Connect the events that the page's scripts trigger to their handlers and the parts that show the results."""
    thread = parts.thread
    answer = _streaming_handler(handlers.ask)
    asked = thread.submit(answer, None, thread, concurrency_limit=MAX_CONCURRENT_EVENTS, **HIDDEN)
    thread.clear(lambda: handlers.empty, None, thread, cancels=[asked], **HIDDEN)
    for event, handler, part in (
        (thread.input, handlers.show, thread),
        (thread.like, handlers.rate, thread),
        (thread.select, handlers.open, parts.viewer),
        (thread.edit, handlers.rename, parts.viewer),
        (thread.delete, handlers.delete, parts.viewer),
        (thread.download, handlers.export, parts.downloads),
    ):
        event(_event_handler(handler), None, part, **CONCURRENT)


def _connect_documents(handlers: Handlers, parts: Parts) -> None:
    """Connect the events that add and delete documents; their handlers report in the messages."""

    def add(files: list[str] | None, too_large: object) -> Iterator[str]:
        uploads = (file for file in files or [] if is_inside(Path(file), Path(get_upload_folder())))
        # Gradio's field still lists files uploaded before, which have been moved away.
        present = [file for file in dict.fromkeys(uploads) if Path(file).is_file()]
        yield from _counted_steps(handlers.add(present, too_large))

    thread, field, messages = parts.thread, parts.upload_field, parts.messages
    too_large = gr.JSON(visible=False)
    sent = "files => [files, window.qaTooLarge()]"
    upload = field.upload(add, [field, too_large], messages, js=sent, **REPEATABLE)
    thread.upload(_streaming_handler(handlers.refuse), None, messages, **CONCURRENT)
    thread.stop(lambda: handlers.stopped, None, messages, cancels=[upload], **HIDDEN)
    thread.apply(_streaming_handler(handlers.remove), None, messages, **CONCURRENT)
    thread.undo(_streaming_handler(handlers.restore), None, messages, **CONCURRENT)


def _add_endpoints(assistant: Assistant, mcp: bool) -> None:
    """Add the endpoint for programs; with `mcp`, also the one that assistants call as a tool."""

    def ask(question: str, history: list[list[str]]) -> dict[str, Any]:
        """Answer a question; history holds [question, answer] pairs, oldest first. Returns Answer.to_dict()."""
        try:
            with ACTIVE_WORK:
                return chat.ask(assistant, question, history)
        except QAError as error:
            raise gr.Error(str(error), print_exception=False) from None

    def ask_documents(question: str, history: list[list[str]] | None = None) -> str:
        """Answer a question in the documents' own words, with citations, or say that they do not hold the answer.

        Args:
            question: The question, in plain language.
            history: Earlier [question, answer] pairs, oldest first, if the question follows up on them.

        Returns:
            JSON with: text, which has numbered markers; citations, with the document, offsets and quote of each marker;
            confidence; abstained, true if the documents do not say: then passages holds the nearest ones, no answer.
        """
        answer = ask(question, history or [])
        answer["passages"] = answer["passages"][:MAX_REFUSAL_PASSAGES] if answer["abstained"] else []
        return json.dumps(answer, ensure_ascii=False)

    visibility: Any = "undocumented" if mcp else "public"
    api(ask, api_name="ask", concurrency_limit=MAX_CONCURRENT_CALLS, api_visibility=visibility)
    if mcp:  # a tool returns text, and Gradio would write a dictionary as Python's repr
        api(ask_documents, api_name="ask_documents", concurrency_limit=MAX_CONCURRENT_CALLS)


def start(
    assistant: Assistant, host: str = "127.0.0.1", port: int = 7860, *, users: Users | None = None, mcp: bool = False
) -> gr.Blocks:
    """Serve the page from threads of this process; `.local_url` is its address, `.close()` stops it.

    Without `users`, the page listens on loopback only. With `mcp`, assistants can ask questions through a tool.

    Raises:
        QAError: `host` is not loopback and there are no users, the port is taken, or a package is missing.
    """
    check_host(host, bool(users))
    check_mcp(mcp)
    port = free_port(host, port)
    os.environ.pop("GRADIO_ALLOWED_PATHS", None)  # Gradio reads it if allowed_paths is empty
    os.environ["NO_PROXY"] = ",".join(filter(None, [os.environ.get("NO_PROXY"), "127.0.0.1,localhost,::1"]))
    ACTIVE_WORK.open()
    page = build(assistant, mcp=mcp)
    page.queue(max_size=MAX_QUEUED_CALLS)
    with redirect_stdout(sys.stderr):  # Gradio prints lines about MCP
        _launch(page, host, port, users, mcp)
    return page


def _launch(page: gr.Blocks, host: str, port: int, users: Users | None, mcp: bool) -> None:
    page.launch(
        server_name=f"[{host}]" if ":" in host else host, server_port=port, share=False, allowed_paths=[], quiet=True,
        prevent_thread_lock=True, show_error=False, ssr_mode=False, pwa=False, mcp_server=mcp, num_workers=0,
        enable_monitoring=False, run_history=False, footer_links=[], inbrowser=False, theme=_theme(),
        head=f"<style>{_asset('page.css')}</style>",  # Gradio would prefix each rule of css= with its own selector
        app_kwargs={"middleware": [Middleware(SecurityMiddleware, any_host=bool(users))]}, strict_cors=True,
        auth=users.verify if users else None, max_file_size=max_upload_bytes(),
        max_threads=2 * MAX_CONCURRENT_EVENTS,
    )  # fmt: skip


def launch(
    assistant: Assistant, host: str = "127.0.0.1", port: int = 7860, *, users: Users | None = None, mcp: bool = False
) -> None:
    """Serve the page until Ctrl-C, and print its address.

    Raises:
        QAError: as `start`.
    """
    page = start(assistant, host, port, users=users, mcp=mcp)
    print(f"Open {page.local_url} in a browser; Ctrl-C ends.", flush=True)
    if mcp:
        print(f"An assistant's tool over MCP: {page.local_url}gradio_api/mcp", flush=True)
    try:
        Event().wait()
    except KeyboardInterrupt:
        print()
    finally:
        page.close(verbose=False)
        ACTIVE_WORK.close()


def _html(value: str, id: str, script: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=id, js_on_load=script, apply_default_css=False)


def _event_handler(work: Callable[[Payload], str]) -> Callable[..., str]:
    """Wrap `work` for Gradio, which passes the event with what the page's script sent."""

    def handler(event: gr.EventData) -> str:
        with ACTIVE_WORK:
            return work(_payload(event._data))

    return handler


def _streaming_handler(work: Callable[[Payload], Iterator[str]]) -> Callable[..., Iterator[str]]:
    """Wrap `work` as `_event_handler` does, if it yields its results step by step."""

    def handler(event: gr.EventData) -> Iterator[str]:
        yield from _counted_steps(work(_payload(event._data)))

    return handler


def _counted_steps(steps: Iterator[str]) -> Iterator[str]:
    """Yield the same steps; each counts as active work while it is computed, but not while it is sent."""
    end = object()
    while True:
        with ACTIVE_WORK:
            step = next(steps, end)
        if not isinstance(step, str):
            return
        yield step


def _payload(sent: object) -> Payload:
    """Return what the page's script sent if it is an object, else an empty one; anybody can send anything."""
    return sent if isinstance(sent, dict) else {}


def _theme() -> gr.themes.Base:
    """Return a theme of system fonts given as plain strings, so that Gradio loads none from Google."""
    sans = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]
    theme = gr.themes.Base(font=sans, font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"])
    return theme.set(
        body_background_fill="#f4f2ee",
        body_background_fill_dark="#131312",
        body_text_color="#211f1b",
        body_text_color_dark="#eceae4",
    )


def _asset(name: str) -> str:
    return (resources.files("qa.web.html") / name).read_text("utf-8")


def main() -> None:
    """Open the page over the built-in corpus."""
    try:
        with Assistant.open() as assistant:
            launch(assistant)
    except (QAError, OSError) as error:
        sys.exit(f"app.py: {error}")


if __name__ == "__main__":
    main()
