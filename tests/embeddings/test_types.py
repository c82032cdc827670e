"""The two protocols: every plugin has their members."""

import pytest

from embeddings import Encoder, VectorStore, encoders, load_store, stores
from embeddings.plugins import names
from tests.support.encoders import encoder_named


@pytest.mark.parametrize("name", names(encoders))
def test_encoders_have_the_protocol(name):
    assert isinstance(encoder_named(name), Encoder)


@pytest.mark.parametrize("name", names(stores))
def test_stores_have_the_protocol(name):
    assert isinstance(load_store(name), VectorStore)
