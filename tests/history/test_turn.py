"""Turns: history for the next question, neighbours of a quote, and the way to JSON and back."""

import json

import pytest

from qa.errors import CorpusError
from qa.history.turn import NEIGHBOUR_CHARS, Turn, history, neighbours, turn_from_dict
from qa.types import Citation
from tests.support.documents import document
from tests.support.html_safety import make_answer

TEXT = "It rained. Anna lives in Oslo. She mends clocks. Her shop is red."


def cited(text, words):
    start = text.index(words)
    return Citation(1, "d.txt", "T", "d.txt", None, None, start, start + len(words), words)


def beside(text, words):
    return neighbours(cited(text, words), lambda id: document(text))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Anna lives in Oslo.", ("It rained.", "She mends clocks.")),
        ("It rained.", ("", "Anna lives in Oslo.")),
        ("Her shop is red.", ("She mends clocks.", "")),
        (TEXT, ("", "")),
    ],
)
def test_neighbours_are_the_sentences_on_both_sides(words, found):
    assert beside(TEXT, words) == found


def test_long_neighbour_is_cut_with_an_ellipsis():
    before, after = beside(f"{'word ' * NEIGHBOUR_CHARS}. It rained. {'so ' * NEIGHBOUR_CHARS}.", "It rained.")
    assert before.startswith("…") and after.endswith("…")
    assert max(len(before), len(after)) <= NEIGHBOUR_CHARS + 1


def test_changed_or_lost_document_has_no_neighbours():
    def gone(id):
        raise CorpusError(id)

    assert neighbours(cited(TEXT, "It rained."), lambda id: document("Other words.")) == ("", "")
    assert neighbours(cited(TEXT, "It rained."), gone) == ("", "")


def test_history_leaves_out_the_text_of_refusals():
    turns = [Turn("A?", make_answer(short="Oslo")), Turn("B?", make_answer(abstained=True)), Turn("C?", problem="no")]
    assert history(turns) == [("A?", "Oslo"), ("B?", "")]


@pytest.mark.parametrize(
    "turn",
    [
        Turn("Who?", make_answer(short="Anna"), None, (("a", "b"),), 1, "good"),
        Turn("Who?", make_answer(abstained=True, missing_terms=("peru",), question_language="es")),
        Turn("Who?", problem="broken"),
    ],
)
def test_turn_survives_json(turn):
    assert turn_from_dict(json.loads(json.dumps(turn.to_dict()))) == turn


def test_turn_of_another_version_is_refused():
    with pytest.raises((TypeError, KeyError)):
        turn_from_dict({"question": "Who?", "other": 1})
