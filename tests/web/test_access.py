"""Who may use the page: hosts, ports, passwords; and the security headers of every reply."""

import asyncio
import os
import socket
import stat

import pytest

from qa.errors import QAError
from qa.web.access import PasswordHash, SecurityMiddleware, Users, check_host, check_mcp, free_port, read_users


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_is_allowed(host):
    check_host(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.2", "example.org", "127.0.0.1.evil.example"])
def test_other_host_is_refused_without_users(host):
    with pytest.raises(QAError, match="only loopback"):
        check_host(host)


def test_taken_port_says_what_to_type():
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
def test_other_host_gets_403_replies_have_policy(host, status):
    async def page(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(SecurityMiddleware(page)({"type": "http", "headers": [(b"host", host.encode())]}, None, send))
    assert sent[0]["status"] == status
    if status == 200:
        assert b"default-src 'self'" in dict(sent[0]["headers"])[b"content-security-policy"]


def test_missing_mcp_names_package_to_install(monkeypatch):
    monkeypatch.setattr("qa.web.access.find_spec", lambda name: None)
    check_mcp(False)
    with pytest.raises(QAError, match=r"pip install 'gradio\[mcp\]'"):
        check_mcp(True)


def test_right_password_is_accepted():
    users = Users([("ann", "correct horse"), ("bo", "battery staple")])
    assert users.verify("ann", "correct horse") and users.verify("bo", "battery staple")


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ann", "battery staple"),
        ("ann", "correct horse "),
        ("ann", "Correct horse"),
        ("ann", ""),
        ("ann", "\ud800"),
        ("cy", "correct horse"),
        ("", ""),
    ],
)
def test_wrong_name_or_password_is_refused(name, password):
    assert Users([("ann", "correct horse"), ("bo", "battery staple")]).verify(name, password) is False


def test_equal_passwords_have_different_hashes():
    one, other = PasswordHash.of("correct horse"), PasswordHash.of("correct horse")
    assert one.salt != other.salt and one.digest != other.digest
    assert one.matches("correct horse") and other.matches("correct horse")


def test_later_line_of_one_name_counts():
    users = Users([("ann", "correct horse"), ("ann", "battery staple")])
    assert users.verify("ann", "battery staple") and not users.verify("ann", "correct horse")


@pytest.fixture
def file(tmp_path):
    def write(text, mode=0o600):
        made = tmp_path / "people"
        made.write_text(text, "utf-8")
        made.chmod(mode)
        return made

    return write


def test_each_line_is_a_user(file):
    users = read_users(file("# who may come\n\nann:correct horse\nbo:battery: staple\n"))
    assert len(users) == 2
    assert users.verify("ann", "correct horse") and users.verify("bo", "battery: staple")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names nobody"),
        ("ann\n", "line 1 of .* is not NAME:PASSWORD"),
        ("# x\nann:short\n", "line 2 .* 8 characters or more"),
        (":correct horse\n", "line 1"),
    ],
)
def test_malformed_users_file_is_refused(file, text, said):
    with pytest.raises(QAError, match=said):
        read_users(file(text))


@pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX's")
@pytest.mark.parametrize("mode", [stat.S_IRGRP, stat.S_IROTH, stat.S_IWOTH])
def test_users_file_that_others_can_read_is_refused(file, mode):
    with pytest.raises(QAError, match="chmod 600"):
        read_users(file("ann:correct horse\n", 0o600 | mode))


def test_missing_users_file_is_reported(tmp_path):
    with pytest.raises(QAError, match="cannot be read"):
        read_users(tmp_path / "nobody")
