"""Who may use the page, and what every reply of it says it may load."""

import asyncio
import socket

import pytest

from qa.errors import QAError
from qa.web.access import SecurityMiddleware, check_host, free_port


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_may_be_listened_on(host):
    check_host(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.2", "example.org", "127.0.0.1.evil.example"])
def test_no_other_host_may(host):
    with pytest.raises(QAError, match="only loopback"):
        check_host(host)


def test_a_taken_port_says_what_to_type():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(QAError, match=f"port {port} is taken; type: qa serve --port"):
            free_port("127.0.0.1", port)
    assert free_port("127.0.0.1", 0) > 0


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:7860", 200), ("localhost", 200), ("[::1]:7860", 200), ("evil.example", 403), ("", 403), ("[x", 403)],
)
def test_requests_for_another_host_are_refused_and_every_reply_has_the_policy(host, status):
    async def page(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(SecurityMiddleware(page)({"type": "http", "headers": [(b"host", host.encode())]}, None, send))
    assert sent[0]["status"] == status
    if status == 200:
        assert b"default-src 'self'" in dict(sent[0]["headers"])[b"content-security-policy"]
