"""Batches of the large reader's examples: every target is where the example says."""

import torch

from embeddings.models import MINILM
from qa.reader.tokenization import WindowTokenizer
from qa.training.large import batches as batching
from qa.training.large.batches import UNKNOWN, item, make_batches, pad
from qa.training.large.examples import Example, Stance

TOKENIZER = WindowTokenizer(MINILM.path())
TEXT = "Anna lives in Oslo. She mends clocks."
SENTENCES = ((0, 19), (20, 37))


def words(ids):
    return TOKENIZER._tokenizer.decode([int(id) for id in ids])


def test_targets_point_at_the_right_tokens():
    example = Example(
        "What does she mend?", TEXT, SENTENCES, frozenset([1]), "People", (30, 36), stance=Stance.SUPPORTED
    )
    made = item(example, TOKENIZER)
    first, last = made.answer
    assert words(made.ids[first : last + 1]) == "clocks"
    assert (
        words(id for id, number in zip(made.ids, made.sentences, strict=True) if number == 1) == "anna lives in oslo."
    )
    assert words(id for id, number in zip(made.ids, made.sentences, strict=True) if number == 2) == "she mends clocks."
    assert made.evidence == {2}
    assert made.stance == Stance.SUPPORTED


def test_what_is_unknown_is_not_trained():
    made = item(Example("Does she mend?", TEXT, SENTENCES, None), TOKENIZER)
    assert (made.answer, made.evidence, made.stance) == ((UNKNOWN, UNKNOWN), None, UNKNOWN)
    batch = pad([made], 48)
    assert batch.evidence.sum() == 0


def test_no_evidence_is_a_target_of_its_own():
    made = item(Example("Who sails?", TEXT, SENTENCES, frozenset(), unanswerable=True), TOKENIZER)
    assert (made.answer, made.evidence) == ((0, 0), {0})
    assert pad([made], 48).evidence.tolist() == [[1, 0, 0]]


def test_example_whose_answer_does_not_fit_is_left_out():
    long = "It rained. " * 200 + TEXT
    start = len(long) - len(TEXT)
    sentences = (*((n * 11, n * 11 + 10) for n in range(200)), (start, start + 19), (start + 20, start + 37))
    assert (
        item(Example("Where?", long, sentences, frozenset([200]), answer=(start + 14, start + 18)), TOKENIZER) is None
    )
    assert item(Example("Where?", long, sentences, frozenset([200])), TOKENIZER) is None
    assert item(Example("Where?", long, sentences, frozenset(), unanswerable=True), TOKENIZER) is not None


def test_evidence_shares_sum_to_one():
    batch = pad([item(Example("?", TEXT, SENTENCES, frozenset([0, 1])), TOKENIZER)], 48)
    assert batch.evidence.tolist() == [[0, 0.5, 0.5]]
    assert batch.present.tolist() == [[True] * 3]


def test_batches_are_full_and_shuffled_by_seed(monkeypatch):
    monkeypatch.setattr(batching, "BATCH_TOKENS", 192)
    examples = [Example(f"Question {n}?", TEXT, SENTENCES, frozenset([n % 2])) for n in range(21)]
    made = make_batches(examples, TOKENIZER, 1)
    assert [batch.ids.shape for batch in made] == [(4, 48)] * 5
    again, other = make_batches(examples, TOKENIZER, 1), make_batches(examples, TOKENIZER, 2)
    assert all(torch.equal(one.ids, two.ids) for one, two in zip(made, again, strict=True))
    assert not all(torch.equal(one.ids, two.ids) for one, two in zip(made, other, strict=True))
