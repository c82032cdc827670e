"""Who may use the page and what it may load: this machine, or who knows a password; nothing from elsewhere."""

import os
import socket
import stat
from collections.abc import Awaitable, Callable, MutableMapping
from importlib.util import find_spec
from pathlib import Path
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

SHORTEST = 8
"""Characters of a password, at least."""

Users = tuple[tuple[str, str], ...]
"""(name, password) of each person who may come."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class SecurityMiddleware:
    """ASGI middleware: a request that names another host (DNS rebinding) is refused; every reply has the policy."""

    def __init__(self, app: Callable[[Message, Receive, Send], Awaitable[None]], anyone: bool = False) -> None:
        """`anyone`: whoever knows a password may come from another machine, by whatever name this one has there."""
        self.app = app
        self.anyone = anyone

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer 403 to a foreign Host, else pass on."""
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        if not self.anyone and not _is_loopback(dict(scope["headers"]).get(b"host", b"").decode("latin-1")):
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            return await send({"type": "http.response.body", "body": b"This page is for this machine only."})

        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS]
            await send(message)

        return await self.app(scope, receive, with_policy)


def check_host(host: str, secured: bool = False) -> None:
    """Let only this machine's own addresses pass, and any where a password is asked for.

    Raises:
        QAError: `host` is another.
    """
    if host not in LOOPBACK and not secured:
        raise QAError(
            f"got host {host!r}, without a password only loopback is allowed ({', '.join(LOOPBACK)}); "
            "type: qa serve --host 127.0.0.1, or --auth-file FILE with a line NAME:PASSWORD for each person"
        )


def check_mcp(wanted: bool) -> None:
    """See that what a tool for assistants needs is installed.

    Raises:
        QAError: it is not.
    """
    if wanted and find_spec("mcp") is None:
        raise QAError("--mcp needs the package 'mcp'; type: pip install 'gradio[mcp]'")


def read_users(file: Path) -> Users:
    """The people who may come: a line NAME:PASSWORD for each; empty lines and those that begin with # say nothing.

    Raises:
        QAError: it cannot be read, others may read it, or a line is of another form.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
        shared = os.name == "posix" and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    except (OSError, UnicodeDecodeError) as error:
        raise QAError(f"{file} cannot be read ({error}); give a text file with a line NAME:PASSWORD each") from error
    if shared:
        raise QAError(f"{file} may be read by others; type: chmod 600 {file}")
    users = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            name, _, password = line.partition(":")
            if not name.strip() or len(password) < SHORTEST:
                raise QAError(f"line {number} of {file} is not NAME:PASSWORD with {SHORTEST} characters or more")
            users.append((name.strip(), password))
    if not users:
        raise QAError(f"{file} names nobody; write a line NAME:PASSWORD for each person")
    return tuple(users)


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
