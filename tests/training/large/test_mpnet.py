"""Compare the large network with the MPNet of transformers under the same weights."""

import json

import pytest
import torch
from transformers import AutoModel

from embeddings.models import MINILM
from qa.errors import ReaderError
from qa.reader.network import Embeddings, FullNetwork, Network
from qa.training.large.mpnet import load_mpnet, token_ids
from tests.training.large.conftest import SIZE


def test_untrained_network_equals_mpnet(tiny_mpnet):
    tables, layers = load_mpnet(tiny_mpnet, SIZE)
    network = Network(SIZE)
    missing = network.load_state_dict(layers, strict=False)
    assert (missing.missing_keys, missing.unexpected_keys) == (["head.weight", "head.bias"], [])
    network.head = torch.nn.Identity()
    ours = FullNetwork(Embeddings(tables, SIZE.epsilon), network).eval()
    theirs = AutoModel.from_pretrained(tiny_mpnet).eval()
    ids = torch.randint(1000, 30_000, (3, 200), generator=torch.Generator().manual_seed(1))
    mask = (torch.arange(200)[None, :] < torch.tensor([200, 31, 150])[:, None]).long()
    ids[:, 0] = 101
    with torch.inference_mode():
        found = ours(ids * mask, mask, torch.zeros_like(ids))
        table = token_ids(tiny_mpnet)
        wanted = theirs(input_ids=torch.where(mask.bool(), table[ids], 1), attention_mask=mask).last_hidden_state
    assert torch.allclose(found[mask.bool()], wanted[mask.bool()], atol=1e-3)


def test_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(ReaderError, match=r"holds no MPNet model .* give the folder of all-mpnet-base-v2"):
        load_mpnet(tmp_path, SIZE)


def test_another_architecture_is_refused():
    with pytest.raises(ReaderError, match="holds no MPNet model"):
        load_mpnet(MINILM.path(), SIZE)


def test_model_without_a_token_is_refused(tiny_mpnet, tmp_path):
    given = json.loads((tiny_mpnet / "tokenizer.json").read_text("utf-8"))
    del given["model"]["vocab"]["clock"]
    (tmp_path / "tokenizer.json").write_text(json.dumps(given), "utf-8")
    (tmp_path / "model.safetensors").symlink_to(tiny_mpnet / "model.safetensors")
    with pytest.raises(ReaderError, match="lacks 1 of the reader's tokens, like 'clock'"):
        load_mpnet(tmp_path, SIZE)
