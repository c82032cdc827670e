"""Who may talk to the page and what it may load: this machine, and nothing from elsewhere."""

import socket
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from qa.errors import QAError

LOOPBACK = ("127.0.0.1", "localhost", "::1")

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
"""Gradio's own scripts need inline and eval; no script, image, font or request goes to another host."""

HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Guard:
    """ASGI middleware: a request that names another host (DNS rebinding) is refused; every reply has the policy."""

    def __init__(self, app: Callable[[Message, Receive, Send], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer 403 to a foreign Host, else pass on."""
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        if not _is_loopback(dict(scope["headers"]).get(b"host", b"").decode("latin-1")):
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            return await send({"type": "http.response.body", "body": b"This page is for this machine only."})

        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS]
            await send(message)

        return await self.app(scope, receive, with_policy)


def check_host(host: str) -> None:
    """Let only this machine's own addresses pass.

    Raises:
        QAError: `host` is another.
    """
    if host not in LOOPBACK:
        raise QAError(
            f"got host {host!r}, only loopback is allowed ({', '.join(LOOPBACK)}): the page has no password yet; "
            "type: qa serve --host 127.0.0.1"
        )


def free_port(host: str, port: int) -> int:
    """`port` if it can be listened on, or any free one for 0.

    Raises:
        QAError: it is taken, or may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except OSError as error:
        other = port + 1 if 1024 <= port < 65535 else 7861
        why = "taken" if error.errno in (98, 48, 10048) else f"not to be had ({error.strerror})"
        raise QAError(f"port {port} is {why}; type: qa serve --port {other}") from None


def _is_loopback(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in LOOPBACK
    except ValueError:
        return False
