"""Fixtures that keep the training tests cheap: a shallow reader network and a tiny teacher model."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertModel

from embeddings.models import MINILM
from qa.reader import network
from qa.training.teacher import FROZEN_LAYERS


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Compute in one thread: with tensors this small a second one mostly waits, above all on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def shallow():
    """Give the reader's network two layers instead of six: steps and checkpoints cost a third."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "SMALL", replace(network.SMALL, layers=2))
        yield


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a random BERT, 32 numbers wide, that has the reader's tokens and one layer more than are frozen."""
    folder = tmp_path_factory.mktemp("tiny-model")
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=30_522,
        hidden_size=32,
        num_hidden_layers=FROZEN_LAYERS + 1,
        num_attention_heads=2,
        intermediate_size=64,
    )
    BertModel(config).save_pretrained(folder)
    shutil.copy(MINILM.path() / "tokenizer.json", folder)
    return folder
