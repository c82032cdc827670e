"""Check that every plugin implements its protocol."""

import pytest

from embeddings import Encoder, VectorStore, encoders, load_store, stores
from embeddings.plugins import names
from tests.support.encoders import encoder_named


@pytest.mark.parametrize("name", names(encoders))
def test_encoders_implement_the_protocol(name):
    assert isinstance(encoder_named(name), Encoder)


@pytest.mark.parametrize("name", names(stores))
def test_stores_implement_the_protocol(name):
    assert isinstance(load_store(name), VectorStore)
