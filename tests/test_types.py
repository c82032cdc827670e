"""The package's value types are immutable and convert to JSON."""

import json
from dataclasses import FrozenInstanceError, fields

import pytest

from qa.types import Answer, Citation, Document, Hit, Passage

PASSAGE = Passage("d", 0, 5, "Anna.", ((0, 5),))
HIT = Hit(PASSAGE, 0.5, 0.25, 1.5, 1, None, (PASSAGE,))
CITATION = Citation(1, "d", "D", "d.txt", None, None, 0, 5, "Anna.")
ANSWER = Answer("q", "q", "Anna. [1]", None, (CITATION,), (HIT,), 0.9, False, "f")
DOCUMENT = Document("d", "D", "Anna.", "d.txt", "2022-01-14", "text/plain", "0" * 64)
EVERY = [PASSAGE, HIT, CITATION, ANSWER, DOCUMENT]


@pytest.mark.parametrize("value", EVERY, ids=lambda value: type(value).__name__)
def test_values_are_immutable(value):
    with pytest.raises(FrozenInstanceError):
        setattr(value, fields(value)[0].name, "other")
    assert not hasattr(value, "__dict__")


@pytest.mark.parametrize("value", EVERY, ids=lambda value: type(value).__name__)
def test_to_dict_has_every_field_and_is_json(value):
    made = value.to_dict()
    assert list(made) == [field.name for field in fields(value)]
    assert json.loads(json.dumps(made))


def test_nested_values_become_dicts():
    made = json.loads(json.dumps(ANSWER.to_dict()))
    assert made["citations"] == [{**CITATION.to_dict(), "copies": []}]
    assert made["passages"][0]["passage"]["sentences"] == [[0, 5]]
    assert made["passages"][0]["duplicates"][0]["text"] == "Anna."


def test_values_with_equal_fields_are_equal():
    assert Passage("d", 0, 5, "Anna.", ((0, 5),)) == PASSAGE
