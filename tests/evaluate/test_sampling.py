"""Samples of evaluation sets: fixed, fair, and sets of their own."""

import gzip
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import Assistant
from qa.errors import EvaluationError
from qa.evaluate import sampling
from qa.evaluate.sampling import choose, draw_sample
from qa.evaluate.scorecard import bundled_corpus, evaluate, sets_in
from qa.evaluate.tasks import read_lines, read_relevance
from qa.ingest.indexing import Report
from tests.evaluate.test_scorecard import Scripted, question, scripted, write
from tests.support.encoders import CountingEncoder

STRATA = st.dictionaries(st.text(min_size=1), st.sampled_from("abc"), max_size=40)


@given(STRATA, st.integers(1, 50), st.randoms())
def test_choice_is_fixed_fair_and_nested(strata, size, rng):
    chosen = choose(strata, size)
    assert len(chosen) == min(size, len(strata))
    assert chosen <= choose(strata, size + 1)
    shuffled = list(strata.items())
    rng.shuffle(shuffled)
    assert choose(dict(shuffled), size) == chosen
    for stratum in set(strata.values()):
        share = sum(of == stratum for of in strata.values()) / len(strata)
        assert abs(sum(strata[id] == stratum for id in chosen) - share * len(chosen)) <= 1


def test_choice_is_the_same_on_every_machine():
    ids = [f"q{n}" for n in range(100)]
    assert sorted(choose(dict.fromkeys(ids), 5)) == ["q18", "q38", "q60", "q86", "q88"]
    shares = choose({id: n < 20 for n, id in enumerate(ids)}, 10)
    assert sum(int(id[1:]) < 20 for id in shares) == 2


@pytest.fixture
def answers(tmp_path):
    """Thirty answerable questions and ten unanswerable ones over forty documents."""
    items = [question(f"q{n}", f"Who owns boat {n}!", [f"Anna{n}"], [(f"d{n}", "")]) for n in range(30)]
    items += [question(f"u{n}", f"Who sank boat {n}?") for n in range(10)]
    documents = [{"id": f"d{n}", "text": f"Anna{n} owns boat {n}."} for n in range(40)]
    return write(tmp_path / "answers", questions=items, corpus=documents)


def test_sample_keeps_evidence_and_other_documents(answers, monkeypatch):
    monkeypatch.setattr(sampling, "MAX_DOCUMENTS", 11)
    sample = draw_sample(answers, "answer", 8)
    assert str(sample) == "sample of 8 of 40 questions, 11 of 40 documents"
    kept = read_lines(sample.folder / "questions.jsonl")
    assert sum(item["answerable"] for item in kept) == 6
    documents = [record["id"] for record in read_lines(sample.folder / "corpus.jsonl")]
    assert {item["evidence"][0]["doc"] for item in kept if item["answerable"]} <= set(documents)
    assert documents == sorted(documents, key=lambda id: int(id[1:])) and len(documents) == 11
    assert sets_in(sample.folder) == [(sample.folder, "answer")]
    assert draw_sample(answers, "answer", 9).folder != sample.folder


def test_small_corpus_is_used_where_it_is(answers, monkeypatch):
    sample = draw_sample(answers, "answer", 8)
    assert bundled_corpus(sample.folder) is None
    assert str(sample) == "sample of 8 of 40 questions"
    monkeypatch.setattr(sampling, "MAX_DOCUMENTS", 11)
    assert bundled_corpus(draw_sample(answers, "answer", 8).folder)


def test_cut_corpus_is_asked_only_what_it_may_answer(answers, monkeypatch):
    items = read_lines(answers / "questions.jsonl")
    write(answers, questions=[item | ({"evidence": []} if item["id"] < "q2" else {}) for item in items])
    asked = {item["id"] for item in read_lines(draw_sample(answers, "answer", 40).folder / "questions.jsonl")}
    assert asked == {item["id"] for item in items}
    monkeypatch.setattr(sampling, "MAX_DOCUMENTS", 11)
    asked = {item["id"] for item in read_lines(draw_sample(answers, "answer", 40).folder / "questions.jsonl")}
    assert asked == {item["id"] for item in items if item["id"] >= "q2"}


def test_sample_does_not_depend_on_the_order_of_the_file(answers):
    first = draw_sample(answers, "answer", 8)
    kept = {item["id"] for item in read_lines(first.folder / "questions.jsonl")}
    lines = (answers / "questions.jsonl").read_text("utf-8").splitlines(keepends=True)
    random.Random(1).shuffle(lines)
    (answers / "questions.jsonl").write_text("".join(lines), "utf-8")
    again = draw_sample(answers, "answer", 8)
    assert again.folder == first.folder
    assert {item["id"] for item in read_lines(again.folder / "questions.jsonl")} == kept


def test_sample_of_a_retrieval_set_keeps_judged_documents(tmp_path, monkeypatch):
    monkeypatch.setattr(sampling, "MAX_DOCUMENTS", 5)
    queries = [{"_id": f"q{n}", "text": f"alpha {n}"} for n in range(7)]
    documents = [{"_id": f"d{n}", "title": "", "text": f"alpha {n}"} for n in range(12)]
    folder = write(tmp_path / "set", corpus=documents, queries=queries)
    (folder / "qrels").mkdir()
    rows = "".join(f"q{n}\td{n}\t1\n" for n in range(6))
    (folder / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{rows}")
    sample = draw_sample(folder, "retrieval", 3)
    assert (sample.questions, sample.all_questions, sample.documents, sample.all_documents) == (3, 6, 5, 12)
    asked = [item["_id"] for item in read_lines(sample.folder / "queries.jsonl")]
    judged = {document for id in asked for document in read_relevance(sample.folder)[id]}
    assert judged <= {record["_id"] for record in read_lines(sample.folder / "corpus.jsonl")}


def test_sample_of_a_reading_set_drops_other_paragraphs(tmp_path):
    paragraphs = [
        {"context": f"Anna {n}.", "qas": [{"id": f"{n}{a}", "question": "Who?", "answers": a * [{"text": "Anna"}]}]}
        for n in range(10)
        for a in (0, 1)
    ]
    (tmp_path / "reading.json").write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}))
    sample = draw_sample(tmp_path, "reading", 4)
    (article,) = json.loads((sample.folder / "reading.json").read_text("utf-8"))["data"]
    assert [len(paragraph["qas"]) for paragraph in article["paragraphs"]] == [1] * 4
    assert sum(bool(paragraph["qas"][0]["answers"]) for paragraph in article["paragraphs"]) == 2
    assert str(sample) == "sample of 4 of 20 questions"


def test_sample_of_pages_brings_their_html(tmp_path):
    (tmp_path / "html").mkdir()
    for n in range(6):
        (tmp_path / "html" / f"p{n}.html.gz").write_bytes(gzip.compress(b"<p>It rained.</p>"))
    (tmp_path / "ground-truth.json").write_text(json.dumps({f"p{n}": {"articleBody": "x"} for n in range(6)}))
    sample = draw_sample(tmp_path, "extraction", 2)
    truth = json.loads((sample.folder / "ground-truth.json").read_text("utf-8"))
    assert {f"{id}.html.gz" for id in truth} == {path.name for path in (sample.folder / "html").iterdir()}
    assert len(truth) == 2


def test_sampled_set_is_scored_under_its_own_name(answers, monkeypatch):
    monkeypatch.setattr(sampling, "MAX_DOCUMENTS", 11)
    (scores,) = evaluate(answers, open=scripted, sample=8)
    assert (scores.name, scores.questions, scores.values["citation_validity"]) == ("answers", 8, 1.0)
    assert scores.to_dict()["sample"] == "sample of 8 of 40 questions, 11 of 40 documents"
    assert scores.time_seconds["wall"] > 0 and scores.time_seconds["cpu"] > 0


def test_index_of_a_sample_is_reused(answers, monkeypatch):
    monkeypatch.setattr(sampling, "MAX_DOCUMENTS", 11)
    encoders = []

    def open_corpus(source):
        encoders.append(CountingEncoder())
        return Assistant(Assistant.open(source, encoder=encoders[-1]).corpus, Scripted(), Report(()))

    first, second = (evaluate(answers, open=open_corpus, sample=8) for _ in range(2))
    assert first[0].values == second[0].values
    assert [encoder.embedded for encoder in encoders] == [11, 0]


def test_only_named_sets_are_scored(answers, tmp_path):
    write(
        tmp_path / "more", questions=[question("q", "Who owns boat 1!", ["Anna1"])], corpus=[{"text": "x", "id": "a"}]
    )
    assert [one.name for one in evaluate(tmp_path, open=scripted, sample=2, only={"more"})] == ["more"]
    with pytest.raises(EvaluationError, match="has no set named absent"):
        evaluate(tmp_path, open=scripted, only={"absent"})


def test_unreadable_set_cannot_be_sampled(tmp_path):
    write(tmp_path, questions=[{"id": "q"}])
    with pytest.raises(EvaluationError, match="cannot be read as a set of the task 'answer'"):
        evaluate(tmp_path, open=scripted, sample=3)
