"""The scorecard, on sets small enough to score by hand."""

import json
import math
from functools import partial

import pytest

from qa import Assistant
from qa.answering.protocol import Answerer, Quote, Reply
from qa.errors import EvaluationError
from qa.evaluate.scorecard import bundled_corpus, evaluate, sets_in
from qa.ingest.indexing import Report
from tests.support.encoders import CountingEncoder
from tests.support.paths import required


class Scripted(Answerer):
    """Quotes the whole first sentence that holds the question's last word; sure when the question is a shout.

    The short answer is that sentence's first word.
    """

    threshold = 0.5

    def answer(self, question, hits, vector=None):
        word = question.strip("?!").split()[-1]
        for hit in hits:
            for start, end in hit.passage.sentences:
                text = hit.passage.text[start - hit.passage.start : end - hit.passage.start]
                if word in text:
                    id = hit.passage.document_id
                    short = Quote(id, start, start + len(text.split()[0]))
                    return Reply((Quote(id, start, end),), 0.9 if question.endswith("!") else 0.1, short)
        return Reply((), 0.0)


def scripted(source):
    opened = Assistant.open(source, encoder=CountingEncoder())
    return Assistant(opened.corpus, Scripted(), Report(()), min_confidence=0.5)


def write(folder, **files):
    for name, rows in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return folder


ANNA = {"id": "anna", "text": "Anna mends clocks. Her shop\nis red."}
BORIS = {"id": "boris", "text": "Boris sails boats."}


def question(id, text, answers=(), evidence=(), **more):
    places = [{"doc": doc, "text": quote} for doc, quote in evidence]
    return {
        "id": id,
        "question": text,
        "answerable": bool(answers),
        "answers": list(answers),
        "evidence": places,
        **more,
    }


@pytest.fixture
def answers(tmp_path):
    return write(
        tmp_path / "answers",
        corpus=[ANNA, BORIS],
        questions=[
            question("right", "Who mends clocks!", ["Anna"], [("anna", "Anna mends clocks.")]),
            question("half", "Who sails boats!", ["Boris the sailor"], [("boris", "")]),
            question("elsewhere", "Whose shop is red!", ["Nobody"], [("boris", "Boris sails")]),
            question("refused", "Who mends clocks?", ["Anna"], [("anna", "Her shop is red.")]),
            question("no", "Who sails boats?"),
            question("wrongly", "Who sails clocks!"),
        ],
    )


def test_answer_task_by_hand(answers):
    (scores,) = evaluate(answers, open=scripted)
    assert (scores.name, scores.task, scores.questions) == ("answers", "answer", 6)
    assert scores.values == pytest.approx(
        {
            "exact_match": 1 / 4,
            # "Boris" of "Boris sailor": precision 1, recall 1/2. Articles do not count.
            "f1": (1 + 2 / 3 + 0 + 0) / 4,
            "cited_at_1": 2 / 4,
            "cited_at_3": 2 / 4,
            "false_refusal": 1 / 4,
            "refusal_recall": 1 / 2,
            # Answerable .9 .9 .9 .1 against .1 .9: 3 wins and 4 ties of 8.
            "auroc": (3 + 0.5 * 4) / 8,
            # Four answers at .9: "right" and "half" are, "elsewhere" and "wrongly" are not.
            "calibration_error": 0.9 - 2 / 4,
            "very_sure_right": 2 / 4,
            "citation_validity": 1.0,
        }
    )
    assert scores.predictions == {
        "right": "Anna",
        "half": "Boris",
        "elsewhere": "is",
        "refused": "",
        "no": "",
        "wrongly": "Anna",
    }


def test_evidence_is_found_across_line_breaks(answers):
    write(
        answers,
        questions=[question("q", "Whose shop is red!", ["Her"], [("anna", "Her shop is red.")])],
    )
    (scores,) = evaluate(answers, open=scripted)
    assert scores.values["cited_at_1"] == 1
    assert math.isnan(scores.values["refusal_recall"])
    assert scores.to_dict()["refusal_recall"] is None


def test_facts_are_counted(answers):
    def fact(*places):
        return [{"doc": doc, "text": text} for doc, text in places]

    mends, red, sails = fact(("anna", "Anna mends clocks.")), fact(("anna", "Her shop is red.")), fact(("boris", ""))
    both = [("anna", "Anna mends clocks."), ("boris", "")]
    write(
        answers,
        questions=[
            question("one of two", "Who mends clocks!", [], both, answerable=True, nuggets=[mends, sails]),
            question("either place", "Who sails boats!", [], [("boris", "")], answerable=True, nuggets=[red + sails]),
            question("missed", "Whose shop is red!", [], [("boris", "")], answerable=True, nuggets=[sails]),
            question("refused", "Who mends clocks?", [], [("anna", "")], answerable=True, nuggets=[mends]),
        ],
    )
    (scores,) = evaluate(answers, open=scripted)
    wanted = {
        "nugget_recall": (1 / 2 + 1 + 0 + 0) / 4,
        "all_nuggets": 1 / 4,
        "citation_precision": 2 / 3,
        "all_evidence": 0,
    }
    assert {key: scores.values[key] for key in wanted} == pytest.approx(wanted)
    assert "exact_match" not in scores.values


def test_follow_up_is_asked_with_its_history(answers):
    history = [["Who mends clocks?", "Anna [1]"]]
    write(answers, questions=[question("q", "And her shop!", ["Anna"], history=history)])
    (scores,) = evaluate(answers, open=scripted)
    assert scores.questions == 1
    assert "cited_at_1" not in scores.values


def test_retrieval_task_by_hand(tmp_path):
    corpus = [
        {"_id": "d1", "title": "", "text": "alpha beta"},
        {"_id": "d2", "title": "", "text": "alpha gamma delta"},
        {"_id": "d3", "title": "", "text": "epsilon zeta"},
    ]
    queries = [{"_id": "q1", "text": "alpha beta"}, {"_id": "q2", "text": "zeta"}, {"_id": "q3", "text": "unjudged"}]
    folder = write(tmp_path / "set", corpus=corpus, queries=queries)
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t2\nq1\tabsent\t1\nq2\td3\t1\n"
    )
    (scores,) = evaluate(folder, open=partial(Assistant.open, encoder=CountingEncoder()))
    # q1 is ranked d1, d2, d3; q2 has d3 first.
    first = (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3) + 1 / math.log2(4))
    assert scores.values == pytest.approx(
        {
            "ndcg@10": (first + 1) / 2,
            "recall@1": (1 / 3 + 1) / 2,
            "recall@5": (2 / 3 + 1) / 2,
            "recall@10": (2 / 3 + 1) / 2,
            "recall@100": (2 / 3 + 1) / 2,
            "mrr@10": 1,
            "citation_validity": 1,
        }
    )
    assert scores.predictions["q1"].split()[:2] == ["d1", "d2"]
    assert set(scores.predictions) == {"q1", "q2"}


def test_reading_task_by_hand(tmp_path):
    def qa(id, text, *golds):
        return {"id": id, "question": text, "answers": [{"text": gold, "answer_start": 0} for gold in golds]}

    items = [
        qa("right", "Who mends clocks!", "Nobody", "Anna"),
        qa("refused", "Who mends clocks?", "Anna"),
        qa("no", "Who sails?"),
        qa("wrongly", "Whose shop!"),
    ]
    paragraphs = [{"context": ANNA["text"], "qas": items}, {"context": "", "qas": [qa("empty", "Who?")]}]
    (tmp_path / "reading.json").write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}))
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").write_text("Anything.")
    (scores,) = evaluate(tmp_path, open=scripted)
    assert scores.task == "reading"
    wanted = {
        "exact_match": 3 / 5,
        "f1": 3 / 5,
        "HasAns_f1": 1 / 2,
        "NoAns_f1": 2 / 3,
        "HasAns_f1_unrefused": 1,
        # Answerable .9 .1 against 0 .9 0: 4 wins and 1 tie of 6.
        "auroc": 4.5 / 6,
    }
    assert {key: scores.values[key] for key in wanted} == pytest.approx(wanted)
    assert scores.predictions == {"right": "Anna", "refused": "", "no": "", "wrongly": "Her", "empty": ""}


def test_json_has_scores_intervals_and_latency(answers):
    (scores,) = evaluate(answers, open=scripted)
    printed = json.loads(json.dumps(scores.to_dict()))
    assert (printed["set"], printed["task"], printed["questions"]) == ("answers", "answer", 6)
    assert 0 <= printed["latency_ms"]["p50"] <= printed["latency_ms"]["p95"]
    assert set(printed["intervals"]) == set(scores.values) - {"citation_validity"}
    low, high = printed["intervals"]["f1"]
    assert 0 <= low <= printed["f1"] <= high <= 1


def test_folder_of_sets_with_a_given_corpus(answers, tmp_path):
    write(tmp_path / "more", questions=[question("q", "Who mends clocks!", ["Anna"])])
    corpus = tmp_path / "corpus.txt"
    corpus.write_text(ANNA["text"])
    scores = evaluate(tmp_path, corpus, scripted)
    assert [one.name for one in scores] == ["answers", "more"]
    assert scores[1].values["exact_match"] == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("questions.jsonl", ""),
        ("questions.jsonl", "not json"),
        ("questions.jsonl", '{"id": "q"}'),
        ("questions.jsonl", "[]"),
        ("questions.jsonl", "\udcff"),
        ("queries.jsonl", '{"_id": "q", "text": "x"}'),
        ("reading.json", "{}"),
        ("reading.json", '{"data": [{"paragraphs": [{"context": "x"}]}]}'),
        ("reading.json", '{"data": []}'),
    ],
)
def test_unreadable_set_is_an_error(tmp_path, name, content):
    write(tmp_path, corpus=[ANNA])
    (tmp_path / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(EvaluationError):
        evaluate(tmp_path, open=scripted)


def test_bad_set_is_named_and_the_rest_scored(answers, tmp_path):
    bad = answers.parent / "bad"
    bad.mkdir()
    write(bad, corpus=[ANNA])
    (bad / "reading.json").write_text("{}")
    problems = []
    scores = evaluate(answers.parent, open=scripted, on_problem=problems.append)
    assert [one.name for one in scores] == [answers.name]
    assert len(problems) == 1 and problems[0].startswith("bad is not scored: ")
    with pytest.raises(EvaluationError):
        evaluate(answers.parent, open=scripted)


def test_folder_without_sets_is_an_error(tmp_path):
    with pytest.raises(EvaluationError, match=r"questions\.jsonl"):
        evaluate(tmp_path, open=scripted)
    with pytest.raises(EvaluationError):
        evaluate(tmp_path / "absent", open=scripted)


def test_evidence_in_a_missing_document_is_an_error(answers):
    from qa.errors import QAError

    write(answers, questions=[question("q", "Who mends clocks!", ["Anna"], [("absent", "x")])])
    with pytest.raises(QAError, match="absent"):
        evaluate(answers, open=scripted)


def test_sets_are_listed_in_order(tmp_path):
    write(tmp_path, questions=[])
    write(tmp_path / "b", queries=[])
    write(tmp_path / "a", questions=[], queries=[])
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "reading.json").touch()
    (tmp_path / "d" / "e").mkdir(parents=True)
    write(tmp_path / "d" / "e", questions=[])
    (tmp_path / "f.jsonl").touch()
    assert [(place.name, task) for place, task in sets_in(tmp_path)] == [
        (tmp_path.name, "answer"),
        ("a", "answer"),
        ("b", "retrieval"),
        ("c", "reading"),
    ]


def test_corpus_file_comes_before_documents_folder(tmp_path):
    assert bundled_corpus(tmp_path) is None
    (tmp_path / "documents").mkdir()
    assert bundled_corpus(tmp_path) == tmp_path / "documents"
    write(tmp_path, corpus=[ANNA])
    assert bundled_corpus(tmp_path) == tmp_path / "corpus.jsonl"


def test_every_citation_of_the_seeds_is_valid(seeds):
    class Kept(Assistant):
        def close(self):
            """The session's corpus stays open."""

    def kept(source):
        return Kept(seeds.corpus, seeds.answerer, seeds.report)

    (scores,) = evaluate(required("eval/seeds"), open=kept)
    assert scores.questions == 34
    assert scores.values["citation_validity"] == 1
    assert scores.values["cited_at_1"] > 0.46  # plain MiniLM sentence ranking
