"""The page shared with others: people who log in, assistants that call it as a tool, several questions at once."""

import asyncio
import gc
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType, TracebackType

import pytest
from gradio_client import Client
from gradio_client.utils import Status

from embeddings import load_encoder
from qa import Assistant
from qa.errors import QAError
from qa.web import server
from qa.web.access import Users, check_host
from tests.support.paths import ROOT, SEEDS

PASSWORDS = (("ann", "correct horse"), ("bo", "battery staple"))


@pytest.fixture(scope="module")
def assistant(qa_home, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    (folder / "anna.txt").write_text("Anna\n\nAnna lives in Oslo. She mends clocks. Her shop is red.", "utf-8")
    with Assistant.open(folder, encoder=load_encoder("hashing"), min_confidence=0) as opened:
        yield opened


@pytest.fixture(scope="module")
def locked(assistant):
    served = server.start(assistant, port=0, users=Users(PASSWORDS))
    yield served
    served.close(verbose=False)


def status(url: str, data: bytes | None = None, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=10) as reply:
            return reply.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_without_password_nothing_is_served(locked):
    for path in ("config", "gradio_api/info", "gradio_api/queue/data?session_hash=x"):
        assert status(f"{locked.local_url}{path}") == 401
    call = json.dumps({"data": ["Where does Anna live?", []]}).encode()
    assert status(f"{locked.local_url}gradio_api/call/ask", call, **{"content-type": "application/json"}) == 401
    assert status(f"{locked.local_url}gradio_api/upload", b"x", **{"content-type": "text/plain"}) == 401
    with pytest.raises(Exception, match=r"(?i)credentials|auth|log"):
        Client(locked.local_url, auth=("ann", "battery staple"), verbose=False, analytics_enabled=False)


def test_right_password_is_answered(locked):
    client = Client(locked.local_url, auth=PASSWORDS[0], verbose=False, analytics_enabled=False)
    assert client.predict("Where does Anna live?", [], api_name="/ask")["citations"][0]["document_id"] == "anna.txt"
    client.close()


def test_no_plain_password_is_reachable(assistant):
    name, password = secrets.token_hex(), secrets.token_hex()
    served = server.start(assistant, port=0, users=Users([(name, password)]))
    try:
        Client(served.local_url, auth=(name, password), verbose=False, analytics_enabled=False).close()
        texts = [text for text in reachable(served, served.app) if type(text) in (str, bytes)]
    finally:
        served.close(verbose=False)
    assert name in texts, "the search reaches what the server knows of its users"
    assert not [text for text in texts if (password if isinstance(text, str) else password.encode()) in text]


def reachable(*roots):
    """Return every object that the roots, qa and gradio hold, directly or not; leave out what other modules hold."""
    ours = [module for name, module in sys.modules.items() if name.partition(".")[0] in ("qa", "gradio")]
    others = [module for name, module in sys.modules.items() if name.partition(".")[0] not in ("qa", "gradio")]
    skipped = {id(sys.modules), *map(id, others), *(id(getattr(module, "__dict__", None)) for module in others)}
    found, waiting = {}, [*roots, *ours]
    while waiting:
        one = waiting.pop()
        if id(one) not in found and id(one) not in skipped and type(one) not in (FrameType, TracebackType):
            found[id(one)] = one
            waiting += gc.get_referents(one)
    return found.values()


def test_with_users_any_host_is_accepted(locked):
    assert status(f"{locked.local_url}", Host="reading-room.example") == 200
    check_host("0.0.0.0", has_users=True)
    with pytest.raises(QAError, match="without a password only loopback is allowed"):
        check_host("0.0.0.0")


def test_path_of_local_file_is_not_uploaded(assistant, tmp_path):
    """Calling the page's own endpoint with a path of this machine gets nothing, and the file stays where it is."""
    secret = tmp_path / "secret.txt"
    secret.write_text("The password is swordfish.")
    served = server.start(assistant, port=0)
    try:
        functions = served.config["dependencies"]
        number = next(f["id"] for f in functions if any(event == "upload" for _, event in f["targets"]) and f["inputs"])
        sent = [{"path": str(secret), "orig_name": "secret.txt", "meta": {"_type": "gradio.FileData"}}]
        call = {"fn_index": number, "data": [sent, []], "session_hash": "x", "event_data": None}
        join = f"{served.local_url}gradio_api/queue/join"
        assert status(join, json.dumps(call).encode(), **{"content-type": "application/json"}) in (200, 403)
        address = f"{served.local_url}gradio_api/queue/data?session_hash=x"
        with urllib.request.urlopen(address, timeout=20) as stream:
            said = b"".join(line for line, _ in zip(stream, range(12), strict=False)).decode()
    finally:
        served.close(verbose=False)
    assert secret.read_text() == "The password is swordfish." and "swordfish" not in said
    assert not any("secret" in document.id for document in assistant.corpus.documents())


def test_assistant_finds_one_tool_gets_citations(assistant, capfd):
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def use(address):
        async with streamable_http_client(address) as (read, write, _), ClientSession(read, write) as session:
            await session.initialize()
            tools = (await session.list_tools()).tools
            answers = [
                await session.call_tool(tools[0].name, {"question": question})
                for question in ("Where does Anna live?", "", "x" * 3_000)
            ]
            return tools, answers

    served = server.start(assistant, port=0, mcp=True)
    try:
        tools, (answer, empty, long) = asyncio.run(use(f"{served.local_url}gradio_api/mcp"))
        client = Client(served.local_url, verbose=False, analytics_enabled=False)
        plain = client.predict("Where does Anna live?", [], api_name="/ask")
        client.close()
        assert status(f"{served.local_url}gradio_api/mcp", Host="evil.example") == 403
    finally:
        served.close(verbose=False)
    assert [tool.name for tool in tools] == ["ask_documents"]
    assert tools[0].inputSchema["required"] == ["question"] and "own words" in tools[0].description
    told = json.loads(answer.content[0].text)
    citation = told["citations"][0]
    text = assistant.document(citation["document_id"]).text
    assert text[citation["start"] : citation["end"]] == citation["text"]
    assert told == plain | {"passages": []}
    assert empty.isError and "question is empty" in empty.content[0].text
    assert long.isError and "limit is 2,000" in long.content[0].text
    assert capfd.readouterr().out == "", "the command prints the only line on stdout"


def test_ctrl_c_while_answering_ends_well(qa_home):
    """The process would abort if a thread of the server still computed when the interpreter ends."""
    # The hashing encoder starts faster than the default, and is not what answers.
    command = [sys.executable, "-m", "qa", "serve", str(SEEDS), "--port", "0", "--encoder", "hashing"]
    environment = {**os.environ, "QA_HOME": str(qa_home)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    ) as served:
        address = served.stdout.readline().split()[1]
        client = Client(address, verbose=False, analytics_enabled=False)
        question = "What did Lavrov say about the written response of the United States?"
        jobs = [client.submit(question, [], api_name="/ask") for _ in range(4)]
        while not any(job.status().code is Status.PROCESSING for job in jobs):
            assert not all(job.done() for job in jobs), "answered before Ctrl-C"
            time.sleep(0.01)
        served.send_signal(signal.SIGINT)
        out, err = served.communicate(timeout=60)
    assert (served.returncode, out.strip(), err) == (0, "", "")
