"""The page as it is served: address, endpoint and headers; without a browser."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import gradio as gr
import pytest
from gradio_client import Client

from embeddings.encoders.hashing import HashingEncoder
from qa import Assistant
from qa.errors import QAError
from qa.web import server
from tests.support.paths import ROOT, SEEDS


@pytest.fixture(scope="module")
def assistant(qa_home, tmp_path_factory):
    from embeddings import load_encoder

    folder = tmp_path_factory.mktemp("served")
    (folder / "anna.txt").write_text("Anna\n\nAnna lives in Oslo. She mends clocks. Her shop is red.", "utf-8")
    (folder / "boris.txt").write_text("Boris\n\nBoris sails a boat. He left Riga in May.", "utf-8")
    with Assistant.open(folder, encoder=load_encoder("hashing"), min_confidence=0) as opened:
        yield opened


@pytest.fixture(scope="module")
def page(assistant):
    served = server.start(assistant, port=0)
    yield served
    served.close(verbose=False)


@pytest.fixture(scope="module")
def client(page):
    connected = Client(page.local_url, verbose=False, analytics_enabled=False)
    yield connected
    connected.close()


def get(url: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as reply:
            return reply.status, reply.read().decode("utf-8", "replace"), dict(reply.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode("utf-8", "replace"), dict(error.headers)


def test_ask_returns_same_answer_as_python(client, assistant):
    shown = client.predict("Where does Anna live?", [], api_name="/ask")
    assert shown == json.loads(json.dumps(assistant.ask("Where does Anna live?").to_dict()))


def test_ask_uses_history(client):
    shown = client.predict("And when?", [["Where did Boris go?", "Riga"]], api_name="/ask")
    assert "Boris" in shown["standalone_question"]


@pytest.mark.parametrize(("question", "history"), [("  ", []), ("Who?", [["one"]])])
def test_ask_reports_invalid_input_without_traceback(client, question, history):
    with pytest.raises(Exception, match=r"question is empty|pairs") as raised:
        client.predict(question, history, api_name="/ask")
    assert "Traceback" not in str(raised.value)


def test_ask_is_the_only_named_endpoint(client):
    endpoints = client.view_api(return_format="dict", print_info=False)
    assert list(endpoints["named_endpoints"]) == ["/ask"] and not endpoints["unnamed_endpoints"]
    parameters = endpoints["named_endpoints"]["/ask"]["parameters"]
    assert [one["parameter_name"] for one in parameters] == ["question", "history"]


def test_nothing_is_shared_recorded_or_reported(page):
    assert isinstance(page, gr.Blocks)
    assert page.share is False and page.share_url is None
    assert page.analytics_enabled is False and page.enable_monitoring is False and page.run_history is False
    assert page.allowed_paths == [] and page.show_error is False and page.ssr_mode is False
    assert page.footer_links == [] and os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"


def test_page_loads_nothing_from_other_hosts(page):
    status, css, _ = get(f"{page.local_url}theme.css")
    assert status == 200 and "googleapis" not in css and "@import" not in css
    assert not re.findall(r"""url\((?!["']?data:)""", css)
    _, html, headers = get(page.local_url)
    assert not re.findall(r'<(?:script|link)[^>]+(?:src|href)="(?:https?:)?//(?!127\.0\.0\.1)', html)
    assert "default-src 'self'" in headers["content-security-policy"]


def test_request_for_other_host_is_refused(page):
    assert get(page.local_url, Host="evil.example")[0] == 403
    assert get(f"{page.local_url}config", Host="evil.example")[0] == 403


@pytest.mark.parametrize("path", ["/etc/passwd", "{root}/pyproject.toml", "{corpus}/corpus.sqlite", "../../etc/passwd"])
def test_no_local_file_is_served(page, assistant, path):
    wanted = path.format(root=ROOT, corpus=assistant.corpus.folder)
    status, body, _ = get(f"{page.local_url}gradio_api/file={wanted}")
    assert status in (403, 404) and "root:" not in body and "SQLite" not in body


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org"])
def test_other_host_is_refused_before_serving(assistant, host, capsys):
    with pytest.raises(QAError, match="only loopback is allowed"):
        server.launch(assistant, host=host)
    assert capsys.readouterr().out == ""


def test_taken_port_says_what_to_type(assistant):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(QAError, match=rf"^port {port} is taken; type: qa serve --port \d+$"):
            server.launch(assistant, port=port)


def test_launch_prints_one_line_ends_on_ctrl_c(qa_home, tmp_path):
    (tmp_path / "a.txt").write_text("Anna lives in Oslo.", "utf-8")
    command = [sys.executable, "-m", "qa", "serve", str(tmp_path), "--port", "0", "--encoder", "hashing"]
    environment = {**os.environ, "QA_HOME": str(qa_home)}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=ROOT,
    ) as served:
        line = served.stdout.readline()
        address = re.fullmatch(r"Open (http://127\.0\.0\.1:\d+/) in a browser; Ctrl-C ends\.\n", line)
        assert address, line + served.stderr.read()
        assert get(address[1])[0] == 200
        served.send_signal(signal.SIGINT)
        out, err = served.communicate(timeout=60)
    assert (served.returncode, out.strip(), err) == (0, "", "")


def test_app_opens_builtin_corpus(monkeypatch, capsys, qa_home):
    opened = []
    monkeypatch.setattr("qa.assistant.load_encoder", HashingEncoder)
    monkeypatch.setattr(server, "launch", lambda assistant: opened.append(assistant.corpus.documents()))
    server.main()
    assert [document.id for document in opened[0]] == sorted(path.name for path in SEEDS.iterdir())
    assert capsys.readouterr() == ("", "")


def test_app_ends_with_one_line_on_taken_port(monkeypatch, qa_home):
    def taken(assistant):
        raise QAError("port 7860 is taken; type: qa serve --port 7861")

    monkeypatch.setattr("qa.assistant.load_encoder", HashingEncoder)
    monkeypatch.setattr(server, "launch", taken)
    with pytest.raises(SystemExit) as ended:
        server.main()
    assert ended.value.code == "app.py: port 7860 is taken; type: qa serve --port 7861"
