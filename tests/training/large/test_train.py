"""Train, stop and resume the large reader; its losses train only what is known."""

import sys
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from embeddings.models import MINILM
from qa.errors import ReaderError
from qa.reader.outputs import Output
from qa.reader.tokenization import WindowTokenizer
from qa.training.large import batches as batching
from qa.training.large import train as training
from qa.training.large.batches import item, pad
from qa.training.large.examples import Example, Stance
from qa.training.large.mpnet import load_mpnet
from qa.training.large.train import Recipe, Trainer, evidence_scores, joint_loss, train
from tests.training.large.conftest import SIZE

TOKENIZER = WindowTokenizer(MINILM.path())
TEXT = "Anna lives in Oslo. She mends clocks."
SENTENCES = ((0, 19), (20, 37))
EXAMPLES = [
    Example("What does she mend?", TEXT, SENTENCES, frozenset([1]), answer=(30, 36)),
    Example("Who sails?", TEXT, SENTENCES, frozenset(), unanswerable=True),
    Example("Anna mends clocks.", TEXT, SENTENCES, None, stance=Stance.SUPPORTED),
]
RECIPE = Recipe(epochs=1, learning_rate=3e-3, warmup_steps=2, frozen_layers=1)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(batching, "BATCH_TOKENS", 512)
    monkeypatch.setattr(training, "HELD_OUT_BATCHES", 1)


def batch_of(*examples):
    return pad([item(example, TOKENIZER) for example in examples], 48)


def test_all_three_losses_fall(tiny_mpnet):
    trainer = Trainer(RECIPE, load_mpnet(tiny_mpnet, SIZE), 60, size=SIZE)
    losses = [trainer.train_step(batch_of(*EXAMPLES)) for _ in range(60)]
    assert losses[-1] < losses[0] / 3


def test_frozen_layers_and_embeddings_stay(tiny_mpnet):
    tables, layers = load_mpnet(tiny_mpnet, SIZE)
    trainer = Trainer(RECIPE, (tables, layers), 5, size=SIZE)
    for _ in range(3):
        trainer.train_step(batch_of(*EXAMPLES))
    result = trainer.result()
    same = {name for name, value in layers.items() if torch.equal(result[name], value)}
    assert {name for name in layers if name.startswith("layers.0.")} <= same
    assert not [name for name in same if name.startswith("layers.1.")]
    assert all(torch.equal(result[f"embeddings.{name}"], value) for name, value in tables.items())


def test_evidence_score_is_the_mean_over_the_sentence():
    batch = batch_of(EXAMPLES[0])
    found = torch.zeros(1, 48, SIZE.outputs)
    found[0, :, Output.EVIDENCE] = torch.arange(48.0)
    found[0, 0, Output.NO_EVIDENCE] = 7
    scores = evidence_scores(found, batch)
    places = [torch.nonzero(batch.sentences[0] == number).flatten().float() for number in (1, 2)]
    assert scores[0].tolist() == pytest.approx([7, float(places[0].mean()), float(places[1].mean())])


def test_unknown_targets_change_no_loss():
    found = torch.randn(2, 48, SIZE.outputs, generator=torch.Generator().manual_seed(1))
    alone = joint_loss(found[:1], batch_of(EXAMPLES[0]), 0.5)
    nothing = replace(EXAMPLES[0], evidence=None, answer=None)
    assert torch.allclose(joint_loss(found, batch_of(EXAMPLES[0], nothing), 0.5), alone)


def test_resumed_run_ends_like_an_unstopped_one(data, tiny_mpnet, tmp_path, monkeypatch):
    recipe = replace(RECIPE, epochs=1.2)
    whole = train(data, tiny_mpnet, tmp_path / "whole", recipe, size=SIZE, evaluate_every=2)
    steps = []
    step = Trainer.train_step

    def stopping(trainer, batch):
        steps.append(trainer.updates.step)
        if len(steps) == 4:  # one step after a checkpoint, so it is lost
            raise KeyboardInterrupt
        return step(trainer, batch)

    monkeypatch.setattr(Trainer, "train_step", stopping)
    with pytest.raises(KeyboardInterrupt):
        train(data, tiny_mpnet, tmp_path / "stopped", recipe, size=SIZE, evaluate_every=2)
    resumed = train(data, tiny_mpnet, tmp_path / "stopped", recipe, size=SIZE, evaluate_every=2)
    assert steps[:6] == [0, 1, 2, 3, 2, 3]
    assert all(torch.equal(resumed[name], value) for name, value in whole.items())
    log = (tmp_path / "whole/log.txt").read_text("utf-8")
    assert "auroc" in log
    assert "examples an epoch" in log


def test_command_writes_the_weights(data, tiny_mpnet, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(training, "LARGE", SIZE)
    line = ["train", str(data), "--model", str(tiny_mpnet), "--out", str(tmp_path), "--epochs", "0.2"]
    monkeypatch.setattr(sys, "argv", line)
    training.main()
    assert {"embeddings.word", "layers.1.up.weight", "head.bias"} <= set(load_file(tmp_path / "large.safetensors"))
    monkeypatch.setattr(sys, "argv", [*line[:3], str(tmp_path / "absent"), *line[4:]])
    with pytest.raises(SystemExit) as ended:
        training.main()
    assert ended.value.code == 1
    assert "holds no MPNet model" in capsys.readouterr().err


def test_too_few_questions_are_an_error(tiny_mpnet, tmp_path):
    (tmp_path / "data").mkdir()
    with pytest.raises(ReaderError, match="too few for one batch"):
        train(tmp_path / "data", tiny_mpnet, tmp_path / "out", RECIPE, size=SIZE)
