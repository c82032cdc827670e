"""The web chat: `python app.py` opens it over the built-in corpus, `qa serve PATH` over any other."""

import os
import sys
from collections.abc import Callable, Iterator
from importlib import resources
from threading import Event
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr
from gradio.events import api
from starlette.middleware import Middleware

from qa.assistant import Assistant
from qa.conversations import Conversations
from qa.errors import QAError
from qa.web import chat
from qa.web.desk import Desk, Sent
from qa.web.guard import Guard, check_host, free_port
from qa.web.views import composer_as_html, head_as_html

SCRIPTS = ("page.js", "peek.js", "talks.js")
"""Run one after the other in one function, once the conversation is on the page."""

AT_ONCE = 8
"""Questions answered side by side; more wait in the queue."""


def build(assistant: Assistant) -> gr.Blocks:
    """The page over one corpus, not yet served."""
    desk = Desk(assistant, Conversations.about(assistant.corpus))

    def converse(event: gr.EventData) -> Iterator[str]:
        yield from desk.ask(_sent(event))

    def taking(work: Callable[[Sent], str]) -> Callable[..., str]:
        def handler(event: gr.EventData) -> str:
            return work(_sent(event))

        return handler

    def ask(question: str, history: list[list[str]]) -> dict[str, Any]:
        """Answer a question; history holds [question, answer] pairs, oldest first. Returns Answer.to_dict()."""
        try:
            return chat.ask(assistant, question, history)
        except QAError as error:
            raise gr.Error(str(error)) from None

    hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": True}
    often = hidden | {"trigger_mode": "multiple", "concurrency_limit": AT_ONCE}
    page = gr.Blocks(title=desk.books.name, analytics_enabled=False, fill_width=True, fill_height=True)
    with page:
        _part(head_as_html(desk.books), "qa-head")
        with gr.Row(elem_id="qa-body"):
            with gr.Column(elem_id="qa-chat"):
                thread = _part(desk.empty, "qa-thread", "\n".join(map(_web, SCRIPTS)))
                _part(composer_as_html(), "qa-composer")
            reader = _part("", "qa-reader")
        outbox = _part("", "qa-outbox")
        asked = thread.submit(converse, None, thread, concurrency_limit=AT_ONCE, **hidden)
        thread.clear(lambda: desk.empty, None, thread, cancels=[asked], **hidden)
        # What the page's script triggers, what is done, and where the result is shown.
        for trigger, work, place in (
            (thread.input, desk.show, thread),
            (thread.like, desk.rate, thread),
            (thread.select, desk.open, reader),
            (thread.edit, desk.rename, reader),
            (thread.delete, desk.delete, reader),
            (thread.download, desk.export, outbox),
        ):
            trigger(taking(work), None, place, **often)
        api(ask, api_name="ask", concurrency_limit=AT_ONCE)
    return page


def start(assistant: Assistant, host: str = "127.0.0.1", port: int = 7860) -> gr.Blocks:
    """Serve the page from threads of this process; `.local_url` is its address, `.close()` ends it.

    Raises:
        QAError: `host` is not this machine, or the port is taken.
    """
    check_host(host)
    port = free_port(host, port)
    os.environ.pop("GRADIO_ALLOWED_PATHS", None)  # gradio takes an empty allowed_paths for none given
    os.environ["NO_PROXY"] = ",".join(filter(None, [os.environ.get("NO_PROXY"), "127.0.0.1,localhost,::1"]))
    page = build(assistant)
    page.launch(
        server_name=f"[{host}]" if ":" in host else host, server_port=port, share=False, allowed_paths=[], quiet=True,
        prevent_thread_lock=True, show_error=False, ssr_mode=False, pwa=False, mcp_server=False, num_workers=0,
        enable_monitoring=False, run_history=False, footer_links=[], inbrowser=False, theme=_theme(),
        head=f"<style>{_web('page.css')}</style>",  # gradio would put its own selector before each rule of css=
        app_kwargs={"middleware": [Middleware(Guard)]}, strict_cors=True, max_file_size=1,
    )  # fmt: skip
    return page


def launch(assistant: Assistant, host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serve the page until Ctrl-C, and print its address.

    Raises:
        QAError: `host` is not this machine, or the port is taken.
    """
    page = start(assistant, host, port)
    print(f"Open {page.local_url} in a browser; Ctrl-C ends.", flush=True)
    try:
        Event().wait()
    except KeyboardInterrupt:
        print()
    finally:
        page.close(verbose=False)


def _part(value: str, id: str, script: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=id, js_on_load=script, apply_default_css=False)


def _sent(event: gr.EventData) -> Sent:
    """What the page's script sent along; it comes from outside, so any shape is possible."""
    return event._data if isinstance(event._data, dict) else {}


def _theme() -> gr.themes.Base:
    """System fonts as plain strings: gradio asks Google for none of them."""
    sans = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]
    theme = gr.themes.Base(font=sans, font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"])
    return theme.set(
        body_background_fill="#f4f2ee",
        body_background_fill_dark="#131312",
        body_text_color="#211f1b",
        body_text_color_dark="#eceae4",
    )


def _web(name: str) -> str:
    return (resources.files("qa.web") / name).read_text("utf-8")


def main() -> None:
    """Open the page over the built-in corpus."""
    try:
        with Assistant.open() as assistant:
            launch(assistant)
    except (QAError, OSError) as error:
        sys.exit(f"app.py: {error}")


if __name__ == "__main__":
    main()
