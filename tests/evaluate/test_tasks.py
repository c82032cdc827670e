"""The rows that each task yields; the scores computed from them are in test_scorecard.py."""

import json

import pytest

from qa import Assistant
from qa.answering.answerers.reader import ReaderAnswerer
from qa.answering.protocol import Quote, Reply
from qa.evaluate.scorecard import evaluate
from qa.evaluate.tasks import WARM_UP_QUESTIONS, RetrievedParagraph, answer_rows, evidence_spans, overlaps_evidence
from qa.ingest.indexing import Report
from tests.support.encoders import CountingEncoder

ANNA = "Anna mends clocks.\nHer shop\nis red. Anna mends  clocks."


@pytest.fixture
def assistant(tmp_path):
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text(json.dumps({"id": "anna", "text": ANNA}), "utf-8")
    with Assistant.open(corpus, encoder=CountingEncoder()) as opened:
        yield opened


@pytest.mark.parametrize("count", [2, WARM_UP_QUESTIONS + 3])
def test_first_questions_warm_up_before_timing(assistant, tmp_path, monkeypatch, count):
    asked = []
    answer = assistant.ask
    monkeypatch.setattr(assistant, "ask", lambda question, history: (asked.append(question), answer(question))[1])
    questions = [f"Is clock {n} mended?" for n in range(count)]
    lines = [json.dumps({"id": q, "question": q, "answerable": False, "answers": []}) + "\n" for q in questions]
    (tmp_path / "questions.jsonl").write_text("".join(lines), "utf-8")
    rows = list(answer_rows(tmp_path, assistant))
    assert [row["id"] for row in rows] == questions
    assert asked == questions[:WARM_UP_QUESTIONS] + questions


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Her shop is red.", [(19, 35)]),
        ("Anna mends clocks.", [(0, 18), (36, 55)]),
        ("", [(0, len(ANNA))]),
        ("Boris sails.", [(0, len(ANNA))]),
    ],
    ids=["across a line break", "in both places", "a whole document", "words that are not there"],
)
def test_evidence_spans(assistant, text, spans):
    assert evidence_spans([{"doc": "anna", "text": text}], assistant) == {"anna": spans}


@pytest.mark.parametrize(
    ("place", "there"),
    [
        (("anna", 0, 5), False),
        (("anna", 0, 6), True),
        (("anna", 8, 9), True),
        (("anna", 9, 12), False),
        (("boris", 5, 9), False),
    ],
)
def test_citation_overlaps_evidence_by_one_character(place, there):
    assert overlaps_evidence(place, {"anna": [(5, 9)]}) is there


def test_passages_of_a_paragraph_are_ranked_by_cosine():
    encoder = CountingEncoder()
    text = " ".join(f"Sentence {n} names the number {n} and nothing else of note." for n in range(120))
    paragraph = RetrievedParagraph(text + " Anna mends clocks in Oslo.", encoder)
    hits = paragraph.hits("Who mends clocks in Oslo?")
    assert len(hits) > 2
    assert "Anna mends clocks" in hits[0].passage.text
    cosines = [hit.cosine for hit in hits]
    assert cosines == sorted(cosines, reverse=True)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert (hits[0].score, hits[-1].score) == (1, 0)
    for hit in hits:
        assert paragraph.text[hit.passage.start : hit.passage.end] == hit.passage.text
        assert hit.cosine == pytest.approx(
            float(encoder.embed_passages([hit.passage.text])[0] @ encoder.embed_query("Who mends clocks in Oslo?"))
        )


@pytest.mark.parametrize("text", ["", " \n "])
def test_paragraph_without_words_has_no_hits(text):
    assert RetrievedParagraph(text, CountingEncoder()).hits("Who?") == ()


class WholePassage:
    """Answers with the whole first passage, always sure."""

    threshold = 0.5

    def answer(self, question, hits, vector=None):
        passage = hits[0].passage
        return Reply((Quote(passage.document_id, passage.start, passage.end),), 1.0)


class FirstWord(ReaderAnswerer):
    """A reader that alone finds the first four letters; it is sure of them only where the question ends in "!"."""

    def __init__(self):
        """Load no network."""

    def alone(self, question, hits):
        first = Quote(hits[0].passage.document_id, 0, 4)
        return Reply((first,), 0.5, first if question.endswith("!") else None)


@pytest.mark.parametrize(
    ("answerer", "predictions", "unrefused"),
    [
        (WholePassage(), {"said": "Anna.", "kept": "Anna."}, 1),
        (FirstWord(), {"said": "Anna", "kept": ""}, 1),
    ],
)
def test_reading_task_measures_the_reader_alone(tmp_path, answerer, predictions, unrefused):
    asked = [
        {"id": id, "question": text, "answers": [{"text": "Anna", "answer_start": 0}]}
        for id, text in (("said", "Who!"), ("kept", "Who?"))
    ]
    (tmp_path / "reading.json").write_text(
        json.dumps({"data": [{"paragraphs": [{"context": "Anna.", "qas": asked}]}]}), "utf-8"
    )
    (tmp_path / "reading.txt").write_text("Anything.", "utf-8")

    def open_corpus(source):
        corpus = Assistant.open(tmp_path / "reading.txt", encoder=CountingEncoder()).corpus
        return Assistant(corpus, answerer, Report(()))

    (scores,) = evaluate(tmp_path, open=open_corpus)
    assert scores.predictions == predictions
    assert scores.values["HasAns_f1_unrefused"] == unrefused
    assert scores.values["f1"] == sum(map(bool, predictions.values())) / 2
