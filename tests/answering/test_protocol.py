"""The seam: what an answerer is given and what it returns."""

import json
from dataclasses import FrozenInstanceError

import pytest

from qa import Assistant
from qa.answering.protocol import Quote, Reads, Reply
from qa.evaluate.scorecard import evaluate
from qa.ingest.indexing import Report
from tests.support.encoders import CountingEncoder


def test_a_reply_has_no_short_answer_unless_it_is_given():
    assert Reply((), 0.0) == Reply(quotes=(), confidence=0.0, short=None)


@pytest.mark.parametrize(("value", "name"), [(Quote("d", 0, 1), "end"), (Reply((), 0.0), "confidence")])
def test_cannot_be_changed(value, name):
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, 9)


class Whole:
    """Answers with the whole first passage, always sure."""

    threshold = 0.5

    def answer(self, question, hits):
        passage = hits[0].passage
        return Reply((Quote(passage.document_id, passage.start, passage.end),), 1.0)


class Part(Whole):
    """By itself it reads the passage's first four letters, and says them of questions that end in "!" only."""

    def alone(self, question, hits):
        first = Quote(hits[0].passage.document_id, 0, 4)
        return Reply((first,), 0.5, first if question.endswith("!") else None)


@pytest.mark.parametrize(
    ("answerer", "predictions", "unrefused"),
    [(Whole(), {"said": "Anna.", "kept": "Anna."}, 1), (Part(), {"said": "Anna", "kept": ""}, 1)],
)
def test_the_reading_task_measures_the_part_that_reads_where_there_is_one(tmp_path, answerer, predictions, unrefused):
    assert isinstance(answerer, Reads) is (type(answerer) is Part)
    asked = [
        {"id": id, "question": text, "answers": [{"text": "Anna", "answer_start": 0}]}
        for id, text in (("said", "Who!"), ("kept", "Who?"))
    ]
    (tmp_path / "reading.json").write_text(
        json.dumps({"data": [{"paragraphs": [{"context": "Anna.", "qas": asked}]}]}), "utf-8"
    )

    def opened(source):
        corpus = Assistant.open(tmp_path / "reading.txt", encoder=CountingEncoder()).corpus
        return Assistant(corpus, answerer, Report(()))

    (tmp_path / "reading.txt").write_text("Anything.", "utf-8")
    (scores,) = evaluate(tmp_path, open=opened)
    assert scores.predictions == predictions
    assert scores.values["HasAns_f1_unrefused"] == unrefused
    assert scores.values["f1"] == sum(map(bool, predictions.values())) / 2
