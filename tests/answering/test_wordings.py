"""Each wording of a question is searched for and read only once."""

import pytest

from qa.answering.answerers.extractive import ExtractiveAnswerer
from qa.answering.retrieval import Retriever
from qa.answering.wordings import HITS, MAX_WORDING_CHARS, Wordings


class CountingAnswerer(ExtractiveAnswerer):
    """The extractive answerer, with a record of its questions."""

    asked: list[str]

    def answer(self, question, hits, vector=None):
        self.asked.append(question)
        return super().answer(question, hits, vector)


@pytest.fixture
def answerer(hashing):
    counting = CountingAnswerer(hashing)
    counting.asked = []
    return counting


@pytest.fixture
def wordings(indexed, answerer):
    return Wordings(Retriever(indexed), answerer, None)


def test_each_wording_is_read_once(wordings, answerer):
    first = wordings.reply("Who mends clocks?")
    assert wordings.judge("Who mends clocks?") == (first.confidence, "")
    assert wordings.reply("Who mends clocks?") is first
    wordings.reply("Who sails?")
    assert answerer.asked == ["Who mends clocks?", "Who sails?"]


def test_wordings_are_judged_by_the_drafter(indexed, answerer, hashing):
    class Thorough(ExtractiveAnswerer):
        drafter = answerer

    judged = Wordings(Retriever(indexed), Thorough(hashing), None)
    assert judged.judge("Who mends clocks?")[0] == judged.reply("Who mends clocks?").confidence
    assert answerer.asked == ["Who mends clocks?"]


def test_hits_come_from_the_retriever(wordings, indexed):
    assert wordings.hits("Who mends clocks?") == Retriever(indexed).search("Who mends clocks?", HITS)


def test_only_selected_documents_are_searched(indexed, answerer):
    selected = Wordings(Retriever(indexed), answerer, frozenset({"c1"}))
    assert {hit.passage.document_id for hit in selected.hits("Who mends clocks?")} == {"c1"}


def test_long_wordings_are_truncated(wordings, answerer):
    wordings.reply("clocks " * MAX_WORDING_CHARS)
    assert [len(question) for question in answerer.asked] == [MAX_WORDING_CHARS]
