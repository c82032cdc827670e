"""Who may use the page, and what it may load: a check of the host, passwords, and a content security policy."""

import hashlib
import hmac
import os
import secrets
import socket
import stat
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from qa.errors import QAError

LOOPBACK = ("127.0.0.1", "localhost", "::1")

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
"""Gradio's own scripts need inline and eval; no script, image, font or request goes to another host."""

SECURITY_HEADERS = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]

MIN_PASSWORD_CHARS = 8

SALT_BYTES = 16

SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**14, 8, 1
"""Cost of one hash as RFC 7914 defines it: 128 * N * r bytes, 16 MiB, and less than 0.1 s on a laptop core."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """A password's scrypt hash; the salt is random, so equal passwords have different hashes."""

    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, password: str) -> "PasswordHash":
        """Hash a password with a new salt."""
        salt = secrets.token_bytes(SALT_BYTES)
        return cls(salt, _scrypt(password, salt))

    def matches(self, password: str) -> bool:
        """Whether this is the hash of `password`; compared in constant time."""
        return hmac.compare_digest(self.digest, _scrypt(password, self.salt))


class Users:
    """The people who may log in: their names and password hashes, never a password."""

    def __init__(self, passwords: Iterable[tuple[str, str]]) -> None:
        """Hash the passwords of (name, password) pairs; of two with one name, the later counts."""
        self._hashes = {name: PasswordHash.of(password) for name, password in dict(passwords).items()}
        self._nobody = PasswordHash.of(secrets.token_urlsafe())

    def __len__(self) -> int:
        return len(self._hashes)

    def verify(self, name: str, password: str) -> bool:
        """Whether `password` is that of `name`; takes as long for an unknown name, so that it reveals none."""
        known = self._hashes.get(name)
        return (known or self._nobody).matches(password) and known is not None


class SecurityMiddleware:
    """ASGI middleware that refuses requests for another host and adds the security headers to every reply.

    A request for another host is a sign of DNS rebinding: a web page elsewhere whose name was made to lead here.
    """

    def __init__(self, app: Callable[[Message, Receive, Send], Awaitable[None]], any_host: bool = False) -> None:
        """Wrap `app`; with `any_host`, for a page that asks for passwords, no host is refused."""
        self.app = app
        self.any_host = any_host

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer 403 to a request for another host, else pass it on."""
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        if not self.any_host and not _is_loopback(dict(scope["headers"]).get(b"host", b"").decode("latin-1")):
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            return await send({"type": "http.response.body", "body": b"This page is for this machine only."})

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *SECURITY_HEADERS]
            await send(message)

        return await self.app(scope, receive, send_secured)


def check_host(host: str, has_users: bool = False) -> None:
    """Check that the page may listen on `host`: a loopback address, or any address where users log in.

    Raises:
        QAError: `host` is not a loopback address, and there are no users.
    """
    if host not in LOOPBACK and not has_users:
        raise QAError(
            f"got host {host!r}, without a password only loopback is allowed ({', '.join(LOOPBACK)}); "
            "type: qa serve --host 127.0.0.1, or --auth-file FILE with one NAME:PASSWORD per line"
        )


def check_mcp(wanted: bool) -> None:
    """Check that the package for serving a tool over MCP is installed, if it is `wanted`.

    Raises:
        QAError: it is not installed.
    """
    if wanted and find_spec("mcp") is None:
        raise QAError("--mcp needs the package 'mcp'; type: pip install 'gradio[mcp]'")


def read_users(file: Path) -> Users:
    """Read who may log in from a file of NAME:PASSWORD lines; empty lines and lines that begin with # are skipped.

    Raises:
        QAError: the file cannot be read, other users of this machine can read it, a line has another form, or it
            names nobody.
    """
    users = Users(_password_line(line, number, file) for number, line in _password_lines(file))
    if not users:
        raise QAError(f"{file} names nobody; write one NAME:PASSWORD per line")
    return users


def _password_lines(file: Path) -> list[tuple[int, str]]:
    try:
        lines = file.read_text("utf-8").splitlines()
        shared = os.name == "posix" and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    except (OSError, UnicodeDecodeError) as error:
        raise QAError(f"{file} cannot be read ({error}); give a text file with one NAME:PASSWORD per line") from error
    if shared:
        raise QAError(f"other users of this machine can read {file}; type: chmod 600 {file}")
    return [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]


def _password_line(line: str, number: int, file: Path) -> tuple[str, str]:
    name, _, password = line.partition(":")
    if not name.strip() or len(password) < MIN_PASSWORD_CHARS:
        raise QAError(
            f"line {number} of {file} is not NAME:PASSWORD with a password of {MIN_PASSWORD_CHARS} characters or more"
        )
    return name.strip(), password


def free_port(host: str, port: int) -> int:
    """Return `port` if the page can listen on it, or any free port for 0.

    Raises:
        QAError: the port is taken, or this user may not listen on it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return int(probe.getsockname()[1])
    except OSError as error:
        other = port + 1 if 1024 <= port < 65535 else 7861
        why = "taken" if error.errno in (98, 48, 10048) else f"not available ({error.strerror})"
        raise QAError(f"port {port} is {why}; type: qa serve --port {other}") from None


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P)


def _is_loopback(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in LOOPBACK
    except ValueError:
        return False
