"""Check that nothing leaves the machine: indexing, asking and the page work with every outgoing connection refused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT, home_with_cache

# An audit hook sees every socket of the process, whichever library opens it; it cannot be removed.
BLOCKED = """
import socket, sys

LOOPBACK = {loopback}

def refuse(event, args):
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        host = args[1][0] if isinstance(args[1], tuple) else "127.0.0.1"
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    else:
        return
    if host not in LOOPBACK:
        sys.stderr.write(f"{{event}} {{host}}\\n")
        raise ConnectionRefusedError(f"{{event}} {{host}}")

sys.addaudithook(refuse)
for attempt in (lambda s: s.connect(("192.0.2.1", 9)), lambda s: socket.getaddrinfo("example.org", 80)):
    try:
        with socket.socket() as s:
            attempt(s)
    except ConnectionRefusedError:
        continue
    sys.exit("sockets are not blocked")
"""
ATTEMPTS = "socket.connect 192.0.2.1\nsocket.getaddrinfo example.org\n"

ASK = """
import json
from qa import Assistant

with Assistant.open(sys.argv[1]) as assistant:
    answer = assistant.ask("What does Anna mend?", min_confidence=0)
print(json.dumps(answer.to_dict()))
"""

SERVE = """
import json, urllib.request
from qa.web import server
from embeddings import load_encoder
from qa import Assistant

with Assistant.open(sys.argv[1], encoder=load_encoder("hashing"), min_confidence=0) as assistant:
    page = server.start(assistant, port=0)
    get = lambda path, data=None: urllib.request.urlopen(urllib.request.Request(
        page.local_url + path, data, {"content-type": "application/json"}), timeout=60).read().decode()
    get("")
    call = json.loads(get("gradio_api/call/ask", json.dumps({"data": ["What does Anna mend?", []]}).encode()))
    print(get("gradio_api/call/ask/" + call["event_id"]).split("data: ")[1].strip()[1:-1])
    page.close(verbose=False)
"""


@pytest.mark.parametrize(
    ("script", "loopback", "home"),
    # Only the first builds and loads the models; the page would do the same again.
    [(ASK, set(), Path), (SERVE, {"127.0.0.1", "localhost", "::1"}, home_with_cache)],
    ids=["index and ask", "page"],
)
def test_nothing_leaves_the_machine(files, tmp_path, script, loopback, home):
    environment = {key: value for key, value in os.environ.items() if key != "HF_HUB_OFFLINE"}
    environment |= {"QA_HOME": str(home(tmp_path / "home")), "HF_HOME": str(tmp_path / "hub")}
    run = subprocess.run(
        [sys.executable, "-c", BLOCKED.format(loopback=sorted(loopback)) + script, str(files)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        cwd=ROOT,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert run.stderr == ATTEMPTS
    answer = json.loads(run.stdout)
    assert "Anna lives in Oslo. She mends clocks." in [citation["text"] for citation in answer["citations"]]
    assert list((tmp_path / "home").rglob("vectors.faiss"))
    assert not list((tmp_path / "hub").rglob("*.safetensors"))
