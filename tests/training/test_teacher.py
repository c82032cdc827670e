"""Train, stop, resume and load the teacher; map the reader's tokens to its ids."""

import json
import sys

import pytest
import torch
from safetensors.torch import save_file

from embeddings.models import MINILM
from qa.errors import ReaderError
from qa.reader.network import MASKED_LOGIT
from qa.reader.tokenization import WindowTokenizer
from qa.training import batches as batching
from qa.training import teacher as teaching
from qa.training.batches import make_batches
from qa.training.examples import epoch_pairs, load_training_data
from qa.training.large.mpnet import token_ids
from qa.training.teacher import FROZEN_LAYERS, Teacher, train_teacher
from tests.support.squad_files import made

INPUTS = WindowTokenizer(MINILM.path())


@pytest.fixture(scope="module", autouse=True)
def small():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batching, "BATCH_TOKENS", 256)
        yield


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return made(tmp_path_factory.mktemp("teacher") / "data", 60)


@pytest.fixture(scope="module")
def some(data):
    training_data = load_training_data(data, data.parent / "kept")
    return make_batches(epoch_pairs(training_data, training_data.split(held_out=False), 1), INPUTS, 1)


def tokenizer(folder, change):
    """Write the reader's tokenizer with a changed vocabulary to `folder`."""
    given = json.loads((MINILM.path() / "tokenizer.json").read_text("utf-8"))
    given["model"]["vocab"] = change(given["model"]["vocab"])
    given["added_tokens"] = []
    (folder / "tokenizer.json").write_text(json.dumps(given), "utf-8")
    return folder


def test_reader_tokens_map_to_model_ids(tmp_path):
    ours = json.loads((MINILM.path() / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    moved = {"<s>": 0, "<pad>": 1, "</s>": 2, "<mask>": 3}
    table = token_ids(tokenizer(tmp_path, lambda vocab: moved | {t: i + 4 for t, i in vocab.items()}))
    assert [int(table[ours[token]]) for token in ("[CLS]", "[PAD]", "[SEP]", "[MASK]")] == [0, 1, 2, 3]
    assert table[ours["clock"]] == ours["clock"] + 4
    assert len(set(table.tolist())) == len(ours)


def test_model_without_a_token_is_refused(tmp_path):
    folder = tokenizer(tmp_path, lambda vocab: {token: i for token, i in vocab.items() if token != "clock"})
    with pytest.raises(ReaderError, match="lacks 1 of the reader's tokens, like 'clock'"):
        token_ids(folder)


def test_training_leaves_frozen_layers_unchanged(some, tmp_path, tiny_model, monkeypatch, capsys):
    torch.manual_seed(0)
    monkeypatch.setattr(teaching, "LEARNING_RATE", 1e-2)
    monkeypatch.setattr(teaching, "WARMUP_STEPS", 2)
    teacher = Teacher(tiny_model)
    before = {name: value.clone() for name, value in teacher.state_dict().items()}
    first = torch.nn.functional.cross_entropy(teacher.soft_targets(some[0]), some[0].answers)
    train_teacher(teacher, [some[0]] * 20, tmp_path / "checkpoint")
    assert torch.nn.functional.cross_entropy(teacher.soft_targets(some[0]), some[0].answers) < first / 2
    assert "step 20/20 loss" in capsys.readouterr().out
    changed = {name for name, value in teacher.state_dict().items() if not torch.equal(value, before[name])}
    assert {"head.weight", "body.encoder.layer.4.output.dense.weight"} <= changed
    assert not [name for name in changed if "embeddings" in name or f"layer.{FROZEN_LAYERS - 1}." in name]


def test_stopped_training_resumes_from_checkpoint(some, tmp_path, monkeypatch, tiny_model):
    monkeypatch.setattr(teaching, "CHECKPOINT_EVERY_STEPS", 2)
    made, taken = some[:5], []

    def taught(checkpoint):
        torch.manual_seed(0)
        teacher = Teacher(tiny_model)
        train_teacher(teacher, made, checkpoint)
        return teacher.state_dict()

    unstopped = taught(tmp_path / "unstopped")
    scores = Teacher.scores

    def stopping(teacher, batch):
        taken.append(batch)
        if len(taken) == 4:  # one step after the checkpoint, so it is lost
            raise KeyboardInterrupt
        return scores(teacher, batch)

    monkeypatch.setattr(Teacher, "scores", stopping)
    with pytest.raises(KeyboardInterrupt):
        taught(tmp_path / "stopped")
    resumed = taught(tmp_path / "stopped")
    assert [batch is made[place] for batch, place in zip(taken, (0, 1, 2, 3, 2, 3, 4), strict=True)] == [True] * 7
    assert all(torch.equal(resumed[name], value) for name, value in unstopped.items())


def test_loaded_teacher_scores_alike_despite_padding(some, tmp_path, tiny_model):
    teacher = Teacher(tiny_model)
    save_file(teacher.state_dict(), tmp_path / "teacher.safetensors")
    loaded = Teacher.load(tiny_model, tmp_path / "teacher.safetensors")
    batch = some[0]
    scores = loaded.soft_targets(batch)
    assert scores.shape == (*batch.ids.shape, 2)
    assert torch.equal(scores, teacher.eval().soft_targets(batch))
    assert (scores[~batch.allowed] < MASKED_LOGIT / 2).all()
    size = int(batch.attention_mask[0].sum())
    with torch.inference_mode():
        alone = loaded(batch.ids[:1, :size], batch.attention_mask[:1, :size])[0]
    assert torch.allclose(alone.float()[batch.allowed[0, :size]], scores[0][batch.allowed[0]], atol=0.1)


def test_teacher_sees_the_mapped_token_ids(some, tiny_model):
    teacher = Teacher(tiny_model).eval()
    batch = some[0]
    with torch.inference_mode():
        wanted = teacher((batch.ids + 1) * batch.attention_mask, batch.attention_mask)
        teacher.ids = teacher.ids.roll(-1)  # each token gets its neighbour's id
        found = teacher(batch.ids, batch.attention_mask)
    assert torch.equal(found[batch.attention_mask.bool()], wanted[batch.attention_mask.bool()])


def test_weights_of_another_network_are_refused(tmp_path, tiny_model):
    save_file({"head.weight": torch.zeros(2, 7)}, tmp_path / "other.safetensors")
    with pytest.raises(ReaderError, match="holds no teacher made from"):
        Teacher.load(tiny_model, tmp_path / "other.safetensors")


def test_command_writes_loadable_weights(data, tmp_path, monkeypatch, capsys, tiny_model):
    monkeypatch.setattr(teaching, "MAX_STEPS", 2)
    monkeypatch.setattr(teaching, "EVALUATED_PAIRS", 4)
    out = tmp_path / "teacher.safetensors"
    monkeypatch.setattr(sys, "argv", ["teacher", str(data), "--model", str(tiny_model), "--out", str(out)])
    teaching.main()
    assert "auroc" in capsys.readouterr().out
    Teacher.load(tiny_model, out)
    monkeypatch.setattr(sys, "argv", ["teacher", str(data), "--model", str(tmp_path / "absent"), "--out", str(out)])
    with pytest.raises(SystemExit) as ended:
        teaching.main()
    assert ended.value.code == 1
