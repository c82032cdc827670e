"""Turn questions whose answer is a span into examples for the large reader."""

import random

import pytest

from qa.training import examples as pairs
from qa.training.examples import load_training_data
from qa.training.large import examples
from qa.training.large.examples import Example, span_examples, with_furniture


@pytest.fixture(scope="module")
def shown(data, tmp_path_factory):
    training_data = load_training_data(data, tmp_path_factory.mktemp("mined"))
    rng = random.Random(1)
    places = training_data.split(held_out=False)
    return [example for _ in range(4) for example in span_examples(training_data, places, rng)]


def test_evidence_is_the_sentence_that_holds_the_answer(shown):
    answered = [example for example in shown if example.answer]
    assert len(answered) > 50
    for example in answered:
        held = [example.text[slice(*example.sentences[n])] for n in example.evidence]
        assert any(example.text[slice(*example.answer)] in sentence for sentence in held)
        assert not example.unanswerable


def test_negatives_have_no_evidence(shown):
    negatives = [example for example in shown if example.answer is None]
    assert len(negatives) > 50
    assert all(example.unanswerable and example.evidence == frozenset() for example in negatives)


def test_sentences_are_whole_and_in_order(shown):
    for example in shown:
        flat = [place for span in example.sentences for place in span]
        assert flat == sorted(flat)
        assert 0 <= flat[0]
        assert flat[-1] <= len(example.text)


def test_titles_are_shown_for_some(shown):
    assert {bool(example.context) for example in shown} <= {True, False}


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Amazon_rainforest", "Amazon rainforest"),
        ("Amazon_Reviews_2030", ""),
        ("https://example.org/rules", ""),
        ("wikipedia:16016", ""),
        ("story.csv", ""),
        (None, ""),
    ],
)
def test_only_real_titles_are_kept(title, shown):
    assert pairs._title({"title": title}) == shown


def test_inserted_line_is_no_evidence_and_moves_offsets(monkeypatch):
    monkeypatch.setattr(examples, "FURNITURE_SHARE", 1.0)
    text = "Anna lives in Oslo. She mends clocks."
    example = Example("What does Anna mend?", text, ((0, 19), (20, 37)), frozenset([1]), answer=(30, 36))
    lines = set()
    for seed in range(20):
        changed = with_furniture(example, random.Random(seed))
        assert len(changed.sentences) == 3
        (number,) = changed.evidence
        assert changed.text[slice(*changed.sentences[number])] == "She mends clocks."
        assert changed.text[slice(*changed.answer)] == "clocks"
        lines |= {changed.text[slice(*span)] for span in changed.sentences}
    assert "What does Anna mend?" in lines
    assert any("...." in line for line in lines)
