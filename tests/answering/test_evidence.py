"""The sentences quoted for a short answer are those that it needs to be understood."""

import pytest

from qa.answering.evidence import MAX_STATEMENT_SENTENCES, evidence_quote, passages_of, quote_of
from qa.reader.candidates import Candidate
from qa.text.sentences import sentence_spans
from qa.types import Hit, Passage

BRIDGE = (
    "The bridge was closed because its cables had rusted. This was found in May. It would have fallen within a year. "
    "Snow fell in June."
)
SHRUG = "Mr. Blinken did not reply to the question. He only shrugged his shoulders. Then it rained."


def hit(text: str, start: int = 0) -> Hit:
    spans = tuple(span for span in sentence_spans(text) if span[0] >= start)
    return Hit(Passage("d", start, len(text), text[start:], spans), 1.0, 0.5, 1.0, 1, 1)


def candidate(text: str, answer: str) -> Candidate:
    start = text.index(answer)
    sentence = next(span for span in sentence_spans(text) if span[0] <= start < span[1])
    return Candidate("d", (start, start + len(answer)), sentence, answer, (0.0,) * 9)


def quoted(question: str, text: str, answer: str) -> str:
    quote = evidence_quote(question, candidate(text, answer), [hit(text)])
    return text[quote.start : quote.end]


def test_name_alone_is_quoted_alone():
    assert quoted("Which part of the bridge had rusted?", BRIDGE, "cables") == BRIDGE.partition(" This")[0]


def test_why_is_answered_by_the_whole_statement():
    assert quoted("Why was the bridge closed?", BRIDGE, "its cables had rusted") == BRIDGE.partition(" Snow")[0]


def test_statement_begins_before_a_word_that_points_back():
    assert quoted("Why was that?", BRIDGE, "found in May").startswith("The bridge was closed")


def test_statement_has_at_most_three_sentences():
    text = " ".join(f"It was day {number}." for number in range(9))
    assert quoted("Why was it so?", text, "day 4").count(".") == MAX_STATEMENT_SENTENCES


def test_open_quotation_is_quoted_to_its_end():
    text = "He said: “The roof leaks. Nobody mends it.” Snow fell."
    assert "Nobody mends it.”" in quoted("What did he say about the roof?", text, "The roof leaks")


def test_sentence_that_says_what_was_asked_is_included():
    assert quoted("Who shrugged his shoulders?", SHRUG, "Mr. Blinken").endswith("shrugged his shoulders.")


@pytest.mark.parametrize(("start", "included"), [(0, True), (43, False)])
def test_answer_that_points_back_includes_the_sentence_before(start, included):
    text = "Two pacts were signed, in Oslo and in Riga. The point is that both pacts protect the herring."
    quote = evidence_quote("What protects the herring?", candidate(text, "both pacts"), [hit(text, start)])
    assert (quote.start == 0) is included and quote.end == len(text)


def test_passages_of_a_quote_hold_all_of_it():
    whole, part = hit(SHRUG), hit(SHRUG, SHRUG.index("He only"))
    quote = quote_of(candidate(SHRUG, "Mr. Blinken"))
    assert list(passages_of(quote, [part, whole])) == [whole.passage]
