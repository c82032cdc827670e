"""Compare the reader's network with the BERT of transformers under the same weights."""

import pytest
import torch
from safetensors.torch import save_file
from transformers import AutoModel

from embeddings.models import MINILM
from qa.errors import ReaderError
from qa.reader.network import (
    SMALL,
    Embeddings,
    FullNetwork,
    Network,
    embedding_tables,
    layers_from_encoder,
    load,
    load_encoder_weights,
    torch_device,
)

ENCODER = load_encoder_weights(MINILM.path())


@pytest.fixture(scope="module")
def bert():
    return AutoModel.from_pretrained(MINILM.path()).eval()


@pytest.fixture
def network():
    """Build the network from the encoder's weights, with a head that outputs two of the hidden numbers."""
    network = Network()
    network.load_state_dict(layers_from_encoder(ENCODER), strict=False)
    torch.nn.init.eye_(network.head.weight)
    torch.nn.init.zeros_(network.head.bias)
    return network.eval()


def rows(lengths, with_types, seed=0):
    """Make random ids, an attention mask and token type ids."""
    random = torch.Generator().manual_seed(seed)
    ids = torch.randint(1000, 30_000, (len(lengths), max(lengths)), generator=random)
    tokens = (torch.arange(max(lengths))[None, :] < torch.tensor(lengths)[:, None]).long()
    types = torch.randint(0, 2, ids.shape, generator=random) if with_types else torch.zeros_like(ids)
    return ids * tokens, tokens, types


@pytest.mark.parametrize("with_types", [False, True])
def test_layers_match_bert(bert, network, with_types):
    ids, tokens, types = rows([20, 7, 33], with_types)
    network.head = torch.nn.Identity()
    with torch.inference_mode():
        wanted = bert(input_ids=ids, attention_mask=tokens, token_type_ids=types).last_hidden_state
        found = FullNetwork(Embeddings(embedding_tables(ENCODER), SMALL.epsilon), network)(ids, tokens, types)
    assert found.shape == (3, 33, SMALL.hidden_size)
    assert torch.allclose(found[tokens.bool()], wanted[tokens.bool()], atol=1e-4)


def test_all_layer_weights_come_from_encoder(network):
    assert set(dict(network.named_parameters())) - set(layers_from_encoder(ENCODER)) == {"head.weight", "head.bias"}


def test_padding_changes_nothing(network):
    whole = FullNetwork(Embeddings(embedding_tables(ENCODER), SMALL.epsilon), network)
    ids, tokens, types = rows([12, 40], with_types=True)
    with torch.inference_mode():
        together = whole(ids, tokens, types)[0, :12]
        alone = whole(ids[:1, :12], tokens[:1, :12], types[:1, :12])[0]
        other = ids.clone()
        other[0, 12:] = 7
        assert torch.allclose(whole(other, tokens, types)[0, :12], together, atol=1e-5)
    assert torch.allclose(alone, together, atol=1e-5)


def test_half_precision_weights_load_as_float32(network, tmp_path):
    kept = {name: value.half() for name, value in network.state_dict().items()}
    save_file(kept, tmp_path / "reader.safetensors")
    loaded = load(tmp_path / "reader.safetensors", MINILM.path())
    found = loaded.network.state_dict()
    assert set(found) == set(kept)
    assert all(found[name].dtype == torch.float32 and torch.equal(found[name].half(), kept[name]) for name in kept)
    ids, tokens, types = rows([9], with_types=True)
    with torch.inference_mode():
        wanted = FullNetwork(Embeddings(embedding_tables(ENCODER), SMALL.epsilon), network)(ids, tokens, types)
        assert torch.allclose(loaded(ids, tokens, types), wanted, atol=0.02)


def test_torch_device_names():
    assert torch_device("cpu") == torch.device("cpu")
    with pytest.raises(ReaderError, match=r"this machine has no device 'abacus' .*; type --device cpu"):
        torch_device("abacus")
