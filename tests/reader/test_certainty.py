"""How sure an answer is: what is known of it, and the two probabilities that follow."""

import pytest

from qa.reader.candidates import sigmoid
from qa.reader.certainty import ANSWERED, LEAD_OF_ONLY, MAX_LEAD, RIGHT, known_of_best, probability
from tests.reader.test_choice import candidates, named, read_hit

QUESTION = "What does Anna mend?"


def test_lead_is_over_the_best_other_answer_outside_of_the_quote():
    found = candidates(QUESTION, read_hit(), read_hit(id="b.txt"))
    clocks = [candidate for candidate in found if candidate.text == "clocks"]
    other = next(candidate for candidate in found if candidate.text != "clocks")
    ranked = [(3.0, clocks[0]), (2.9, clocks[1]), (1.0, other)]
    hits = [read_hit().hit]
    known = known_of_best(ranked, ranked[1:], hits, 0.9)
    assert known["lead"] == pytest.approx(2.0)
    assert (known["cosine"], known["evidence_probability"]) == (0.9, named(clocks[0])["evidence_probability"])
    assert known["mean_cosine"] == hits[0].cosine
    assert known_of_best(ranked, [], hits, 0.9)["lead"] == LEAD_OF_ONLY
    far = [(3.0, clocks[0]), (-90.0, other)]
    assert known_of_best(far, far[1:], hits, 0.9)["lead"] == MAX_LEAD


def test_whole_passage_may_be_nearer_than_what_is_quoted():
    (found, *_) = candidates(QUESTION, read_hit())
    assert known_of_best([(1.0, found)], [], [read_hit().hit], 0.1)["cosine"] == 0.5


def test_probability_is_the_logistic_function_of_the_weighted_sum():
    weights = {"lead": 2.0, "cosine": -1.0, "intercept": 0.5}
    assert probability({"lead": 1.0, "cosine": 3.0, "intercept": 1.0, "rank": 9.0}, weights) == sigmoid(-0.5)


@pytest.mark.parametrize("weights", [RIGHT, ANSWERED], ids=["right", "answered"])
def test_both_grow_with_the_evidence(weights):
    found = candidates(QUESTION, read_hit(evidence=(-3.0, 4.0, -3.0)))
    sure = [probability(known_of_best([(1.0, one)], [], [read_hit().hit], 0.5), weights) for one in found]
    assert 0 < sure[0] < sure[1] < 1
