"""The large reader: which sentence is quoted, what is never quoted, and what happens when memory is short."""

import numpy as np
import pytest

from embeddings.plugins import find
from qa.answering import answerers
from qa.answering.answerers import reader as answering
from qa.answering.answerers.reader import MAX_QUOTES, MIN_FREE_BYTES, READ_HITS
from qa.answering.answerers.reader_small import SmallReaderAnswerer
from qa.ingest.chunking import chunk
from qa.types import Hit
from tests.answering.answerers.test_conformance import assert_sound
from tests.support.documents import document
from tests.support.encoders import CountingEncoder

TEXTS = {
    "talks.txt": "The ministers arrived late. Their talks in Geneva lasted 90 minutes. Nothing was signed.",
    "snow.txt": "Snow fell on Bern. Reporters were told that the talks had lasted 90 minutes. They left at noon.",
    "rules.txt": (
        "Who may keep a dog? Tenants shall not keep dogs in the flat. Bicycles stand in the yard. "
        "The rent is 940 euros a month. It is due on the third day."
    ),
    "contents.txt": "How long the talks lasted . . . . . . . . . 12\n\nThe annex lists the dates of all meetings.",
}


@pytest.fixture(scope="module")
def reader():
    return find(answerers, "reader").create(CountingEncoder())


def hits(*names):
    encoder = CountingEncoder()
    passages = [passage for name in names for passage in chunk(document(TEXTS[name], id=name), encoder)]
    scores = np.linspace(1, 0.8, len(passages))
    return tuple(
        Hit(passage, float(score), float(score), 1.0, 1, 1) for passage, score in zip(passages, scores, strict=True)
    )


def text_of(quote):
    return TEXTS[quote.document_id][quote.start : quote.end]


@pytest.mark.parametrize(
    ("question", "short", "quoted"),
    [
        ("How long did the talks in Geneva last?", "90 minutes", "Their talks in Geneva lasted 90 minutes."),
        ("How much is the rent?", "940 euros", "The rent is 940 euros a month."),
        ("Can I keep a dog in the flat?", None, "Tenants shall not keep dogs in the flat."),
        ("Where do the bicycles go?", "in the yard", "Bicycles stand in the yard."),
    ],
)
def test_sentence_that_answers_is_quoted_first(reader, question, short, quoted):
    given = hits("rules.txt", "talks.txt", "snow.txt")
    reply = reader.answer(question, given)
    assert_sound(reply, given)
    assert quoted in text_of(reply.quotes[0])
    if short is None:
        assert reply.short is None  # a sentence answers a yes/no question, never a bare word
    else:
        assert short in text_of(reply.short)


def test_question_without_an_answer_is_less_sure(reader):
    given = hits("rules.txt", "talks.txt", "snow.txt")
    answered = reader.answer("How much is the rent?", given)
    assert answered.confidence > reader.threshold
    assert reader.answer("Who designed the tower of Pisa?", given).confidence < answered.confidence


@pytest.mark.parametrize("question", ["Who may keep a dog?", "How long did the talks last?"])
def test_questions_and_contents_lines_are_never_quoted(reader, question):
    for quote in reader.answer(question, hits("contents.txt", "rules.txt", "talks.txt")).quotes:
        assert not text_of(quote).endswith(("?", "12"))


def test_quotes_do_not_repeat_one_another(reader):
    given = hits("talks.txt", "snow.txt", "rules.txt")
    for question in ("How long did the talks last?", "What are the rules?", "What happened?"):
        quotes = reader.answer(question, given).quotes
        assert len({text_of(quote) for quote in quotes}) == len(quotes) <= MAX_QUOTES


def test_alone_returns_the_best_span(reader):
    reply = reader.alone("How long did the talks last?", hits("talks.txt"))
    assert text_of(reply.quotes[0]) == "90 minutes"
    assert reply.short == reply.quotes[0]
    assert reader.alone("Who?", ()).quotes == ()


def test_only_the_first_hits_are_read(reader):
    given = 2 * hits("talks.txt", "snow.txt", "rules.txt") + hits("contents.txt")
    assert len(given) > READ_HITS
    seen = {candidate.document_id for candidate in reader.candidates("Who?", given)}
    assert seen == {"talks.txt", "snow.txt", "rules.txt"}


def test_same_hits_a_hundred_times_are_quoted_once(reader):
    given = hits("talks.txt") * 100
    quotes = reader.answer("How long did the talks last?", given).quotes
    assert len({(quote.start, quote.end) for quote in quotes}) == len(quotes)


@pytest.mark.parametrize(("free", "small"), [(MIN_FREE_BYTES - 1, True), (MIN_FREE_BYTES, False), (None, False)])
def test_small_reader_answers_alone_when_memory_is_short(monkeypatch, caplog, free, small):
    monkeypatch.setattr(answering, "free_bytes", lambda: free)
    monkeypatch.setattr(answering, "LargeReader", lambda: None)
    made = answering.create(CountingEncoder())
    assert isinstance(made, SmallReaderAnswerer) is small
    said = [record.getMessage() for record in caplog.records]
    assert said == (
        ["2.0 GB of memory are free and the large reader wants 2: the small one answers alone"] if small else []
    )
