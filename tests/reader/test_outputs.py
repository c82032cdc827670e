"""The large network's outputs are as many as its head has."""

from qa.reader.network import LARGE
from qa.reader.outputs import Output


def test_head_has_a_place_for_each_output():
    assert sorted(Output) == list(range(LARGE.outputs))
    assert [Output.SUPPORTED, Output.CONTRADICTED, Output.NEITHER] == list(range(Output.SUPPORTED, Output.NEITHER + 1))
