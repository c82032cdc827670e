"""The command line as a real process; the hashing encoder keeps it quick."""

import json
import re
import socket
import subprocess
import sys
from importlib import metadata

import pytest

import qa
from tests.support.command import HASHING, assert_one_line_error, run
from tests.support.paths import ROOT

COMMANDS = ["ask", "index", "serve", "eval", "status", "watch", "forget", "doctor"]


def test_help_names_every_command():
    done = run("--help")
    assert done.returncode == 0
    assert all(command in done.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_has_an_example(command):
    done = run(command, "--help")
    assert done.returncode == 0
    assert f"Example: qa {command}" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_example_paths_exist(command):
    """An example names a file of a clone, or a folder of the user's own."""
    (example,) = re.findall(rf"Example: (qa {command}.*)", run(command, "--help").stdout)
    paths = [word for word in example.split() if "/" in word and not word.startswith("~/reports")]
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert paths or command != "eval"


def test_version_is_the_installed_one():
    version = metadata.version("cited-qa")
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"qa {version}\n", "")
    assert qa.__version__ == version
    with pytest.raises(AttributeError, match="no attribute 'absent'"):
        qa.__getattr__("absent")


def test_import_does_not_look_up_the_version():
    program = "import qa, sys; print('__version__' in vars(qa), qa.__version__ != '')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False True\n", done


def test_asking_imports_only_what_it_needs(seeds):
    program = """
import sys
from qa.cli.main import main
sys.argv = ["qa", "ask", "Who shrugged his shoulders?"]
try:
    main()
finally:
    heavy = {"gradio", "torch", "transformers", "sentence_transformers", "pydantic", "charset_normalizer", "lxml"}
    print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "Mr. Blinken" in done.stdout, done
    assert done.stdout.endswith("\n[]\n")


def test_last_garbage_collection_is_skipped():
    program = """
import atexit, gc, sys
atexit.register(lambda: print(gc.get_freeze_count() > 10_000))
from qa.cli.main import main
sys.argv = ["qa", "--help"]
main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.endswith("\nTrue\n")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("ask",),
        ("index",),
        ("eval",),
        ("ask", "Who?", "--nonsense"),
        ("ask", "Who?", "--min-confidence", "2"),
        ("ask", "Who?", "--min-confidence", "much"),
        ("serve", "--port", "99999"),
    ],
)
def test_usage_error_exits_with_2(arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_index_reports_its_files(files, home):
    first, second = run("index", files, *HASHING), run("index", files, *HASHING)
    assert (first.returncode, first.stdout, first.stderr) == (0, "3 indexed.\n", "")
    assert (second.returncode, second.stdout, second.stderr) == (0, "3 unchanged.\n", "")


def test_index_names_a_bad_file_and_exits_1(files, home):
    (files / "bad.txt").write_bytes(b"\0")
    done = run("index", files, *HASHING)
    assert (done.returncode, done.stdout) == (1, "3 indexed, 1 failed.\n")
    assert "bad.txt contains NUL bytes" in done.stderr
    assert done.stderr.count("\n") == 1


def test_index_as_json(files, home):
    entries = json.loads(run("index", files, *HASHING, "--json").stdout)
    assert [(entry["name"], entry["status"]) for entry in entries] == [
        ("anna.txt", "indexed"),
        ("boris.md", "indexed"),
        ("more.jsonl", "indexed"),
    ]


def test_ask_prints_the_sentence_and_its_source(ready):
    done = run("ask", "What does Anna mend?", "--corpus", ready, *HASHING, "--min-confidence", "0")
    assert done.returncode == 0
    assert "She mends clocks. [1]" in done.stdout
    assert "anna.txt" in done.stdout
    assert done.stderr == ""


def test_ask_as_json_is_the_answer(ready):
    done = run("ask", "What does Anna mend?", "--corpus", ready, *HASHING, "--min-confidence", "0", "--json")
    answer = json.loads(done.stdout)
    assert answer["citations"][0]["text"] == "Anna lives in Oslo. She mends clocks."
    assert (ready / "anna.txt").read_text("utf-8")[slice(*(answer["citations"][0][k] for k in ("start", "end")))] == (
        "Anna lives in Oslo. She mends clocks."
    )
    assert answer["short"] == "clocks"
    assert answer["abstained"] is False


@pytest.mark.parametrize(("answerer", "short"), [("extractive", None), ("reader", "clocks")])
def test_ask_with_another_answerer(ready, answerer, short):
    choice = ("--answerer", answerer, "--min-confidence", "0", "--json")
    done = run("ask", "What does Anna mend?", "--corpus", ready, *HASHING, *choice)
    assert json.loads(done.stdout)["short"] == short


def test_unknown_answerer_is_a_one_line_error(ready):
    done = run("ask", "What does Anna mend?", "--corpus", ready, *HASHING, "--answerer", "oracle")
    assert_one_line_error(done, 1, "oracle", "extractive, reader")


def test_greeting_has_no_source_and_no_confidence(ready):
    done = run("ask", "Hello", "--corpus", ready, *HASHING)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Hello! Ask me about 3 documents.\n", "")


def test_ask_refuses_with_exit_code_0(ready):
    done = run("ask", "What does Anna mend?", "--corpus", ready, *HASHING, "--min-confidence", "1", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["abstained"] is True


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_ask_prints_any_script_in_any_encoding(files, home, encoding):
    """As on Windows when the output goes to a file or a pipe."""
    (files / "anna.txt").write_text("Анна: «clocks» — 👩‍🔧.", "utf-8")
    arguments = ("ask", "clocks?", "--corpus", files, *HASHING, "--min-confidence", "0")
    done = run(*arguments, PYTHONUTF8="0", PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    assert "clocks" in done.stdout


@pytest.mark.parametrize("store", ["exact", "faiss"])
def test_either_store_answers(ready, store):
    done = run("ask", "What does Anna mend?", "--corpus", ready, *HASHING, "--store", store, "--min-confidence", "0")
    assert "She mends clocks. [1]" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ask", "Who?", "--corpus", "/no/such/place", *HASHING), ["/no/such/place does not exist"]),
        (("index", "/no/such/place", *HASHING), ["does not exist"]),
        (("status", "/no/such/place", *HASHING), ["qa index"]),
        (("doctor", "/no/such/place", *HASHING), ["qa index"]),
        (("eval", "/no/such/place"), ["questions.jsonl"]),
        (("ask", "", *HASHING), ["the question is empty"]),
        (("ask", "x" * 3_000, *HASHING), ["3,000 characters"]),
        (("ask", "Who?", "--encoder", "../x"), ["choose one of: hashing"]),
        (("ask", "Who?", *HASHING, "--store", "os"), ["choose one of: exact, faiss"]),
        (("ask", "Who?", "--model", "someone/no-such-model"), ["someone/no-such-model"]),
    ],
)
def test_error_is_one_line_and_exits_1(arguments, words, home):
    assert_one_line_error(run(*arguments), 1, *words)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "example.org", ""])
def test_serve_without_password_refuses_other_hosts(files, home, host):
    """There is no password yet, so no other host is allowed at all."""
    done = run("serve", files, *HASHING, "--host", host, "--port", "0")
    assert_one_line_error(done, 1, "without a password only loopback is allowed", "qa serve --host 127.0.0.1")
    assert not (home / "corpora").exists()


def test_serve_on_a_taken_port_suggests_another(files, home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", files, *HASHING, "--port", port)
    assert_one_line_error(done, 1, f"port {port} is taken", "type: qa serve --port ")
    assert not (home / "corpora").exists()


def test_limit_that_is_no_number_is_an_error(files, home):
    done = run("index", files, *HASHING, QA_MAX_FILE_MB="big")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "QA_MAX_FILE_MB" in done.stderr


@pytest.mark.parametrize("how", ["flag", "variable"])
def test_debug_prints_the_traceback(how):
    flag = ("--debug",) if how == "flag" else ()
    done = run("eval", "/no/such/place", *flag, **({} if flag else {"QA_DEBUG": "1"}))
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "EvaluationError" in done.stderr


def test_eval_prints_scores_and_writes_predictions(tmp_path, home):
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text('{"id": "a", "text": "Anna mends clocks."}\n')
    item = {"id": "q", "question": "Who mends clocks?", "answerable": True, "answers": ["Anna"]}
    item["evidence"] = [{"doc": "a", "text": "Anna mends clocks."}]
    (folder / "questions.jsonl").write_text(json.dumps(item))
    done = run("eval", folder, *HASHING, "--json", "--predictions", tmp_path / "p.json")
    scores = json.loads(done.stdout)
    assert (done.returncode, scores["questions"], scores["task"]) == (0, 1, "answer")
    assert list(json.loads((tmp_path / "p.json").read_text())) == ["q"]
    assert "cited_at_1" in run("eval", folder, *HASHING).stdout


def test_eval_exits_1_below_a_floor(tmp_path, home):
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text('{"id": "a", "text": "Anna mends clocks."}\n')
    item = {"id": "q", "question": "Who mends clocks?", "answerable": True, "answers": ["Zoe"], "evidence": []}
    (folder / "questions.jsonl").write_text(json.dumps(item))
    floors = tmp_path / "floors.json"
    for least, code, said in ((0.0, 0, ""), (0.5, 1, "set: f1 is 0.0000, its floor is 0.5000\n")):
        floors.write_text(json.dumps({"set": {"f1": least}}))
        done = run("eval", folder, *HASHING, "--floors", floors)
        assert (done.returncode, done.stderr) == (code, said)
        assert "cited" not in done.stderr and "f1" in done.stdout
    floors.write_text("[]")
    assert_one_line_error(run("eval", folder, *HASHING, "--floors", floors), 1, "floors.json has no floors")


def test_eval_of_a_folder_prints_a_list(tmp_path, home):
    for name in ("one", "two"):
        (tmp_path / "sets" / name).mkdir(parents=True)
        (tmp_path / "sets" / name / "corpus.jsonl").write_text('{"id": "a", "text": "Anna mends clocks."}\n')
        item = {"id": name, "question": "Who mends?", "answerable": False, "answers": [], "evidence": []}
        (tmp_path / "sets" / name / "questions.jsonl").write_text(json.dumps(item))
    done = run("eval", tmp_path / "sets", *HASHING, "--json")
    assert [scores["set"] for scores in json.loads(done.stdout)] == ["one", "two"]


def test_eval_of_a_sample_scores_only_sets_with_floors(tmp_path, home):
    for name in ("one", "two"):
        (tmp_path / "sets" / name).mkdir(parents=True)
        (tmp_path / "sets" / name / "corpus.jsonl").write_text('{"id": "a", "text": "Anna mends clocks."}\n')
        items = [
            {"id": f"{n}", "question": "Who mends?", "answerable": False, "answers": [], "evidence": []}
            for n in range(5)
        ]
        (tmp_path / "sets" / name / "questions.jsonl").write_text("\n".join(map(json.dumps, items)))
    floors = tmp_path / "floors.json"
    floors.write_text(json.dumps({"two": {"citation_validity": 0.0}}))
    arguments = ("eval", tmp_path / "sets", *HASHING, "--sample", "2")
    scores = json.loads(run(*arguments, "--floors", floors, "--json").stdout)
    assert (scores["set"], scores["questions"], scores["sample"]) == ("two", 2, "sample of 2 of 5 questions")
    assert scores["time_seconds"]["wall"] > 0
    done = run(*arguments)
    assert done.returncode == 0
    assert "one (answer, sample of 2 of 5 questions)" in done.stdout and "time_seconds" in done.stdout
    floors.write_text('{"three": {"f1": 0}}')
    assert_one_line_error(run(*arguments, "--floors", floors), 1, "has no set named three")
