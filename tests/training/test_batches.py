"""Batch pairs, and find the best span in the scores."""

from dataclasses import fields

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from embeddings.models import MINILM
from qa.reader.network import MASKED_LOGIT
from qa.reader.tokenization import WindowTokenizer
from qa.training import batches as batching
from qa.training.batches import PADDED_LENGTHS, best_span, evaluate, make_batches, mask_scores
from qa.training.examples import Pair, epoch_pairs, load_training_data
from tests.support.squad_files import made

INPUTS = WindowTokenizer(MINILM.path())
TOKENS = 256


@pytest.fixture(scope="module", autouse=True)
def small():
    """Keep batches to a few rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batching, "BATCH_TOKENS", TOKENS)
        yield


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    data = made(tmp_path_factory.mktemp("batches") / "data", 60)
    training_data = load_training_data(data, data.parent / "kept")
    return epoch_pairs(training_data, training_data.split(held_out=False), 1)


def test_batch_moves_to_device_whole(pairs):
    batch = make_batches(pairs, INPUTS, 0)[0]
    there = batch.to(torch.device("meta"))
    assert all(getattr(there, field.name).is_meta for field in fields(there))
    assert [getattr(there, field.name).shape for field in fields(there)] == [
        getattr(batch, field.name).shape for field in fields(batch)
    ]


def test_batch_answers_are_the_answer_tokens(pairs):
    asked = {tuple(tokens(pair.question)): pair for pair in pairs}
    assert len(asked) == len({pair.question for pair in pairs})
    answered = 0
    for batch in make_batches(pairs, INPUTS, 0):
        n, t = batch.ids.shape
        assert t in PADDED_LENGTHS
        assert n == TOKENS // t
        for ids, types, mask, answer, allowed in zip(
            batch.ids, batch.token_type_ids, batch.attention_mask, batch.answers, batch.allowed, strict=True
        ):
            first, size = int(types.argmax()), int(mask.sum())
            pair = asked[tuple(ids[1 : first - 1].tolist())]
            assert not ids[size:].any()
            assert mask[:size].all()
            assert types.sum() == size - first
            assert allowed.nonzero().flatten().tolist() == [0, *range(first, size - 1)]
            start, end = answer.tolist()
            if pair.answer is None:
                assert (start, end) == (0, 0)
            else:
                answered += 1
                assert first <= start <= end < size - 1
                assert ids[start : end + 1].tolist() == tokens(pair.text[slice(*pair.answer)])
    assert answered > 10


def tokens(text):
    (window,) = INPUTS.windows("", text, 100_000)
    return window.ids[window.passage_start : -1]


def test_pairs_that_do_not_fit_are_dropped():
    late = "clocks " * 200 + "Anna"
    pairs = [Pair("Who?", late, (len(late) - 4, len(late))), Pair("Who?", "\u200b", None)]
    assert make_batches(pairs * 20, INPUTS, 0) == []
    (batch, *_) = make_batches([Pair("Who?", late, None)] * 20, INPUTS, 0)
    assert batch.ids.shape[1] == PADDED_LENGTHS[-1]


def test_seed_decides_batch_order(pairs):
    def shown(seed):
        return [batch.ids.tolist() for batch in make_batches(pairs, INPUTS, seed)]

    assert shown(1) == shown(1) != shown(2)
    assert sorted(shown(1)) == sorted(shown(2))


@given(st.integers(0, 10_000), st.integers(1, 20), st.integers(1, 40), st.integers(1, 35), st.booleans())
def test_best_span_matches_exhaustive_search(seed, first, size, longest, masked):
    scores = torch.randn(first + size, 2, generator=torch.Generator().manual_seed(seed)) * 5
    if masked:
        scores[-(size // 2) or len(scores) :] += MASKED_LOGIT  # like padding
    start, end, margin = best_span(scores, first, longest)
    spans = {
        (a, b): float(scores[a, 0] + scores[b, 1])
        for a in range(first, first + size)
        for b in range(a, min(a + longest, first + size))
    }
    assert spans[start, end] == pytest.approx(max(spans.values()))
    assert margin == pytest.approx(max(spans.values()) - float(scores[0].sum()), abs=1e-3)


def test_scores_are_masked_outside_the_passage(pairs):
    batch = make_batches(pairs, INPUTS, 0)[0]
    scores = mask_scores(torch.zeros(*batch.ids.shape, 2, dtype=torch.bfloat16), batch)
    assert scores.dtype == torch.float32
    assert torch.equal(scores[:, :, 0] == 0, batch.allowed)
    assert (scores[~batch.allowed] == MASKED_LOGIT).all()


def test_evaluation_of_a_perfect_network_is_perfect(pairs):
    def knows(batch):
        scores = torch.zeros(*batch.ids.shape, 2)
        asked = {tuple(tokens(pair.question)): pair for pair in pairs}
        for row, (ids, types) in enumerate(zip(batch.ids, batch.token_type_ids, strict=True)):
            first = int(types.argmax())
            pair = asked[tuple(ids[1 : first - 1].tolist())]
            window = next(INPUTS.windows(pair.question, pair.text, PADDED_LENGTHS[-1]))
            if pair.answer is None:
                scores[row, 0] = 5
                continue
            start, end = pair.answer
            inside = [n for n, (a, b) in enumerate(window.offsets) if a < end and start < b]
            scores[row, first + inside[0], 0] = scores[row, first + inside[-1], 1] = 5
        return mask_scores(scores, batch)

    assert evaluate(knows, INPUTS, pairs[:40]) == {"HasAns_f1": 1.0, "auroc": 1.0}
    blind = evaluate(lambda batch: mask_scores(torch.zeros(*batch.ids.shape, 2), batch), INPUTS, pairs[:40])
    assert blind["HasAns_f1"] < 0.5
    assert blind["auroc"] == 0.5
