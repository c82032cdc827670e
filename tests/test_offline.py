"""Indexing and answering open no socket: in a process where every way to open one is an error."""

import json
import subprocess
import sys

BLOCKED = """
import socket, sys

def refuse(*args, **kwargs):
    raise AssertionError(f"a socket was opened: {args}")

for name in ("connect", "connect_ex", "bind", "listen", "sendto"):
    setattr(socket.socket, name, refuse)
for name in ("getaddrinfo", "gethostbyname", "create_connection"):
    setattr(socket, name, refuse)

try:
    socket.create_connection(("127.0.0.1", 9))
except AssertionError:
    pass
else:
    sys.exit("sockets are not blocked")

import json
from qa import Assistant

with Assistant.open(sys.argv[1]) as assistant:
    answer = assistant.ask("Who mends clocks?", min_confidence=0)
print(json.dumps(answer.to_dict()))
"""


def test_index_and_ask_without_a_network(files, tmp_path, monkeypatch):
    monkeypatch.setenv("QA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    run = subprocess.run(
        [sys.executable, "-c", BLOCKED, str(files)], capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    assert "She mends clocks." in [citation["text"] for citation in answer["citations"]]
    assert list((tmp_path / "home").rglob("vectors.faiss"))
    assert not list((tmp_path / "hub").rglob("*.safetensors"))
